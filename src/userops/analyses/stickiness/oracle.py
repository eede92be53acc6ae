"""The slow, obvious stickiness in plain Python that tests hold the SQL against. Not in the product."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

Row = dict[str, Any]
"""An event: `event`, `person`, `ts` (UTC ms), and its properties. Only those that count are given."""


def local(ts: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(ts / 1000, tz=UTC).astimezone(zone)


def interval(ts: int, zone: ZoneInfo, unit: str, begin: int) -> Any:
    """A name for the interval that holds an instant; hours count from the begin of the range."""
    day = local(ts, zone).date()
    return {
        "hour": (ts - begin) // 3_600_000,
        "day": day,
        "week": day - timedelta(days=day.weekday()),
        "month": (day.year, day.month),
        "quarter": (day.year, (day.month + 2) // 3),
    }[unit]


def days_active(rows: list[Row], zone: ZoneInfo, least: int) -> dict[int, set[date]]:
    """By person, the days with at least so many events."""
    times = Counter((row["person"], local(row["ts"], zone).date()) for row in rows)
    found: dict[int, set[date]] = {}
    for (person, day), count in times.items():
        if count >= least:
            found.setdefault(person, set()).add(day)
    return found


def active(
    rows: list[Row], zone: ZoneInfo, unit: str, least: int, begin: int
) -> dict[int, set[Any]]:
    """By person, the intervals with at least so many events. `rows` lie in the range."""
    times = Counter((row["person"], interval(row["ts"], zone, unit, begin)) for row in rows)
    found: dict[int, set[Any]] = {}
    for (person, which), count in times.items():
        if count >= least:
            found.setdefault(person, set()).add(which)
    return found


def trailing(found: dict[int, set[date]], day: date, window: int) -> set[int]:
    """Who was active on one of so many days up to a day."""
    days = {day - timedelta(days=back) for back in range(window)}
    return {person for person, each in found.items() if each & days}
