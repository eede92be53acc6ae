"""The figures of a series that only asks who was active on which day, from the daily rollups."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import TypeVar

from userops.analyses.trend.document import Series, Trend
from userops.analyses.trend.measures import Figure
from userops.query.active import ActiveDays, trailing, union
from userops.query.axis import Axis
from userops.query.dates import start_of
from userops.query.plan import BROKEN_DOWN, FINER, OTHER_FIGURE, Plan, from_events, joined
from userops.query.scope import Scope


def plan(document: Trend, scope: Scope) -> Plan:
    """How the whole document is answered."""
    ranges = [document.range, *filter(None, [document.compared_range()])]
    axes = [Axis(each, document.unit, scope.zone) for each in ranges]
    return joined(plan_of(document, each, scope, axis) for each in document.series for axis in axes)


def plan_of(document: Trend, series: Series, scope: Scope, axis: Axis) -> Plan:
    """How one series over one axis is answered."""
    if document.breakdown:
        return from_events(BROKEN_DOWN)
    if document.unit == "hour":
        return from_events(FINER)
    if series.measure not in _FIGURES or (series.measure != "users" and len(series.events) > 1):
        return from_events(OTHER_FIGURE)
    return _active(series, scope, axis).plan(document.filters)


def points(series: Series, scope: Scope, axis: Axis) -> tuple[Figure, dict[int, Figure]]:
    """The figure over the whole range, and by place on the axis; for a series that `plan_of` answers
    from rollups."""
    return _FIGURES[series.measure](_active(series, scope, axis), series, axis)


def _active(series: Series, scope: Scope, axis: Axis) -> ActiveDays:
    before = max(series.measured().window - 1, 0)
    first = axis.range.first - timedelta(days=before)
    return ActiveDays(scope, series, first, axis.range.last_day)


_Points = tuple[Figure, dict[int, Figure]]
T = TypeVar("T")


def _grouped(found: dict[date, T], axis: Axis) -> dict[int, list[T]]:
    """By place on the axis."""
    place = {bucket.start: at for at, bucket in enumerate(axis.buckets)}
    groups: dict[int, list[T]] = {}
    for day, each in found.items():
        groups.setdefault(place[start_of(day, axis.unit)], []).append(each)
    return groups


def _users(active: ActiveDays, _series: Series, axis: Axis) -> _Points:
    sets = active.sets()
    groups = _grouped(sets, axis)
    return len(union(list(sets.values()))), {at: len(union(of)) for at, of in groups.items()}


def _total(active: ActiveDays, _series: Series, axis: Axis) -> _Points:
    events = {day: each.events for day, each in active.counts().items()}
    groups = _grouped(events, axis)
    return sum(events.values()), {at: sum(of) for at, of in groups.items()}


def _per_user(active: ActiveDays, series: Series, axis: Axis) -> _Points:
    events, users = _total(active, series, axis), _users(active, series, axis)
    whole = _ratio(events[0], users[0])
    return whole, {at: _ratio(events[1][at], count) for at, count in users[1].items()}


def _ratio(above: Figure, below: Figure) -> Figure:
    assert above is not None and below is not None
    return above / below if below else None


def _trailing(active: ActiveDays, series: Series, axis: Axis) -> _Points:
    days = [axis.range.first + timedelta(days=at) for at in range(axis.range.days)]
    counts = trailing(active.sets(), days, series.measured().window)
    return counts[-1], dict(enumerate(counts))


_FIGURES: dict[str, Callable[[ActiveDays, Series, Axis], _Points]] = {
    "users": _users,
    "total": _total,
    "per_user": _per_user,
    "wau": _trailing,
    "mau": _trailing,
}
