"""When a field of a form is shown, and what a change of its neighbours makes meaningless."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from userops.analyses.page import Options
from userops.analyses.registry import ANALYSES
from userops.analyses.trend.measures import MEASURE
from userops.insights.builder.parameters import Tree

USUAL_NUMBER = "amount"
"""What a measure of a property begins with: the standard property that is a number."""

SKIPPED = frozenset({"kind", "version", "product", "until"})


SHOWN_WHEN: dict[tuple[str, str], Callable[[Mapping[str, Tree]], bool]] = {
    place: test for analysis in ANALYSES for place, test in analysis.page.shown_when.items()
}
"""By class and field: whether a field is asked for, given its neighbours."""
OPTIONS: dict[tuple[str, str], Options] = {
    place: offered for analysis in ANALYSES for place, offered in analysis.page.options.items()
}
"""By class and field: what is offered, given its neighbours."""
_TAKES_PROPERTY = SHOWN_WHEN["Series", "property"]


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
        if not _TAKES_PROPERTY(row):
            row.pop("property", None)
        elif not row.get("property") and str(row.get("measure")) in MEASURE:
            row["property"] = USUAL_NUMBER
    return tree
