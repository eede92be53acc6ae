"""How the workbench shows a lifecycle."""

from __future__ import annotations

from typing import Any

from userops.analyses.lifecycle.document import Lifecycle
from userops.analyses.lifecycle.states import BY_NAME as STATES
from userops.analyses.page import Cells, Marks, Page
from userops.analyses.table import Table


def _cells(document: Lifecycle, result: dict[str, Any], table: Table) -> Cells:
    return [
        [
            {"start": point["start"], "state": column.name} if column.name in STATES else None
            for column in table.columns
        ]
        for point in result["points"]
    ]


def _marks(document: Lifecycle, result: dict[str, Any], language: str) -> Marks:
    return {
        state.words.text(language): [
            {"start": point["start"], "state": name} for point in result["points"]
        ]
        for name, state in STATES.items()
    }


PAGE = Page(
    icon="heartbeat",
    front=("range", "unit", "event", "filters"),
    starts={"event": "*"},
    cells=_cells,
    marks=_marks,
)
