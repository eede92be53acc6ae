"""Why a due time is what it is: one line for each day, with what counted and what did not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from userops.words import Words
from userops.worktime.calendar import Calendar, Source, Span
from userops.worktime.clock import ZERO, counted, joined
from userops.worktime.hours import Hours

LONGEST = 400
"""Days of one ledger."""


@dataclass(frozen=True, slots=True)
class Line:
    """One local day. `paused`: open time that a pause took; `left`: of the target, at the end of the day;
    below zero when it is over."""

    day: date
    hours: Hours
    source: Source
    words: Words | None
    counted: timedelta
    paused: timedelta
    left: timedelta
    spans: tuple[Span, ...]


def ledger(
    calendar: Calendar,
    start: datetime,
    end: datetime,
    target: timedelta,
    pauses: Sequence[Span] = (),
) -> tuple[Line, ...]:
    """The days from `start` to `end`, at most `LONGEST`."""
    by_day: dict[date, list[Span]] = {}
    for span in counted(calendar, start, end, pauses):
        by_day.setdefault(calendar.day_of(span[0]), []).append(span)
    stops, left = joined(pauses), target
    lines: list[Line] = []
    day, last = calendar.day_of(start), calendar.day_of(end)
    while day <= last and len(lines) < LONGEST:
        plan, spans = calendar.plan(day), tuple(by_day.get(day, ()))
        took = sum((b - a for a, b in spans), ZERO)
        left -= took
        paused = _paused(calendar, day, start, end, stops)
        lines.append(Line(day, plan.hours, plan.source, plan.words, took, paused, left, spans))
        day += timedelta(days=1)
    return tuple(lines)


def _paused(
    calendar: Calendar, day: date, start: datetime, end: datetime, stops: Sequence[Span]
) -> timedelta:
    total = ZERO
    for opens, closes in calendar.spans(day):
        begin, until = max(opens, start), min(closes, end)
        total += sum(
            (max(ZERO, min(until, goes_on) - max(begin, pause)) for pause, goes_on in stops), ZERO
        )
    return total


def uncertain(calendar: Calendar, start: datetime, end: datetime) -> tuple[int, ...]:
    """The years between whose holidays are not published: the due time is then only supposed."""
    day, last, found = calendar.day_of(start), calendar.day_of(end), []
    while day <= last:
        if not calendar.certain(day) and day.year not in found:
            found.append(day.year)
        day += timedelta(days=1)
    return tuple(found)
