"""An answer as the templates show it: chart, table, cohorts, and who is behind each number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl

from userops.analyses.answering import Answer
from userops.analyses.page import Cells
from userops.analyses.table import Column, Table
from userops.insights.builder import behind, cohorts, drawing
from userops.insights.builder.choices import Choices
from userops.words import Words

SHOWN_CELLS = 2_400
LEAST_ROWS = 20
"""A page stays light: a wide table shows fewer rows."""
CHART = "answer-chart"
EDGES = ":edge"
"""What stands behind the links between a series' nodes is kept apart from what stands behind the nodes."""
BY = "by_"
"""Columns of a breakdown; their cells are empty in the rows of the whole, which come first."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the result's table: `who` asks for the people behind it."""

    value: Any
    type: str
    who: str = ""


def shown_answer(
    found: Answer, choices: Choices, query: str, *, who_allowed: bool
) -> dict[str, Any]:
    """What the templates show. `query` is the canonical address of the question."""
    language, table = choices.language, found.table()
    rows = _rows(found, table, language, who_allowed)
    chart = drawing.option(found, language, choices.product)
    drawn = {series.get("name") for series in chart["series"]}
    marks = behind.marks(found, language) if who_allowed else {}
    return {
        "answer": found,
        "chart": chart,
        "chart_id": CHART,
        "facts": found.analysis.page.facts(found.document, found.result),
        "definition": found.definition,
        "notice": found.analysis.page.notice,
        "columns": [_labelled(column, choices) for column in table.columns],
        "rows": rows,
        "row_count": len(table.rows),
        "cut": len(table.rows) > len(rows),
        "marks": {name: each for name, each in marks.items() if name.removesuffix(EDGES) in drawn},
        "query": query,
        "pairs": parse_qsl(query, keep_blank_values=True),
        "nothing": not any(_figures(found.result)),
        "heat": cohorts.heat(found, who_allowed=who_allowed),
        "heat_map": cohorts.heat_map(found, who_allowed=who_allowed),
    }


def _figures(node: Any) -> Iterator[bool]:
    """Whether each number of a result is one that is not zero; settings beside them do not count."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key not in ("index", "columns", "from", "to", "truncated", "drawn"):
                yield from _figures(value)
    elif isinstance(node, list):
        for each in node:
            yield from _figures(each)
    elif isinstance(node, int | float) and not isinstance(node, bool):
        yield bool(node)


def _rows(found: Answer, table: Table, language: str, who_allowed: bool) -> list[list[Cell]]:
    nobody: Cells = [[None] * len(row) for row in table.rows]
    who = behind.cells(found, table) if who_allowed else nobody
    whole = found.analysis.page.whole(found.result)
    shown = max(LEAST_ROWS, SHOWN_CELLS // len(table.columns))
    return [
        [
            Cell(
                column.shown(value, language),
                _type(column, place < whole),
                behind.asked(selection),
            )
            for column, value, selection in zip(table.columns, row, line, strict=True)
        ]
        for place, (row, line) in enumerate(zip(table.rows[:shown], who[:shown], strict=True))
    ]


def _type(column: Column, of_the_whole: bool = False) -> str:
    if of_the_whole and column.name.startswith(BY):
        return "whole-row"
    return "mark" if column.name == "unfinished" else column.type


def _labelled(column: Column, choices: Choices) -> Column:
    """A column that is headed by a property's name, headed by its display name."""
    name = column.words.zh
    if column.name.startswith(BY):
        name = column.name.removeprefix(BY)
    elif column.words.en != name:
        return replace(column, type=_type(column))
    label = choices.property_label("event", name)
    return replace(column, words=Words(label, label), type=_type(column))
