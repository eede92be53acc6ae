"""A figure's grid as cells: numbers as numbers, days as days, texts that nothing runs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from userops.publishing.content import Grid
from userops.publishing.numbers import NUMERIC, digits_of, known, shown
from userops.publishing.tables import MARK, UNFINISHED, alike, width_of
from userops.publishing.wording import clipped
from userops.publishing.workbook.looks import Looks
from userops.publishing.workbook.paper import Paper, narrowed
from userops.spreadsheets import neutral

LONGEST = 32_000
"""Characters of a cell; Excel holds 32,767."""
TOP = 6
"""The row of the table's head: above it stand title, message, definition, source."""
MOST_ROWS = 1_000_000
SMALL_PRINT, TEXT = 0.55, 0.5
"""Chinese characters of 9 and of 10 points in that unit, with a little room to break lines."""
SCALES = {"points": 100, "seconds": 1 / 86_400}
"""By what values are multiplied: Excel counts times in days."""
MEASURED = 60
"""So many rows decide how wide a column is."""


def put(sheet: Any, place: tuple[int, int], text: str, form: Any) -> None:
    """A text, always as a string, and harmless also when the sheet is saved as CSV."""
    if text:
        sheet.write_string(*place, neutral(clipped(text, LONGEST)), form)


def spread(
    sheet: Any, row: int, widths: Sequence[float], text: str, form: Any, letter: float = SMALL_PRINT
) -> None:
    """A long text over columns of these widths, its row as high as it needs."""
    sheet.merge_range(row, 0, row, max(1, len(widths) - 1), "", form)
    put(sheet, (row, 0), text, form)
    sheet.set_row(row, height(text, letter * sum(widths)))


def height(text: str, room: float) -> float:
    """Points of a row whose text wraps after `room` Chinese characters."""
    lines = sum(1 + int(width_of(line) // room) for line in text.split("\n"))
    return min(400.0, 15.0 * max(1, lines))


def write_grid(
    sheet: Any, grid: Grid, looks: Looks, language: str
) -> tuple[list[float], Paper | None]:
    """All rows below their head, which stays in view and is printed on every page. Returns the widths of the columns,
    in Excel's unit, and the paper that takes them all."""
    for at, column in enumerate(grid.columns):
        put(sheet, (TOP, at), column.title, looks.head(right=column.type in NUMERIC, apart=at > 0))
    wanted = _widths(grid, language)
    widths, paper = narrowed(wanted, [each.type not in NUMERIC for each in grid.columns])
    wrapped = [width < want for width, want in zip(widths, wanted, strict=True)]
    whole = grid.whole if grid.whole < len(grid.rows) else 0
    kinds = [_kind(grid, at) for at in range(len(grid.columns))]
    for line, row in enumerate(grid.rows[:MOST_ROWS], start=1):
        for at, (column, value) in enumerate(zip(grid.columns, row, strict=False)):
            if column.name == MARK:
                value = UNFINISHED.text(language) if value else None
            look = (looks, language, line <= whole, wrapped[at])
            _cell(sheet, (TOP + line, at), value, kinds[at], look)
        lines = [
            height(shown(row[at], grid.columns[at].type, language), TEXT * widths[at])
            for at in range(min(len(row), len(wrapped)))
            if wrapped[at]
        ]
        if max(lines, default=0.0) > height("", 1.0):
            sheet.set_row(TOP + line, max(lines))
    for at, width in enumerate(widths):
        sheet.set_column(at, at, width)
    sheet.freeze_panes(TOP + 1, 1 if len(grid.columns) > 6 else 0)
    sheet.repeat_rows(TOP)
    if grid.rows and grid.columns:
        sheet.autofilter(TOP, 0, TOP + min(len(grid.rows), MOST_ROWS), len(grid.columns) - 1)
    return widths, paper


def _widths(grid: Grid, language: str) -> list[float]:
    """What the columns would take for each cell to stand in one line, within bounds."""
    found = []
    for at, column in enumerate(grid.columns):
        cells = [row[at] for row in grid.rows[:MEASURED] if at < len(row)]
        if column.name == MARK:
            cells = [UNFINISHED.text(language)]
        widest = max((width_of(shown(each, column.type, language)) for each in cells), default=0.0)
        found.append(
            max(9.0, 2.1 * max(min(24.0, width_of(column.title)), min(36.0, widest)) + 2.5)
        )
    return found


def _kind(grid: Grid, at: int) -> str:
    """The type of a column; of numbers with their decimals, and `whole` where they have none."""
    kind = grid.columns[at].type
    if kind != "number":
        return kind
    values = [row[each] for row in grid.rows for each in alike(grid, at) if each < len(row)]
    if all(float(each).is_integer() for each in values if known(each)):
        return "whole"
    return f"number:{digits_of(values)}"


def _cell(
    sheet: Any, place: tuple[int, int], value: Any, kind: str, look: tuple[Looks, str, bool, bool]
) -> None:
    """What is not known stays empty. Excel writes no time below zero as one."""
    looks, language, bold, wrapped = look
    if value is None or (isinstance(value, float) and not known(value)):
        return
    apart = place[1] > 0
    if known(value) and abs(float(value)) < 1e15 and not (kind == "seconds" and value < 0):
        number = float(value) * SCALES.get(kind, 1)
        sheet.write_number(*place, number, looks.number(kind, float(value), bold=bold))
    elif isinstance(value, date) and not isinstance(value, datetime) and value.year > 1900:
        sheet.write_datetime(*place, value, looks.day(bold=bold, apart=apart))
    else:
        put(
            sheet,
            place,
            shown(value, kind, language),
            looks.text(bold=bold, apart=apart, wrapped=wrapped),
        )
