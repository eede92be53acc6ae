"""Which selection asks for the people behind a cell of a table, or behind a mark of a chart.

Each analysis says in its `people` what a selection is; here a result's cells are given theirs.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from userops.analyses.analysis import Table
from userops.analyses.answering import Answer
from userops.analyses.funnel.chart import CONVERTED, LOST
from userops.analyses.funnel.table import shown
from userops.analyses.lifecycle.states import BY_NAME as STATES
from userops.analyses.trend.labels import entry_words

Selection = dict[str, Any]
Cells = list[list[Selection | None]]
Marks = dict[str, list[Selection | None]]


@dataclass(frozen=True, slots=True)
class Behind:
    """`cells(answer, table)`: one selection for each cell, or None where nobody stands behind it.
    `marks(answer, language)`: by the name of a chart's series, one for each of its points."""

    cells: Callable[[Answer, Table], Cells]
    marks: Callable[[Answer, str], Marks]


def asked(selection: Selection | None) -> str:
    """A selection as a parameter of an address; empty for none."""
    return json.dumps(selection, separators=(",", ":")) if selection else ""


def cells(answer: Answer, table: Table) -> Cells:
    """The selections of a table; none for a kind that is not known here, nor for empty cells."""
    behind = BEHIND.get(answer.analysis.kind)
    if behind is None:
        return [[None] * len(row) for row in table.rows]
    found = behind.cells(answer, table)
    return [
        [each if value else None for each, value in zip(line, row, strict=True)]
        for line, row in zip(found, table.rows, strict=True)
    ]


def marks(answer: Answer, language: str) -> Marks:
    behind = BEHIND.get(answer.analysis.kind)
    return behind.marks(answer, language) if behind else {}


def _trend_cells(answer: Answer, table: Table) -> Cells:
    lines: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for entry in answer.result["series"]:
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


def _trend_marks(answer: Answer, language: str) -> Marks:
    return {
        entry_words(answer.document, entry).text(language): [  # type: ignore[arg-type]
            _of_entry(entry, entry["points"], place) for place in range(len(entry["points"]))
        ]
        for entry in answer.result["series"]
    }


def _funnel_cells(answer: Answer, table: Table) -> Cells:
    names = [column.name for column in table.columns]
    steps = len(answer.result["steps"])
    if "step" not in names:
        return [
            [_start_cell(name, point["start"]) for name in names]
            for point in answer.result["trend"]
        ]
    parts = [None, *(part["breakdown"] for part in answer.result.get("breakdown", ()))]
    return [
        [_step_cell(name, step + 1, part) for name in names]
        for part in parts
        for step in range(steps)
    ]


def _start_cell(column: str, start: str) -> Selection | None:
    name, _, step = column.partition("_")
    return {"step": int(step), "start": start} if name == "step" and step else None


def _step_cell(column: str, step: int, part: dict[str, str] | None) -> Selection | None:
    what = {"users": "converted", "dropped": "dropped"}.get(column)
    if what is None or (what == "dropped" and step == 1):
        return None
    selection: Selection = {"step": step, "what": what}
    return {**selection, "breakdown": part} if part else selection


def _funnel_marks(answer: Answer, language: str) -> Marks:
    steps = range(1, len(answer.result["steps"]) + 1)
    view = getattr(answer.document, "view", "steps")
    if view != "steps":
        return {}
    if answer.result.get("breakdown"):
        return {
            shown(part["breakdown"], language): [
                _step_cell("users", step, part["breakdown"]) for step in steps
            ]
            for part in answer.result["breakdown"]
        }
    return {
        CONVERTED.text(language): [_step_cell("users", step, None) for step in steps],
        LOST.text(language): [_step_cell("dropped", step, None) for step in steps],
    }


def _lifecycle_cells(answer: Answer, table: Table) -> Cells:
    return [
        [
            {"start": point["start"], "state": column.name} if column.name in STATES else None
            for column in table.columns
        ]
        for point in answer.result["points"]
    ]


def _lifecycle_marks(answer: Answer, language: str) -> Marks:
    return {
        state.words.text(language): [
            {"start": point["start"], "state": name} for point in answer.result["points"]
        ]
        for name, state in STATES.items()
    }


def _retention_cells(answer: Answer, table: Table) -> Cells:
    parts = [None, *(part["breakdown"] for part in answer.result["breakdown"])]
    starts = [cohort["start"] for cohort in answer.result["cohorts"]]
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


BEHIND: dict[str, Behind] = {
    "trend": Behind(_trend_cells, _trend_marks),
    "funnel": Behind(_funnel_cells, _funnel_marks),
    "retention": Behind(_retention_cells, lambda _answer, _language: {}),
    "lifecycle": Behind(_lifecycle_cells, _lifecycle_marks),
}
