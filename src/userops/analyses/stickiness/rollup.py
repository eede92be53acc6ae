"""The counts of a stickiness from the daily rollups."""

from __future__ import annotations

from datetime import timedelta

from pyroaring import BitMap

from userops.analyses.stickiness.document import Stickiness
from userops.query.active import ActiveDays, by_number, count_once, trailing, union
from userops.query.axis import Axis
from userops.query.dates import start_of
from userops.query.plan import BROKEN_DOWN, FINER, OTHER_FIGURE, Plan, from_events, joined
from userops.query.scope import Scope
from userops.query.steps import EventStep

MAU_DAYS = 30


def plan(document: Stickiness, scope: Scope) -> Plan:
    """Of the parts that need no breakdown value, no hours and no repeated events."""
    if document.breakdown:
        return from_events(BROKEN_DOWN)
    if document.unit == "hour":
        return from_events(FINER)
    if document.min_times > 1 or document.view == "periods":
        return from_events(OTHER_FIGURE)
    ranges = [document.range, *filter(None, [document.compared_range()])]
    axes = [Axis(each, "day", scope.zone) for each in ranges]
    return joined(_active(document, scope, axis, 0).plan(document.filters) for axis in axes)


def _active(document: Stickiness, scope: Scope, axis: Axis, before: int) -> ActiveDays:
    first = axis.range.first - timedelta(days=before)
    return ActiveDays(scope, EventStep(event=document.event), first, axis.range.last_day)


def frequencies(document: Stickiness, scope: Scope, axis: Axis) -> list[tuple[int, int, int]]:
    """Number of active intervals, of those that are over, and persons."""
    groups: dict[int, list[BitMap]] = {}
    place = {bucket.start: at for at, bucket in enumerate(axis.buckets)}
    for day, persons in _active(document, scope, axis, 0).sets().items():
        groups.setdefault(place[start_of(day, axis.unit)], []).append(persons)
    over, running = list[BitMap](), list[BitMap]()
    for at, sets in groups.items():
        planes = running if axis.buckets[at].unfinished(scope.now) else over
        count_once(planes, sets[0] if len(sets) == 1 else union(sets))
    return [
        ((number >> len(over)) + finished, finished, len(persons))
        for number, persons in by_number([*over, *running])
        for finished in [number & ((1 << len(over)) - 1)]
    ]


def days(document: Stickiness, scope: Scope, axis: Axis) -> list[tuple[int, int, int]]:
    """DAU, WAU and MAU of each day of a daily axis."""
    sets = _active(document, scope, axis, MAU_DAYS - 1).sets()
    found = [axis.range.first + timedelta(days=at) for at in range(axis.range.days)]
    dau = [len(sets.get(day, ())) for day in found]
    return list(zip(dau, trailing(sets, found, 7), trailing(sets, found, MAU_DAYS), strict=True))
