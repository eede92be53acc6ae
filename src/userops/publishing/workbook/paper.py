"""How a sheet is printed: on the smallest paper, lying, on which its letters are easily read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

SMALLEST = 0.8
"""Letters of 10 points are printed with 8 or more."""
NARROWEST, WORDY = 20.0, 40.0
"""Widths, in Excel's unit, to which columns of long texts give way; wider ones take several lines."""
UNSET = 8.43
"""The width of a column for which none is set, in Excel's unit: a digit of 11 points."""
ACROSS = 570.0
"""Points of a chart."""
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
    for paper in (A4, A3):
        fits = _given_way(widths, texts, paper.room)
        if points(fits) <= paper.room:
            return fits, paper
    return [
        min(width, WORDY) if text else width for width, text in zip(widths, texts, strict=True)
    ], None


def _given_way(widths: Sequence[float], texts: Sequence[bool], room: float) -> list[float]:
    over = max(0.0, points(widths) - room) / (7 * 0.75)
    gives = [
        max(0.0, width - NARROWEST) if text else 0.0
        for width, text in zip(widths, texts, strict=True)
    ]
    share = min(1.0, over / (sum(gives) or 1.0))
    return [width - share * give for width, give in zip(widths, gives, strict=True)]


def first_page(widths: Sequence[float]) -> int:
    """How many columns stand on the first sheet."""
    return max(1, sum(points(widths[: at + 1]) <= A4.room for at in range(len(widths))))


def covered(widths: Sequence[float], across: float) -> int:
    """How many columns lie under what is so wide: those of these widths, and behind them of the usual one."""
    left, count = across, 0
    while left > 0:
        left -= points([widths[count] if count < len(widths) else UNSET])
        count += 1
    return count


def prints(sheet: Any, widths: Sequence[float], paper: Paper | None) -> None:
    """One sheet wide, as long as it is; a table that needs several says on each which row is which."""
    if paper is not None:
        sheet.set_paper(paper.number)
        return
    sheet.set_print_scale(round(100 * SMALLEST))
    sheet.print_across()
    sheet.repeat_columns(0)
