"""Which fields of a document stand in front, which are folded away, and when a field is shown.

A field that is not named here is shown under “more options”: a new option of an analysis needs
nothing in this file to be usable.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from userops.analyses.trend.measures import MEASURE
from userops.insights.builder.parameters import Tree

USUAL_NUMBER = "amount"
"""What a measure of a property begins with: the standard property that is a number."""

SKIPPED = frozenset({"kind", "version", "product"})


@dataclass(frozen=True, slots=True)
class Layout:
    """`starts`: the parts that a new question begins with."""

    main: tuple[str, ...]
    starts: Mapping[str, Any]


LAYOUTS: dict[str, Layout] = {
    "trend": Layout(
        ("range", "unit", "compare", "series", "formulas", "breakdown", "filters"),
        {"series": [{"event": "*", "measure": "users"}]},
    ),
    "funnel": Layout(
        ("range", "steps", "window", "breakdown", "filters"),
        {"steps": [{"event": ""}, {"event": ""}]},
    ),
    "retention": Layout(
        ("range", "unit", "start", "return", "periods", "breakdown", "filters"),
        {"start": {"event": "*"}, "return": {"event": "*"}, "entry": "first_ever"},
    ),
    "lifecycle": Layout(("range", "unit", "event", "filters"), {"event": "*"}),
}
DEFAULT = Layout(("range", "unit", "event", "breakdown", "filters"), {})


def layout_of(kind: str) -> Layout:
    return LAYOUTS.get(kind, DEFAULT)


def _measure_takes_property(row: Mapping[str, Tree]) -> bool:
    measure = MEASURE.get(str(row.get("measure") or "total"))
    return measure is None or measure.needs_property


SHOWN_WHEN: dict[tuple[str, str], Callable[[Mapping[str, Tree]], bool]] = {
    ("Series", "property"): _measure_takes_property,
}
"""By class and field: whether a field is asked for, given its neighbours."""


def tidied(tree: dict[str, Tree], today: date) -> dict[str, Tree]:
    """Drops what a changed neighbour made meaningless, such as the property of a count, and begins
    a range of chosen days with the last thirty."""
    range_ = tree.get("range")
    if isinstance(range_, dict) and range_.get("when") == "custom":
        range_["from"] = range_.get("from") or (today - timedelta(days=30)).isoformat()
        range_["to"] = range_.get("to") or (today - timedelta(days=1)).isoformat()
    rows = tree.get("series")
    for row in rows if isinstance(rows, list) else []:
        if not isinstance(row, dict):
            continue
        if not _measure_takes_property(row):
            row.pop("property", None)
        elif not row.get("property") and str(row.get("measure")) in MEASURE:
            row["property"] = USUAL_NUMBER
    return tree
