"""How the workbench shows a retention."""

from __future__ import annotations

from typing import Any

from userops.analyses.page import Cells, Page, Selection, Teaching
from userops.analyses.retention.document import RetentionDocument
from userops.analyses.table import Table
from userops.words import Words


def _cells(document: RetentionDocument, result: dict[str, Any], table: Table) -> Cells:
    parts = [None, *(part["breakdown"] for part in result["breakdown"])]
    starts = [cohort["start"] for cohort in result["cohorts"]]
    return [
        [_cohort_cell(column.name, start, part) for column in table.columns]
        for part in parts
        for start in [*starts, None]
    ]


def _cohort_cell(column: str, start: str | None, part: dict[str, str] | None) -> Selection | None:
    """The last row of each part is the average: of finished cells only, so it has no people."""
    name, _, period = column.partition("_")
    if start is None or (name != "retained" and column != "size"):
        return None
    selection: Selection = {"cohort": start, "period": int(period) if period else 0}
    return {**selection, "breakdown": part} if part else selection


PAGE = Page(
    icon="grid-dots",
    front=("range", "unit", "start", "return", "periods", "breakdown", "filters"),
    starts={"start": {"event": "*"}, "return": {"event": "*"}, "entry": "first_ever"},
    teaching=Teaching(
        Words("选择起始事件和返回事件", "Choose a start and a return event"),
        Words(
            "留存展示发生过起始事件的用户中，之后每一期有多少人回来并发生返回事件。",
            "Retention shows how many of those who did the start event come back to do the return event, "
            "period by period.",
        ),
    ),
    cells=_cells,
    shares=lambda _document, _result: True,
    whole=lambda result: len(result["cohorts"]) + 1,
)
