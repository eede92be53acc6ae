"""A publication as the reading page shows it: its blocks, with figures drawn and ways to drill."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from userops.publishing.content import (
    Block,
    Cards,
    Column,
    Facts,
    Figure,
    Grid,
    Paragraph,
    Publication,
)
from userops.publishing.numbers import NUMERIC
from userops.publishing.tables import cells
from userops.publishing.wording import word
from userops.reports.models import FigureSnapshot, Issue
from userops.reports.offered import drill_of

MOST_ROWS = 200
"""Of a longer table the files show more."""


def chapters(report: Publication, issue: Issue) -> list[dict[str, Any]]:
    """Sections with their blocks, each named by what it is."""
    frozen = {row.key: row for row in issue.figures.all()}
    numbers = {each.key: (each.number, each.title) for each in report.figures}
    return [
        {
            "section": section,
            "number": place,
            "blocks": [_block(each, report, frozen, numbers) for each in section.blocks],
        }
        for place, section in enumerate(report.sections, start=1)
    ]


def _block(
    block: Block, report: Publication, frozen: dict[str, FigureSnapshot], numbers: dict[str, Any]
) -> dict[str, Any]:
    language = report.language
    if isinstance(block, Figure):
        return {
            "is": "figure",
            "block": block,
            "message": report.message_of(block),
            **_figure(block, language, frozen.get(block.key)),
        }
    if isinstance(block, Facts):
        return {
            "is": "facts",
            "facts": [
                (e, word(e.tone, language) if e.tone else "", _links(e.evidence, frozen, numbers))
                for e in block.facts
            ],
        }
    if isinstance(block, Cards):
        return {"is": "cards", "cards": block.cards}
    assert isinstance(block, Paragraph)
    return {
        "is": "paragraph",
        "block": block,
        "evidence": _links(block.evidence, frozen, numbers),
    }


def _links(
    evidence: tuple[str, ...], frozen: dict[str, FigureSnapshot], numbers: dict[str, Any]
) -> list[tuple[str, str]]:
    """(address, name) of the figures behind a sentence: on this page, or the question itself."""
    return list(_each_link(evidence, frozen, numbers))


def _each_link(
    evidence: tuple[str, ...], frozen: dict[str, FigureSnapshot], numbers: dict[str, Any]
) -> Iterator[tuple[str, str]]:
    from django.utils.translation import get_language

    for key in evidence:
        if key in numbers and numbers[key][0]:
            yield f"#figure-{key}", numbers[key][0]
        elif key in frozen:
            title = frozen[key].title_in(get_language() or "zh")
            address = drill(frozen[key])
            if address:
                yield address, title


def _figure(figure: Figure, language: str, row: FigureSnapshot | None) -> dict[str, Any]:
    most = min(figure.shown_rows, MOST_ROWS)
    return {
        "heads": [(column.title, _class(column)) for column in figure.grid.columns],
        "lines": written(figure.grid, language, most),
        "cut": len(figure.grid.rows) > most,
        "drill": drill(row) if row else "",
        "chart_id": f"chart-{figure.key}",
    }


def written(grid: Grid, language: str, most: int) -> list[list[tuple[str, str]]]:
    """Cells as texts, each with the class of its column."""
    return [
        [(text, _class(column)) for column, text in zip(grid.columns, line, strict=True)]
        for line in cells(grid, most, language)
    ]


def _class(column: Column) -> str:
    return "num" if column.type in NUMERIC else "nowrap" if column.type == "date" else ""


def drill(row: FigureSnapshot) -> str:
    """The page of a figure's question, from which its users or records are one click away."""
    until = row.issue.subject.get("until")
    return drill_of(row.question, datetime.fromisoformat(until) if until else None)
