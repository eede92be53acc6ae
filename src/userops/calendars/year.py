"""A year of a calendar as its page draws it: twelve months of weeks, each day with its kind."""

from __future__ import annotations

from calendar import Calendar as Weeks
from dataclasses import dataclass
from datetime import date

from userops.worktime.calendar import Calendar, DayPlan
from userops.worktime.hours import written


@dataclass(frozen=True, slots=True)
class Cell:
    """`kind`: open, off, holiday, make_up, own-open, own-off."""

    plan: DayPlan
    kind: str
    hours: str
    today: bool

    @property
    def day(self) -> date:
        return self.plan.day


@dataclass(frozen=True, slots=True)
class Month:
    """`weeks`: rows of seven, from Monday; None outside the month."""

    first: date
    weeks: tuple[tuple[Cell | None, ...], ...]


def months_of(calendar: Calendar, year: int, today: date) -> list[Month]:
    """The twelve months."""
    return [_month(calendar, year, month, today) for month in range(1, 13)]


def _month(calendar: Calendar, year: int, month: int, today: date) -> Month:
    weeks = Weeks().monthdatescalendar(year, month)
    rows = tuple(
        tuple(_cell(calendar, day, today) if day.month == month else None for day in week)
        for week in weeks
    )
    return Month(date(year, month, 1), rows)


def _cell(calendar: Calendar, day: date, today: date) -> Cell:
    plan = calendar.plan(day)
    if plan.source == "own":
        kind = "own-open" if plan.hours else "own-off"
    elif plan.source in ("holiday", "make_up"):
        kind = plan.source
    else:
        kind = "open" if plan.hours else "off"
    return Cell(plan, kind, written(plan.hours), day == today)
