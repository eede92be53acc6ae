"""A figure's grid as cells: numbers as numbers, days as days, texts that nothing runs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from userops.publishing.content import Grid
from userops.publishing.numbers import NUMERIC, known, shown
from userops.publishing.tables import MARK, UNFINISHED, width_of
from userops.publishing.wording import clipped
from userops.publishing.workbook.looks import Looks
from userops.spreadsheets import neutral

LONGEST = 32_000
"""Characters of a cell; Excel holds 32,767."""
TOP = 6
"""The row of the table's head: above it stand title, message, definition, source."""
MOST_ROWS = 1_000_000
UNSET = 8.43
"""The width of a column for which none is set, in Excel's unit: a digit of 11 points."""
SMALL_PRINT = 0.55
"""Chinese characters of 9 points in that unit, with a little room to break lines."""
SCALES = {"points": 100, "seconds": 1 / 86_400}
"""By what values are multiplied: Excel counts times in days."""
MEASURED = 60
"""So many rows decide how wide a column is."""


def put(sheet: Any, place: tuple[int, int], text: str, form: Any) -> None:
    """A text, always as a string, and harmless also when the sheet is saved as CSV."""
    if text:
        sheet.write_string(*place, neutral(clipped(text, LONGEST)), form)


def spread(sheet: Any, row: int, widths: Sequence[float], text: str, form: Any) -> None:
    """A long text of small print over columns of these widths, its row as high as it needs."""
    sheet.merge_range(row, 0, row, len(widths) - 1, "", form)
    put(sheet, (row, 0), text, form)
    sheet.set_row(row, height(text, SMALL_PRINT * sum(widths)))


def height(text: str, room: float) -> float:
    """Points of a row whose text wraps after `room` Chinese characters."""
    lines = sum(1 + int(width_of(line) // room) for line in text.split("\n"))
    return min(400.0, 15.0 * max(1, lines))


def write_grid(sheet: Any, grid: Grid, looks: Looks, language: str) -> list[float]:
    """All rows below their head, which stays in view and is printed on every page. Returns the widths of the columns,
    in Excel's unit."""
    widths = []
    for at, column in enumerate(grid.columns):
        put(sheet, (TOP, at), column.title, looks.head(right=column.type in NUMERIC, apart=at > 0))
        widths.append(min(24.0, width_of(column.title)))
    whole = grid.whole if grid.whole < len(grid.rows) else 0
    kinds = [_kind(grid, at) for at in range(len(grid.columns))]
    for line, row in enumerate(grid.rows[:MOST_ROWS], start=1):
        for at, (column, value) in enumerate(zip(grid.columns, row, strict=False)):
            if column.name == MARK:
                value = UNFINISHED.text(language) if value else None
            _cell(sheet, (TOP + line, at), value, kinds[at], (looks, language, line <= whole))
            if line <= MEASURED:
                text = shown(value, column.type, language)
                widths[at] = max(widths[at], min(36.0, width_of(text)))
    widths = [max(9.0, 2.1 * width + 2.5) for width in widths]
    for at, width in enumerate(widths):
        sheet.set_column(at, at, width)
    sheet.freeze_panes(TOP + 1, 1 if len(grid.columns) > 6 else 0)
    sheet.repeat_rows(TOP)
    if grid.rows and grid.columns:
        sheet.autofilter(TOP, 0, TOP + min(len(grid.rows), MOST_ROWS), len(grid.columns) - 1)
    return widths


def _kind(grid: Grid, at: int) -> str:
    """The type of a column; of numbers that are all whole, `whole`."""
    kind = grid.columns[at].type
    values = [row[at] for row in grid.rows if at < len(row) and known(row[at])]
    return "whole" if kind == "number" and all(float(v).is_integer() for v in values) else kind


def _cell(
    sheet: Any, place: tuple[int, int], value: Any, kind: str, look: tuple[Looks, str, bool]
) -> None:
    """What is not known stays empty. Excel writes no time below zero as one."""
    looks, language, bold = look
    if value is None or (isinstance(value, float) and not known(value)):
        return
    apart = place[1] > 0
    if known(value) and abs(float(value)) < 1e15 and not (kind == "seconds" and value < 0):
        number = float(value) * SCALES.get(kind, 1)
        sheet.write_number(*place, number, looks.number(kind, float(value), bold=bold))
    elif isinstance(value, date) and not isinstance(value, datetime) and value.year > 1900:
        sheet.write_datetime(*place, value, looks.day(bold=bold, apart=apart))
    else:
        put(sheet, place, shown(value, kind, language), looks.text(bold=bold, apart=apart))
