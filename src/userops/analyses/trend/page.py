"""How the workbench shows a trend."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from userops.analyses.page import Cells, Marks, Page, Selection
from userops.analyses.table import Table
from userops.analyses.trend.document import Trend
from userops.analyses.trend.labels import entry_words
from userops.analyses.trend.measures import MEASURE


def _measure_takes_property(row: Mapping[str, Any]) -> bool:
    measure = MEASURE.get(str(row.get("measure") or "total"))
    return measure is None or measure.needs_property


def _cells(document: Trend, result: dict[str, Any], table: Table) -> Cells:
    lines: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for entry in result["series"]:
        lines.setdefault(tuple(entry["breakdown"].values()), []).append(entry)
    found: Cells = []
    for entries in lines.values():
        width = len(entries[0]["breakdown"])
        for place in range(len(entries[0]["points"])):
            line: list[Selection | None] = [None] * (width + 1)
            for entry in entries:
                line.append(_of_entry(entry, entry["points"], place))
                if "comparison" in entry:
                    then = _of_entry(entry, entry["comparison"]["points"], place)
                    line.append({**then, "comparison": True} if then else None)
            found.append([*line, None])
    return found


def _of_entry(entry: dict[str, Any], points: list[Any], place: int) -> Selection | None:
    """A point of a series; a formula has no people."""
    if "formula" in entry or place >= len(points):
        return None
    selection = {"series": entry["index"], "start": points[place][0]}
    return {**selection, "breakdown": entry["breakdown"]} if entry["breakdown"] else selection


def _marks(document: Trend, result: dict[str, Any], language: str) -> Marks:
    return {
        entry_words(document, entry).text(language): [
            _of_entry(entry, entry["points"], place) for place in range(len(entry["points"]))
        ]
        for entry in result["series"]
    }


PAGE = Page(
    icon="chart-line",
    front=("range", "unit", "compare", "series", "formulas", "breakdown", "filters"),
    starts={"series": [{"event": "*", "measure": "users"}]},
    shown_when={("Series", "property"): _measure_takes_property},
    cells=_cells,
    marks=_marks,
)
