"""Which days have events, which have none, and which have suddenly few."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from dataclasses import field as part
from datetime import date, timedelta
from itertools import pairwise
from math import sqrt
from statistics import median

import polars as pl

NEIGHBOUR_WEEKS = 4
"""A day is compared with the same weekday of so many weeks before and after."""
DROP_SHARE = 0.5
MIN_EXPECTED = 20
SPREADS = 4


@dataclass(frozen=True, slots=True)
class TimeStats:
    """Events by local day, and the first and last instant in UTC milliseconds."""

    days: Counter[date] = part(default_factory=Counter)
    first: int | None = None
    last: int | None = None

    @classmethod
    def of(cls, ts: pl.Series, timezone: str) -> TimeStats:
        """`ts`: UTC milliseconds without nulls; days are those of the time zone (IANA)."""
        if not len(ts):
            return cls()
        frame = pl.DataFrame({"t": ts.cast(pl.Datetime("ms"))})
        local = pl.col("t").dt.replace_time_zone("UTC").dt.convert_time_zone(timezone).dt.date()
        counted = frame.group_by(day=local).len()
        low, high = ts.min(), ts.max()
        assert isinstance(low, int)
        assert isinstance(high, int)
        return cls(Counter({day: int(n) for day, n in counted.iter_rows()}), low, high)

    def __add__(self, other: TimeStats) -> TimeStats:
        firsts = [t for t in (self.first, other.first) if t is not None]
        lasts = [t for t in (self.last, other.last) if t is not None]
        return TimeStats(
            self.days + other.days,
            min(firsts) if firsts else None,
            max(lasts) if lasts else None,
        )


@dataclass(frozen=True, slots=True)
class DayDrop:
    """A day with far fewer events than the same weekday around it. `expected` is their median."""

    day: date
    count: int
    expected: float


def drops(days: Counter[date]) -> tuple[DayDrop, ...]:
    """Days that fall out of their weekday's rhythm, days without any event included.

    The rule: the day has under half of the median of the same weekday in the four weeks before and
    after, that median is at least 20, and the shortfall is over four times the spread of those days
    (1.4826 × their median absolute deviation, and at least the square root of the median, which is
    the spread of random arrivals). The first and last day are left out: they are often cut short.
    """
    if len(days) < 3:
        return ()
    first, last = min(days), max(days)
    found: list[DayDrop] = []
    for offset in range(1, (last - first).days):
        day = first + timedelta(days=offset)
        drop = _drop(day, days, first, last)
        if drop is not None:
            found.append(drop)
    return tuple(found)


def _drop(day: date, days: Counter[date], first: date, last: date) -> DayDrop | None:
    weeks = (*range(-NEIGHBOUR_WEEKS, 0), *range(1, NEIGHBOUR_WEEKS + 1))
    around = [day + timedelta(weeks=week) for week in weeks]
    counts = [days[each] for each in around if first < each < last]
    if len(counts) < 2:
        return None
    expected = median(counts)
    spread = 1.4826 * median(abs(count - expected) for count in counts)
    spread = max(spread, sqrt(expected))
    here = days[day]
    if expected < MIN_EXPECTED or here >= DROP_SHARE * expected:
        return None
    return DayDrop(day, here, float(expected)) if expected - here > SPREADS * spread else None


def gaps(days: Counter[date]) -> tuple[tuple[date, date], ...]:
    """Runs of days without any event, first and last day included, longest runs first. A weekday
    that never has events (a shop closed on Saturdays) is no gap."""
    if not days:
        return ()
    open_weekdays = {day.weekday() for day in days}
    runs: list[tuple[date, date]] = []
    present = sorted(days)
    for before, after in pairwise(present):
        missing = [
            before + timedelta(days=n)
            for n in range(1, (after - before).days)
            if (before + timedelta(days=n)).weekday() in open_weekdays
        ]
        if missing:
            runs.append((missing[0], missing[-1]))
    return tuple(sorted(runs, key=lambda run: (run[0] - run[1], run[0])))
