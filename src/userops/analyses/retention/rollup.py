"""The counts of a retention from the daily rollups: each cohort and each period is a set of persons."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from pyroaring import BitMap

from userops.analyses.retention.calendar import Calendar, Ints
from userops.analyses.retention.document import RetentionDocument
from userops.query.active import ActiveDays, union
from userops.query.dates import EARLIEST, LATEST, start_of
from userops.query.plan import BROKEN_DOWN, FINER, OTHER_FIGURE, Plan, from_events, joined
from userops.query.scope import Scope


def plan(document: RetentionDocument, scope: Scope) -> Plan:
    if document.breakdown:
        return from_events(BROKEN_DOWN)
    if document.unit == "hour" or document.clock == "rolling":
        return from_events(FINER)
    if document.min_occurrences > 1 or document.value is not None:
        return from_events(OTHER_FIGURE)
    parts = (_starts(document, scope), _returns(document, scope))
    return joined(each.plan(document.filters) for each in parts)


def _starts(document: RetentionDocument, scope: Scope) -> ActiveDays:
    """From the beginning, unless a cohort is entered anew in every period."""
    first = document.range.first if document.entry == "recurring" else EARLIEST
    return ActiveDays(scope, document.start, first, document.range.last_day)


def _returns(document: RetentionDocument, scope: Scope) -> ActiveDays:
    first = start_of(document.range.first, document.unit)
    last = LATEST
    if document.criterion == "on":
        span = {"day": 1, "week": 7, "month": 31}[document.unit] * (document.last_period + 1)
        last = min(LATEST, document.range.last_day + timedelta(days=span))
    return ActiveDays(scope, document.returning, first, last)


def counted(document: RetentionDocument, scope: Scope, days: Calendar) -> Ints:
    """Per cohort and column, how many came back; column 0 holds all members."""
    cohorts = _cohorts(document, scope, days)
    active = _periods(document, scope, days)
    table = np.zeros((len(cohorts), len(document.columns)), np.int64)
    for at, members in enumerate(cohorts):
        table[at, 0] = len(members)
        for column, (begin, end) in enumerate(document.columns[1:], start=1):
            last = begin if document.criterion == "on_or_after" else end
            there = active[at + begin]
            if last > begin:
                there = union(active[at + begin : at + last + 1])
            table[at, column] = members.intersection_cardinality(there)
    return table


def _cohorts(document: RetentionDocument, scope: Scope, days: Calendar) -> list[BitMap]:
    sets = _starts(document, scope).sets()
    place = {bucket.start: at for at, bucket in enumerate(days.cohorts)}
    found = [BitMap() for _ in days.cohorts]
    seen = BitMap()
    for day in sorted(sets):
        fresh = sets[day] if document.entry == "recurring" else sets[day] - seen
        if day >= document.range.first:
            found[place[start_of(day, document.unit)]] |= fresh
        if document.entry != "recurring":
            seen |= sets[day]
    return found


def _periods(document: RetentionDocument, scope: Scope, days: Calendar) -> list[BitMap]:
    """Who came back in each period that a cohort reaches; with `on_or_after`, in it or later."""
    first = days.cohorts[0].start
    assert isinstance(first, date)
    groups: dict[date, list[BitMap]] = {}
    for day, persons in _returns(document, scope).sets().items():
        groups.setdefault(start_of(day, document.unit), []).append(persons)
    starts = days.starts
    found = [union(groups.pop(start, [])) for start in starts]
    if document.criterion == "on_or_after":
        later = union(
            [each for start, sets in groups.items() if start > starts[-1] for each in sets]
        )
        for at in range(len(found) - 1, -1, -1):
            found[at] |= later
            later = found[at]
    return found
