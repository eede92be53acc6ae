"""The slow, obvious traits of people in plain Python that tests hold the SQL against. Not in the product."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

Row = dict[str, Any]
"""An event: `event`, `person`, `ts` (UTC ms) and its properties."""


def mine(rows: list[Row], person: int) -> list[Row]:
    return [row for row in rows if row["person"] == person]


def did(rows: list[Row], event: str, side: set[int]) -> int:
    """How many of a side did an event."""
    return len({row["person"] for row in rows if row["event"] == event} & side)


def times(rows: list[Row], event: str, side: set[int]) -> list[int]:
    """How often each person of a side did an event."""
    return [sum(row["event"] == event for row in mine(rows, person)) for person in sorted(side)]


def most_frequent(rows: list[Row], name: str) -> str:
    """The value that some events carry most often; of equally frequent ones the last in text; "" for none."""
    found = Counter(row[name] for row in rows if row.get(name))
    return max(found, key=lambda value: (found[value], value)) if found else ""


def carrying(rows: list[Row], name: str, value: str, side: set[int]) -> int:
    return sum(most_frequent(mine(rows, person), name) == value for person in side)


def local(ts: int, zone: ZoneInfo) -> date:
    return datetime.fromtimestamp(ts / 1000, tz=UTC).astimezone(zone).date()


def active_days(rows: list[Row], person: int, zone: ZoneInfo) -> int:
    return len({local(row["ts"], zone) for row in mine(rows, person)})


def age(rows: list[Row], person: int, zone: ZoneInfo, last: date) -> int:
    """Days from a person's first event ever to the last day."""
    return (last - local(min(row["ts"] for row in mine(rows, person)), zone)).days
