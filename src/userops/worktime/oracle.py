"""The slow, obvious reference: look at the wall clock once for every minute. Only tests use it.

It shares with the clock only the fields of a calendar. Moments are whole minutes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from userops.worktime.calendar import Calendar, Span

MINUTE = timedelta(minutes=1)


def is_open(calendar: Calendar, moment: datetime) -> bool:
    """Whether the wall clock shows an open hour."""
    from chinese_calendar import holidays, workdays

    local = moment.astimezone(calendar.zone)
    day, clock = local.date(), local.hour * 60 + local.minute
    if day in calendar.own:
        hours = calendar.own[day].hours
    elif calendar.region == "CN" and day in workdays:
        hours = calendar.make_up
    elif calendar.region == "CN" and day in holidays:
        hours = ()
    else:
        hours = calendar.week[local.weekday()]
    return any(each.opens <= clock < each.closes for each in hours)


def counts(calendar: Calendar, moment: datetime, pauses: Sequence[Span]) -> bool:
    """Whether the minute that begins now counts."""
    paused = any(begin <= moment < end for begin, end in pauses)
    return not paused and is_open(calendar, moment)


def worked(calendar: Calendar, start: datetime, end: datetime, pauses: Sequence[Span] = ()) -> int:
    """Minutes that count."""
    moment, found = start, 0
    while moment < end:
        found += counts(calendar, moment, pauses)
        moment += MINUTE
    return found


def due(calendar: Calendar, start: datetime, minutes: int, pauses: Sequence[Span] = ()) -> datetime:
    """The end of the last minute that was needed."""
    moment, left = start, minutes
    while left:
        left -= counts(calendar, moment, pauses)
        moment += MINUTE
    return moment
