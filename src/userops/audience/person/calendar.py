"""A year of activity as a heat map: one cell for each day, weeks from left to right, Monday on top."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Cell:
    """`share` of the busiest day, 0…1; None before the year's first day."""

    day: date | None
    events: int
    share: float | None


def cells(year: int, events: Mapping[date, int], today: date) -> list[Cell]:
    """The days of a year, no later than today, after blanks that bring Monday to the top."""
    first = date(year, 1, 1)
    end = min(date(year, 12, 31), max(today, first))
    top = max(events.values(), default=0)
    blanks = [Cell(None, 0, None)] * first.weekday()
    days = [first + timedelta(days=n) for n in range((end - first).days + 1)]
    return blanks + [
        Cell(day, count, count / top if top else 0)
        for day in days
        for count in (events.get(day, 0),)
    ]
