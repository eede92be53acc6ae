"""A figure's grid as a table of a document: cells written, long ones cut, wide ones in parts."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from userops.money import WHOLE_MONEY, money
from userops.publishing.content import Column, Figure, Grid
from userops.publishing.numbers import (
    CURRENCY,
    NUMERIC,
    digits_of,
    fixed,
    known,
    seconds,
    shown,
)
from userops.publishing.wording import clipped
from userops.words import Words

LONGEST_CELL, LONGEST_SENTENCE = 240, 600
"""Characters of a cell; a sentence, such as what is to be done, is said to its end."""
MOST_PARTS = 2
"""A table that needs more of them shows its first columns only; the workbook has all."""
FEW = 5
"""A column with a number in less than one of so many rows is left to the workbook."""
NARROW, WIDE = 3.6, 22.0
"""Least and most width of a column, in widths of a Chinese character."""
EASY = 8.0
"""A column up to so wide holds a word or a number: it has nothing to give."""
HEAVY = 1.25
"""By so much a word of a head, which is heavier, may be wider than its letters count: it is never broken."""
_LATIN = re.compile(r"[!-~]+")
MARK = "unfinished"
UNFINISHED = Words("周期不完整", "incomplete period")
_CHINESE = "\u2e80"


@dataclass(frozen=True, slots=True)
class Written:
    """A table as it is printed.

    - `numeric`: which columns are set to the right; `widths`: what they want, in Chinese characters.
    - `whole`: rows at the top that stand out; `total`: rows of the grid, of which `rows` are shown.
    """

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]
    widths: tuple[float, ...]
    whole: int
    total: int
    wanted: tuple[float, ...] = ()
    """What columns would take for their longest text to stand in one line."""
    left_out: int = 0
    """How many columns are not printed."""


def written(figure: Figure, language: str, *, every: bool = False) -> Written:
    """The rows of a figure that documents show; `every`: with columns of which hardly a row has a number."""
    grid, empty = (figure.grid, 0) if every else _known(figure.grid, max(0, figure.shown_rows))
    rows = tuple(
        tuple(
            clipped(text, _longest(column)) for column, text in zip(grid.columns, row, strict=False)
        )
        for row in cells(grid, max(0, figure.shown_rows), language)
    )
    heads = tuple(clipped(column.title, 60) for column in grid.columns)
    return Written(
        heads,
        rows,
        tuple(column.type in NUMERIC for column in grid.columns),
        _widths(grid, heads, rows),
        grid.whole if grid.whole < len(grid.rows) else 0,
        len(grid.rows),
        tuple(
            max((width_of(row[at]) for row in rows if at < len(row)), default=0.0) + 1.2
            for at in range(len(grid.columns))
        ),
        empty,
    )


def for_slides(figure: Figure, language: str, room: float) -> list[Written]:
    """What of a table stands on slides: of one that needs several parts the columns that matter, in one."""
    parts = fitted(written(figure, language), room)
    names = [column.name for column in figure.grid.columns]
    kept = [names.index(each) for each in figure.on_slides if each in names]
    if not kept or (len(parts) == 1 and not parts[0].left_out):
        return parts
    chosen = replace(figure, grid=_only(figure.grid, kept))
    table = written(chosen, language, every=True)
    return [replace(table, left_out=len(names) - len(kept))]


def _known(grid: Grid, shown_rows: int) -> tuple[Grid, int]:
    """Without columns of numbers of which hardly a row shown has any, where there are other numbers."""
    rows = grid.rows[:shown_rows]
    some = {
        at: sum(row[at] is not None for row in rows if at < len(row))
        for at, column in enumerate(grid.columns)
        if column.type in NUMERIC
    }
    dull = {at for at, count in some.items() if count * FEW < len(rows)}
    if len(rows) < FEW or len(dull) == len(some):
        return grid, 0
    return _without(grid, dull), len(dull)


def _without(grid: Grid, dull: set[int]) -> Grid:
    if not dull:
        return grid
    kept = [at for at in range(len(grid.columns)) if at not in dull]
    return _only(grid, kept)


def _only(grid: Grid, kept: Sequence[int]) -> Grid:
    return replace(
        grid,
        columns=tuple(grid.columns[at] for at in kept),
        rows=tuple(tuple(row[at] for at in kept if at < len(row)) for row in grid.rows),
    )


def _longest(column: Column) -> int:
    return LONGEST_SENTENCE if column.type == "sentence" else LONGEST_CELL


def cells(grid: Grid, most: int, language: str) -> list[tuple[str, ...]]:
    """The first rows as texts; the numbers of a column, its sums of money and its times have the same decimals, and so
    have the ends of an interval with what they are of."""
    rows = grid.rows[:most]
    values = [[row[at] for row in rows if at < len(row)] for at in range(len(grid.columns))]
    digits = [
        _digits(column, [each for beside in alike(grid, at) for each in values[beside]])
        for at, column in enumerate(grid.columns)
    ]
    return [
        tuple(
            _cell(column, value, count, language)
            for column, value, count in zip(grid.columns, row, digits, strict=False)
        )
        for row in rows
    ]


INTERVAL = ("low", "high")


def alike(grid: Grid, at: int) -> list[int]:
    """Places of the columns that are read as one number: a value and, right behind it, the ends of its interval."""
    kinds, names = [each.type for each in grid.columns], [each.name for each in grid.columns]
    for begin in (at, at - 1, at - 2):
        three = list(range(begin, begin + 3))
        inside = begin >= 0 and tuple(names[begin + 1 : begin + 3]) == INTERVAL
        if inside and len({kinds[each] for each in three}) == 1:
            return three
    return [at]


def _digits(column: Column, values: Sequence[Any]) -> int | None:
    """Decimals of a column; None where each value has its own."""
    if column.type == "number":
        return digits_of(values)
    if column.type == "seconds":
        return int(any("." in seconds(each, "en") for each in values if known(each)))
    sums = [abs(each) for each in values if known(each)]
    if not column.type.startswith("money") or not sums:
        return None
    return 0 if max(sums) >= WHOLE_MONEY or all(each == round(each) for each in sums) else 2


def _cell(column: Column, value: Any, digits: int | None, language: str) -> str:
    if column.name == MARK:
        return UNFINISHED.text(language) if value else ""
    if digits is not None and known(value):
        if column.type == "number":
            return fixed(value, digits, language)
        if column.type == "seconds":
            return seconds(value, language, even=digits > 0)
        _, _, currency = column.type.partition(":")
        return money(value, language, currency or CURRENCY, digits)
    return shown(value, column.type, language)


def width_of(text: str) -> float:
    """In Chinese characters: a Latin one is about half as wide."""
    return sum(1.0 if char > _CHINESE else 0.56 for char in text)


def _widths(
    grid: Grid, heads: tuple[str, ...], rows: tuple[tuple[str, ...], ...]
) -> tuple[float, ...]:
    widths = []
    for at, column in enumerate(grid.columns):
        wanted = max((width_of(row[at]) for row in rows if at < len(row)), default=0.0)
        head = width_of(heads[at])
        if column.type not in NUMERIC or head > wanted:
            head = min(head, max(8.0, head / 2))  # a long head takes two lines
        head = max(head, HEAVY * max(map(width_of, _LATIN.findall(heads[at])), default=0.0))
        widths.append(min(WIDE, max(NARROW, wanted, head) + 1.2))
    return tuple(widths)


def fitted(
    table: Written, room: float, easy: float = 0.0, *, most: int = MOST_PARTS
) -> list[Written]:
    """The table in parts that are at most `room` wide; each begins with the columns that name its rows. Long texts
    make it no wider than `easy`, where its letters need not be smaller."""
    table = _stretched(table, easy or room)
    keys = _keys(table, room)
    rest = list(range(len(keys), len(table.widths)))
    if sum(table.widths) <= room or len(rest) < 2:
        return [table]
    left = room - sum(table.widths[at] for at in keys)
    greedy = _shared(table.widths, rest, left)
    count = len(greedy)
    if count > most:
        kept = [*keys, *greedy[0]]
        return [
            replace(_columns(table, kept), left_out=table.left_out + len(table.widths) - len(kept))
        ]
    # as many parts as needed, and about the same in each
    even = sum(table.widths[at] for at in rest) / count + max(table.widths[at] for at in rest) / 2
    parts = _shared(table.widths, rest, min(left, even))
    if len(parts) > count:
        parts = _shared(table.widths, rest, left)
    return [_columns(table, [*keys, *part]) for part in parts]


def _stretched(table: Written, room: float) -> Written:
    """Long texts take what is left of the width, each as much as it can use."""
    left = room - sum(table.widths)
    need = [max(0.0, w - has) for w, has in zip(table.wanted, table.widths, strict=True)]
    if left <= 0 or not any(need):
        return table
    share = min(1.0, left / sum(need))
    widths = (has + lack * share for has, lack in zip(table.widths, need, strict=True))
    return replace(table, widths=tuple(widths))


def _keys(table: Written, room: float) -> list[int]:
    """The columns at the left up to the last text among the first three, while they are narrow."""
    texts = [at for at in range(min(3, len(table.numeric))) if not table.numeric[at]]
    keys = list(range(max(texts, default=0) + 1))
    named = _tell_apart(table, keys)
    while len(keys) > 1 and sum(table.widths[at] for at in keys) > 0.45 * room:
        if named and not _tell_apart(table, keys[:-1]):
            break  # in the next part nobody would know which row is which
        keys.pop()
    return keys


def _tell_apart(table: Written, keys: Sequence[int]) -> bool:
    rows = [tuple(row[at] for at in keys) for row in table.rows]
    return len(set(rows)) == len(rows)


def _shared(widths: tuple[float, ...], columns: list[int], room: float) -> list[list[int]]:
    parts: list[list[int]] = [[]]
    for at in columns:
        if parts[-1] and sum(widths[each] for each in [*parts[-1], at]) > room:
            parts.append([])
        parts[-1].append(at)
    return parts


def _columns(table: Written, kept: list[int]) -> Written:
    return replace(
        table,
        heads=tuple(table.heads[at] for at in kept),
        rows=tuple(tuple(row[at] for at in kept) for row in table.rows),
        numeric=tuple(table.numeric[at] for at in kept),
        widths=tuple(table.widths[at] for at in kept),
        wanted=tuple(table.wanted[at] for at in kept),
    )


def lines_of(table: Written) -> int:
    """How many lines its rows take, about."""
    return sum(
        max(
            (
                math.ceil(width_of(cell) / max(1.0, width - 1.2))
                for cell, width in zip(row, table.widths, strict=False)
            ),
            default=1,
        )
        or 1
        for row in table.rows
    )


def squeezed(widths: tuple[float, ...], room: float) -> tuple[float, ...]:
    """Widths that fit: long texts give way, so that no word of a narrow column is broken."""
    wide = sum(each for each in widths if each > EASY)
    left = room - (sum(widths) - wide)
    if sum(widths) <= room or left < wide / 3:
        return widths
    return tuple(each * left / wide if each > EASY else each for each in widths)


def shares_of(widths: tuple[float, ...]) -> list[float]:
    """Widths as shares of the whole."""
    whole = sum(widths) or 1.0
    return [each / whole for each in widths]
