"""The slow, obvious lifecycle in plain Python that tests hold the SQL against. Not in the product."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

Row = dict[str, Any]
"""An event: `event`, `person`, `ts` (UTC ms), and its properties."""


FIRST_DAYS: dict[str, Callable[[date], bool]] = {
    "day": lambda _day: True,
    "week": lambda day: day.weekday() == 0,
    "month": lambda day: day.day == 1,
    "quarter": lambda day: day.day == 1 and day.month in (1, 4, 7, 10),
    "year": lambda day: day.day == 1 and day.month == 1,
}


def local_day(ts: int, zone: ZoneInfo) -> date:
    return datetime.fromtimestamp(ts / 1000, tz=UTC).astimezone(zone).date()


def unit_start(day: date, unit: str) -> date:
    """The first day of the unit that holds a day, found by walking back."""
    first = FIRST_DAYS[unit]
    while not first(day):
        day -= timedelta(days=1)
    return day


def lifecycle(
    active: list[Row], firsts: list[Row], zone: ZoneInfo, first: date, last: date, unit: str
) -> dict[date, dict[str, set[int]]]:
    """Per unit, the persons in each state. `firsts` are the rows among which one's first is sought."""
    begun: dict[int, date] = {}
    for row in sorted(firsts, key=lambda row: row["ts"]):
        begun.setdefault(row["person"], unit_start(local_day(row["ts"], zone), unit))
    seen: dict[date, set[int]] = {}
    for row in active:
        seen.setdefault(unit_start(local_day(row["ts"], zone), unit), set()).add(row["person"])
    result = {}
    for number in range((last - first).days + 1):
        start = unit_start(first + timedelta(days=number), unit)
        now = seen.get(start, set())
        before = seen.get(unit_start(start - timedelta(days=1), unit), set())
        new = {person for person in now if begun[person] == start}
        result[start] = {
            "new": new,
            "returning": now & before,
            "resurrected": now - before - new,
            "dormant": before - now,
            "active": now,
        }
    return result
