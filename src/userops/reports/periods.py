"""The period of a report: a month, a week, a quarter, a year, or two days."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from userops.errors import Refused
from userops.query.comparison import compared_range
from userops.query.dates import DateRange, Unit, absolute, add_units
from userops.words import Words

_MONTH = re.compile(r"(\d{4})-(\d{1,2})")
_WEEK = re.compile(r"(\d{4})-?W(\d{1,2})")
_QUARTER = re.compile(r"(\d{4})-?Q([1-4])")
_YEAR = re.compile(r"\d{4}")
_DAYS = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\.\.|~|,)(\d{4}-\d{2}-\d{2})")


@dataclass(frozen=True, slots=True)
class Period:
    """Days of the product's time zone, both included. `unit`: the calendar unit it is, else `day`."""

    first: date
    last: date
    unit: Unit = "day"

    @property
    def range(self) -> DateRange:
        return absolute(self.first, self.last)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def before(self) -> DateRange:
        """The period of equal length, or the calendar unit, right before."""
        return compared_range(self.range, self.unit, "previous_period")

    @property
    def year_before(self) -> DateRange:
        return compared_range(self.range, self.unit, "same_period_last_year")

    def known(self, last: date | None) -> Period:
        """As far as there are data, where they ended on a day within it: what comes after is not known, and is compared
        with nothing."""
        if last is None or not self.first <= last < self.last:
            return self
        return between(self.first, last)

    @property
    def words(self) -> Words:
        if self.unit == "month":
            return Words(f"{self.first.year} 年 {self.first.month} 月", f"{self.first:%B %Y}")
        if self.unit == "quarter":
            number = (self.first.month + 2) // 3
            return Words(
                f"{self.first.year} 年第 {number} 季度", f"quarter {number} of {self.first.year}"
            )
        if self.unit == "year":
            return Words(f"{self.first.year} 年", f"{self.first.year}")
        if self.unit == "week":
            year, number, _ = self.first.isocalendar()
            return Words(f"{year} 年第 {number} 周", f"week {number} of {year}")
        return Words(f"{self.first} 至 {self.last}", f"{self.first} to {self.last}")


def period_of(text: str) -> Period:
    """`2026-09`, `2026-W38`, `2026-Q3`, `2026` or `2026-09-01..2026-09-30`. Raises `Refused`."""
    text = text.strip()
    try:
        if found := _DAYS.fullmatch(text):
            return between(date.fromisoformat(found[1]), date.fromisoformat(found[2]))
        if found := _WEEK.fullmatch(text):
            return _unit(date.fromisocalendar(int(found[1]), int(found[2]), 1), "week")
        if found := _QUARTER.fullmatch(text):
            return _unit(date(int(found[1]), int(found[2]) * 3 - 2, 1), "quarter")
        if found := _MONTH.fullmatch(text):
            return _unit(date(int(found[1]), int(found[2]), 1), "month")
        if _YEAR.fullmatch(text):
            return _unit(date(int(text), 1, 1), "year")
    except ValueError:
        pass
    raise Refused(
        Words(
            "周期应为 2026-09（月）、2026-W38（周）、2026-Q3（季度）、2026（年）"
            f"或 2026-09-01..2026-09-30；实际为 {text[:40]!r}。",
            "A period is 2026-09 (month), 2026-W38 (week), 2026-Q3 (quarter), 2026 (year) or "
            f"2026-09-01..2026-09-30; got {text[:40]!r}.",
        ),
        code="period_invalid",
    )


def between(first: date, last: date) -> Period:
    """The period of these days; one that is a whole calendar unit knows it. Raises `ValueError`."""
    if first > last:
        raise ValueError("a period ends before it begins")
    for unit in ("week", "month", "quarter", "year"):
        whole = _unit_of(first, unit)
        if whole is not None and whole.last == last:
            return whole
    return Period(first, last)


def _unit_of(first: date, unit: Unit) -> Period | None:
    starts = {
        "week": first.weekday() == 0,
        "month": first.day == 1,
        "quarter": first.day == 1 and first.month % 3 == 1,
        "year": (first.month, first.day) == (1, 1),
    }
    return _unit(first, unit) if starts[unit] else None


def _unit(first: date, unit: Unit) -> Period:
    after = date(first.year + 1, 1, 1) if unit == "year" else add_units(first, 1, unit)
    return Period(first, after - timedelta(days=1), unit)
