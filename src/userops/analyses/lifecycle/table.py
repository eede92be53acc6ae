"""A lifecycle as rows: one per period."""

from __future__ import annotations

from datetime import date
from typing import Any

from userops.analyses.lifecycle.document import Lifecycle
from userops.analyses.lifecycle.states import ACTIVE, STATES
from userops.analyses.table import Column, Table
from userops.query.dates import UNIT_WORDS
from userops.words import Words


def table(document: Lifecycle, result: dict[str, Any]) -> Table:
    unit = UNIT_WORDS[document.unit]
    shown = (*STATES, ACTIVE)
    columns = (
        Column("start", Words(unit.zh, unit.en.capitalize()), "date"),
        *(Column(state.name, state.words, "whole") for state in shown),
        Column("unfinished", Words("未结束", "Unfinished"), "whole"),
    )
    rows = [
        (
            date.fromisoformat(point["start"]),
            *(point[state.name] for state in shown),
            int(point["unfinished"]),
        )
        for point in result["points"]
    ]
    return Table(columns, rows)
