"""The slow, obvious counts of a correlation in plain Python that tests hold the SQL against. Not in the
product."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

Row = dict[str, Any]
DAY = 86_400_000


@dataclass(frozen=True)
class Person:
    """Their early events, and whether they reached the goal."""

    number: int
    early: list[Row]
    start: int
    reached: bool
    over: bool

    def times(self, matches: Callable[[Row], bool]) -> int:
        return sum(matches(row) for row in self.early)

    def active_days(self) -> int:
        return len({(row["ts"] - self.start) // DAY for row in self.early})


def persons(
    rows: list[Row],
    zone: str,
    days: tuple[date, date],
    early: int,
    goal: tuple[int, int],
    least: int,
    now: int,
) -> list[Person]:
    """`rows` with `person`, `ts`, `is_start`, `is_goal`; `early` and `goal` in ms after the own start."""  # fmt: skip
    found = []
    for number in sorted({row["person"] for row in rows}):
        own = [row for row in rows if row["person"] == number]
        starts = [row["ts"] for row in own if row["is_start"]]
        if not starts:
            continue
        start = min(starts)
        day = datetime.fromtimestamp(start / 1000, ZoneInfo(zone)).date()
        if not days[0] <= day <= days[1]:
            continue
        hits = [row for row in own if row["is_goal"] and goal[0] <= row["ts"] - start < goal[1]]
        first = [row for row in own if 0 <= row["ts"] - start < early]
        found.append(Person(number, first, start, len(hits) >= least, start + goal[1] <= now))
    return found
