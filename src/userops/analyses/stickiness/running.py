"""From the engine's counts to the result of a stickiness."""

from __future__ import annotations

from typing import Any

from userops.analyses.breakdown import NO_GROUPS, Groups, Value, names_of
from userops.analyses.stickiness import asking
from userops.analyses.stickiness.asking import WHOLE, Day
from userops.analyses.stickiness.document import MAX_INTERVALS, Stickiness
from userops.errors import DocumentError
from userops.query.axis import Axis
from userops.query.dates import DateRange
from userops.query.scope import Scope
from userops.words import Words

Counted = list[tuple[int, int, int]]
_NOBODY = Day(0, 0, 0)


def axis_of(document: Stickiness, scope: Scope, range_: DateRange | None = None) -> Axis:
    """The intervals that are counted. Raises `DocumentError` for too many."""
    axis = Axis(range_ or document.range, document.unit, scope.zone)
    most = asking.longest(document, axis) if document.view == "periods" else len(axis.buckets)
    if most > MAX_INTERVALS and document.view != "ratio":
        raise DocumentError(
            Words(
                f"区间过多：{most} 个，上限 {MAX_INTERVALS} 个。",
                f"Too many intervals: {most}, at most {MAX_INTERVALS}.",
            ),
            code="too_many_intervals",
            hint=Words(
                "缩短日期范围，或改用更大的单位。", "Shorten the range or use a larger unit."
            ),
        )
    return axis


def run(document: Stickiness, scope: Scope) -> dict[str, Any]:
    axis = axis_of(document, scope)
    groups = asking.leading(document, scope, axis)
    result: dict[str, Any] = {
        "unit": document.unit,
        "unfinished": axis.unfinished(scope.now),
        "partial": axis.partial,
        "truncated": groups.more,
    }
    parts = _figures(document, scope, axis, groups)
    compared = document.compared_range()
    if compared is not None:
        then = _figures(document, scope, axis_of(document, scope, compared), groups)
        for value, part in parts.items():
            part["comparison"] = then[value]
        dates = {"from": str(compared.first), "to": str(compared.last_day)}
        parts[()]["comparison"] = {**dates, **then[()]}
    result |= parts.pop(())
    names = names_of(document.breakdown)
    result["breakdown"] = [
        {"breakdown": dict(zip(names, value, strict=True)), **part} for value, part in parts.items()
    ]
    return result


def _figures(
    document: Stickiness, scope: Scope, axis: Axis, groups: Groups
) -> dict[Value, dict[str, Any]]:
    """The figures of the whole, under the empty value, and of each group."""
    found: dict[Value, dict[str, Any]] = {}
    for each in [NO_GROUPS, *([groups] if groups.width else [])]:
        wanted = each.all if each.width else [()]
        if document.view != "ratio":
            counted = asking.frequencies(document, scope, axis, each)
            for value in wanted:
                found[value] = _frequency(document, scope, axis, counted.get(value, {}))
        if document.view == "ratio" or not each.width:
            daily = Axis(axis.range, "day", axis.zone)
            days = asking.days(document, scope, daily, each)
            for value in wanted:
                found.setdefault(value, {})["ratio"] = _ratio(scope, daily, days.get(value, {}))
    return found


def _frequency(
    document: Stickiness, scope: Scope, axis: Axis, counted: dict[int, Counted]
) -> dict[str, Any]:
    if document.view != "periods":
        return _spread(counted.get(WHOLE, []), len(axis.buckets))
    longest = asking.longest(document, axis)
    return {
        "periods": [
            {
                "start": period.key(),
                **_spread(counted.get(place, []), longest),
                "unfinished": period.unfinished(scope.now),
            }
            for place, period in enumerate(asking.periods(document, axis).buckets)
        ]
    }


def _spread(counted: Counted, intervals: int) -> dict[str, Any]:
    """`exactly[k - 1]` and `at_least[k - 1]`: persons active in k intervals. `average`: active
    intervals that are over, per person who has any."""
    exactly = [0] * intervals
    for active, _, users in counted:
        exactly[active - 1] += users
    some = sum(users for _, finished, users in counted if finished)
    total = sum(finished * users for _, finished, users in counted)
    at_least = [sum(exactly[place:]) for place in range(intervals)]
    return {
        "users": sum(exactly),
        "average": total / some if some else None,
        "exactly": exactly,
        "at_least": at_least,
    }


def _ratio(scope: Scope, axis: Axis, days: dict[int, Day]) -> dict[str, Any]:
    """By day; `dau_mau` and `dau_wau` of the range are pooled over the days that are over."""
    found = [days.get(place, _NOBODY) for place in range(len(axis.buckets))]
    over = [
        day
        for day, bucket in zip(found, axis.buckets, strict=True)
        if not bucket.unfinished(scope.now)
    ]
    dau = sum(day.dau for day in over)
    return {
        "dau_mau": _share(dau, sum(day.mau for day in over)),
        "dau_wau": _share(dau, sum(day.wau for day in over)),
        "points": [
            {
                "start": bucket.key(),
                "dau": day.dau,
                "wau": day.wau,
                "mau": day.mau,
                "dau_mau": _share(day.dau, day.mau),
                "dau_wau": _share(day.dau, day.wau),
                "unfinished": bucket.unfinished(scope.now),
            }
            for bucket, day in zip(axis.buckets, found, strict=True)
        ],
    }


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
