"""An answer as the templates show it: chart, table, cohorts, and who is behind each number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl

from userops.analyses.answering import Answer
from userops.analyses.page import Cells
from userops.analyses.registry import BY_KIND
from userops.analyses.table import Column, Table
from userops.insights.builder import behind, cohorts, drawing
from userops.insights.builder.choices import Choices
from userops.insights.builder.question import address_of
from userops.query.document import Document
from userops.words import Words

SHOWN_CELLS = 1_200
LEAST_ROWS = 6
"""A page stays light: a wide table shows fewer rows."""
CHART = "answer-chart"
EDGES = ":edge"
"""What stands behind the links between a series' nodes is kept apart from what stands behind the nodes."""
TRAITS = "traits"
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
    language, table = choices.language, readable(found, choices)
    page = found.analysis.page
    rows = _rows(found, table, language, who_allowed)
    chart = drawing.option(found, language, choices.product)
    drawn = {series.get("name") for series in chart["series"]}
    marks = behind.marks(found, language) if who_allowed else {}
    return {
        "answer": found,
        "chart": chart,
        "chart_id": CHART,
        "facts": page.facts(found.document, found.result),
        "notes": page.notes(found.document, found.result, choices.property_label),
        "explain": explain_address(found.document),
        "definition": found.definition,
        "notice": found.analysis.page.notice,
        "columns": [_labelled(column, choices) for column in table.columns],
        "rows": rows,
        "row_count": len(table.rows),
        "cut": len(table.rows) > len(rows),
        "marks": {
            name: [behind.asked(one) for one in each]
            for name, each in marks.items()
            if name.removesuffix(EDGES) in drawn
        },
        "query": query,
        "pairs": parse_qsl(query, keep_blank_values=True),
        "nothing": not any(_figures(found.result)),
        "heat": cohorts.heat(found, choices.product, who_allowed=who_allowed),
        "heat_map": cohorts.heat_map(found, choices.product, who_allowed=who_allowed),
    }


def readable(found: Answer, choices: Choices) -> Table:
    """The table with properties, written as `event:city`, by their display names."""
    table = found.table()
    named = [column.type == "property" for column in table.columns]
    rows = [
        tuple(
            choices.property_label(*str(cell).split(":", 1)) if name and cell else cell
            for name, cell in zip(named, row, strict=True)
        )
        for row in table.rows
    ]
    # a fact is headed by what it is called
    columns = tuple(
        _labelled(column, choices) if _of_a_fact(column) else column for column in table.columns
    )
    return Table(columns, rows)


def _of_a_fact(column: Column) -> bool:
    return column.name.startswith(f"{BY}$") or column.words.zh.startswith("$")


def explain_address(document: Document) -> str:
    """The page that divides a change of a question's main figure; empty where none divides."""
    explaining = BY_KIND[document.kind].explaining
    if explaining is None or not explaining.figures(document):
        return ""
    whole = _about("change", document)
    compare = whole["question"].get("compare")
    return address_of({**whole, "compare": compare} if compare else whole)


def apart_address(document: Document, selection: Mapping[str, Any]) -> str:
    """The page that tells the people behind a number from the others; empty where it is not known."""
    if TRAITS not in BY_KIND or document.kind == TRAITS:
        return ""
    return address_of({**_about(TRAITS, document), "selection": dict(selection)})


def _about(kind: str, document: Document) -> dict[str, Any]:
    """A question about another's number, as of the same moment."""
    whole = {"kind": kind, "product": document.product, "question": document.as_json()}
    return {**whole, "until": document.until} if document.until else whole


_SETTINGS = frozenset({"index", "columns", "from", "to", "truncated", "drawn", "unfinished"})


def _figures(node: Any) -> Iterator[bool]:
    """Whether each number of a result is one that is not zero; settings beside them do not count."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key not in _SETTINGS:
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
    if label == name:  # a property of users, or a fact about them
        label = choices.property_label("user", name.removeprefix("user."))
    return replace(column, words=Words(label, label), type=_type(column))
