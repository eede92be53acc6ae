"""Open hours of a day: intervals of the wall clock, in minutes since midnight; as people write them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from userops.errors import Refused
from userops.words import Words

DAY = 24 * 60
MOST = 12
"""Intervals of one day."""
_CLOSED = {"", "off", "closed", "休", "休息", "-", "–"}
_INTERVAL = re.compile(r"(\d{1,2}):(\d{2})\s*[-–—~～至]\s*(\d{1,2}):(\d{2})")


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """From one time of the wall clock up to, not including, another; `closes` may be 1440 (24:00)."""

    opens: int
    closes: int

    def __post_init__(self) -> None:
        if not 0 <= self.opens < self.closes <= DAY:
            raise _refused(
                f"时段 {self} 应在 00:00 到 24:00 之间，且开始早于结束。",
                f"The interval {self} must lie between 00:00 and 24:00, its start before its end.",
            )

    def __str__(self) -> str:
        return f"{_clock(self.opens)}-{_clock(self.closes)}"


Hours = tuple[Interval, ...]
"""The intervals of one day in their order; none: closed."""


def hours_of(intervals: Iterable[Interval]) -> Hours:
    """In order. Raises `Refused` when two overlap, or there are too many."""
    found = tuple(sorted(intervals))
    if len(found) > MOST:
        raise _refused(
            f"一天最多 {MOST} 个时段，实际为 {len(found)} 个。",
            f"A day has at most {MOST} intervals; got {len(found)}.",
        )
    for one, two in pairwise(found):
        if two.opens < one.closes:
            raise _refused(f"时段 {one} 与 {two} 重叠。", f"{one} and {two} overlap.")
    return found


def parsed(text: str) -> Hours:
    """Hours as people write them: `09:00-12:00 13:30-18:00`; `off` or nothing is closed. Raises `Refused`."""
    clean = text.strip().lower().replace("：", ":")
    if clean in _CLOSED:
        return ()
    rest = re.sub(r"[\s,;，；、/]+", "", _INTERVAL.sub("", clean))
    if rest:
        raise _refused(
            f"工作时段应写作“09:00-12:00 13:30-18:00”，休息写作“off”；实际为 {text[:60]!r}。",
            f"Hours are written `09:00-12:00 13:30-18:00`, or `off`; got {text[:60]!r}.",
        )
    return hours_of(_interval(*each) for each in _INTERVAL.findall(clean))


def _interval(hour: str, minute: str, to_hour: str, to_minute: str) -> Interval:
    if int(minute) > 59 or int(to_minute) > 59:
        raise _refused(
            f"分钟应为 00 到 59；实际为 {hour}:{minute}-{to_hour}:{to_minute}。",
            f"Minutes are 00 to 59; got {hour}:{minute}-{to_hour}:{to_minute}.",
        )
    return Interval(int(hour) * 60 + int(minute), int(to_hour) * 60 + int(to_minute))


def written(hours: Hours) -> str:
    """As `parsed` reads it."""
    return " ".join(map(str, hours)) or "off"


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _refused(zh: str, en: str) -> Refused:
    return Refused(Words(zh, en), code="hours_invalid")
