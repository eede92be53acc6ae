"""The clock that runs only while a calendar is open and nothing pauses it. Exact to the microsecond."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta

from userops.errors import Refused
from userops.words import Words
from userops.worktime.calendar import Calendar, Span

NEVER = 800
"""Days in a row without a minute that counts, after which a calendar is given up."""
ZERO = timedelta(0)


def worked(
    calendar: Calendar, start: datetime, end: datetime, pauses: Sequence[Span] = ()
) -> timedelta:
    """Working time from `start` up to `end` without the pauses; nothing when `end` is not after `start`."""
    return sum((b - a for a, b in counted(calendar, start, end, pauses)), ZERO)


def due(
    calendar: Calendar, start: datetime, target: timedelta, pauses: Sequence[Span] = ()
) -> datetime:
    """The first moment at which `target` of working time has passed since `start`.

    What ends exactly at closing stays at closing. Nothing to wait for is due at `start`. Raises `Refused`
    for a calendar that never opens again.
    """
    left, stops = target, joined(pauses)
    if left <= ZERO:
        return start
    day, closed = calendar.day_of(start) - timedelta(days=1), 0
    while closed < NEVER:
        before = left
        for begin, end in _running(calendar.spans(day), start, None, stops):
            if end - begin >= left:
                return begin + left
            left -= end - begin
        day += timedelta(days=1)
        closed = closed + 1 if left == before and not _paused_later(stops, calendar, day) else 0
    raise Refused(
        Words(
            f"工作日历连续 {NEVER} 天没有工作时间，无法算出到期时间。",
            f"The calendar has no working time for {NEVER} days: there is no due time.",
        ),
        code="calendar_never_open",
    )


def counted(
    calendar: Calendar, start: datetime, end: datetime, pauses: Sequence[Span] = ()
) -> Iterator[Span]:
    """The stretches that count, in order."""
    if end <= start:
        return
    stops = joined(pauses)
    day, last = calendar.day_of(start) - timedelta(days=1), calendar.day_of(end)
    while day <= last + timedelta(days=1):
        yield from _running(calendar.spans(day), start, end, stops)
        day += timedelta(days=1)


def next_open(calendar: Calendar, moment: datetime) -> datetime:
    """This moment where it is working time, else the next opening."""
    first = timedelta(microseconds=1)
    return due(calendar, moment, first) - first


def joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same time in stretches that do not touch, in order; empty ones left out."""
    found: list[Span] = []
    for begin, end in sorted(each for each in spans if each[0] < each[1]):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((begin, end))
    return tuple(found)


def _running(
    spans: Iterable[Span], start: datetime, end: datetime | None, stops: Sequence[Span]
) -> Iterator[Span]:
    """Open stretches from `start` (to `end`), cut where something pauses; `stops` are joined."""
    for opens, closes in spans:
        begin, until = max(opens, start), closes if end is None else min(closes, end)
        for pause, goes_on in stops:
            if pause >= until:
                break
            if begin < pause:
                yield begin, pause
            begin = max(begin, goes_on)
        if begin < until:
            yield begin, until


def _paused_later(stops: Sequence[Span], calendar: Calendar, day: date) -> bool:
    return bool(stops) and calendar.day_of(stops[-1][1]) >= day
