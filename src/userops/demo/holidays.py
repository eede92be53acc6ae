"""Public holidays and make-up workdays (调休), and what kind of day each date is.

The dates are those announced each year by the State Council. Years that are not announced here keep
the holidays of fixed date only. A window without any holiday gets the company's own festival.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from userops.words import Words

_NAMES = {
    "new_year": Words("元旦", "New Year's Day"),
    "spring": Words("春节", "Spring Festival"),
    "qingming": Words("清明节", "Qingming Festival"),
    "labour": Words("劳动节", "Labour Day"),
    "dragon_boat": Words("端午节", "Dragon Boat Festival"),
    "mid_autumn": Words("中秋节", "Mid-Autumn Festival"),
    "national": Words("国庆节", "National Day"),
    "festival": Words("拾光节", "Shiguang Festival"),
}

_ANNOUNCED: dict[int, tuple[tuple[str, date, int], ...]] = {
    2025: (
        ("new_year", date(2025, 1, 1), 1), ("spring", date(2025, 1, 28), 8), ("qingming", date(2025, 4, 4), 3),
        ("labour", date(2025, 5, 1), 5), ("dragon_boat", date(2025, 5, 31), 3), ("national", date(2025, 10, 1), 8),
    ),
    2026: (
        ("new_year", date(2026, 1, 1), 3), ("spring", date(2026, 2, 15), 9), ("qingming", date(2026, 4, 4), 3),
        ("labour", date(2026, 5, 1), 5), ("dragon_boat", date(2026, 6, 19), 3), ("mid_autumn", date(2026, 9, 25), 3),
        ("national", date(2026, 10, 1), 7),
    ),
}  # fmt: skip
_MAKE_UP = frozenset(
    {
        date(2025, 1, 26), date(2025, 2, 8), date(2025, 4, 27), date(2025, 9, 28), date(2025, 10, 11),
        date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28), date(2026, 5, 9), date(2026, 9, 20), date(2026, 10, 10),
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Holiday:
    """Consecutive days off. `public` is false for the company's own festival."""

    slug: str
    words: Words
    days: tuple[date, ...]
    public: bool = True


def holidays_between(first: date, last: date) -> tuple[Holiday, ...]:
    """The holidays with at least one day in `first … last`, days outside cut off; never empty."""
    found = []
    for year in range(first.year, last.year + 1):
        for slug, start, length in _ANNOUNCED.get(year, _fixed(year)):
            days = tuple(d for i in range(length) if first <= (d := start + timedelta(i)) <= last)
            if days:
                found.append(Holiday(slug, _NAMES[slug], days))
    if found:
        return tuple(found)
    middle = first + (last - first) // 2
    days = tuple(d for i in range(3) if (d := middle + timedelta(i)) <= last)
    return (Holiday("festival", _NAMES["festival"], days, public=False),)


def make_up_workdays(first: date, last: date) -> tuple[date, ...]:
    """Weekend days in `first … last` on which people work instead of a bridge day."""
    return tuple(sorted(day for day in _MAKE_UP if first <= day <= last))


def is_day_off(day: date) -> bool:
    """True on weekends and public holidays, false on make-up workdays."""
    if day in _MAKE_UP:
        return False
    return day.weekday() >= 5 or any(h.public and day in h.days for h in holidays_between(day, day))


def _fixed(year: int) -> tuple[tuple[str, date, int], ...]:
    return (
        ("new_year", date(year, 1, 1), 1),
        ("labour", date(year, 5, 1), 5),
        ("national", date(year, 10, 1), 7),
    )
