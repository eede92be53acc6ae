"""How a sheet is printed: on the smallest paper, lying, on which its letters are easily read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from userops.publishing.wording import clipped

SMALLEST = 0.8
"""Letters of 10 points are printed with 8 or more."""
EASY, NARROW, WORDY = 20.0, 12.0, 40.0
"""Widths, in Excel's unit, to which columns of texts give way, on common paper and on large; long texts then take
several lines."""
UNSET = 8.43
"""The width of a column for which none is set, in Excel's unit: a digit of 11 points."""
ACROSS, LINE = 570.0, 480.0
"""Points of a chart, and of a line of text."""
MARGIN = 0.5
"""Inches at the left and at the right."""


@dataclass(frozen=True, slots=True)
class Paper:
    """`number` is Excel's, `across` in points."""

    number: int
    across: float

    @property
    def room(self) -> float:
        """Points of columns that it takes, at the smallest."""
        return (self.across - 2 * 72 * MARGIN) / SMALLEST


A4, A3 = Paper(9, 842.0), Paper(8, 1191.0)


def points(widths: Sequence[float]) -> float:
    """What columns take: a digit of 7 pixels, and 5 between columns."""
    return sum(7 * width + 5 for width in widths) * 0.75


def narrowed(widths: Sequence[float], texts: Sequence[bool]) -> tuple[list[float], Paper | None]:
    """The columns as wide as they are printed, long texts in several lines where need be, and the paper; none where
    the table needs several sheets beside each other."""
    for paper, least in ((A4, EASY), (A3, NARROW)):
        fits = _given_way(widths, texts, paper.room, least)
        if points(fits) <= paper.room:
            return fits, paper
    return [
        min(width, WORDY) if text else width for width, text in zip(widths, texts, strict=True)
    ], None


def _given_way(
    widths: Sequence[float], texts: Sequence[bool], room: float, least: float
) -> list[float]:
    over = max(0.0, points(widths) - room) / (7 * 0.75)
    gives = [
        max(0.0, width - least) if text else 0.0 for width, text in zip(widths, texts, strict=True)
    ]
    share = min(1.0, over / (sum(gives) or 1.0))
    return [width - share * give for width, give in zip(widths, gives, strict=True)]


def readable(widths: Sequence[float]) -> list[float]:
    """The first columns, as many as a text needs that is set over them."""
    return [
        widths[at] if at < len(widths) else UNSET for at in range(max(2, covered(widths, LINE)))
    ]


def covered(widths: Sequence[float], across: float) -> int:
    """How many columns lie under what is so wide: those of these widths, and behind them of the usual one."""
    left, count = across, 0
    while left > 0:
        left -= points([widths[count] if count < len(widths) else UNSET])
        count += 1
    return count


def prints(sheet: Any, title: str, paper: Paper | None) -> None:
    """One sheet wide, as long as it is; a table that needs several says on each which row is which, and of what."""
    if paper is not None:
        sheet.set_paper(paper.number)
        return
    sheet.set_print_scale(round(100 * SMALLEST))
    sheet.print_across()
    sheet.repeat_columns(0)
    sheet.set_header("&L&10 " + clipped(title.replace("&", "&&"), 120))
