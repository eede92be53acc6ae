"""From the engine's counts to the result of a distribution."""

from __future__ import annotations

from typing import Any

from userops.analyses.breakdown import NO_GROUPS, Groups, Value, names_of
from userops.analyses.distribution import asking
from userops.analyses.distribution.asking import WHOLE
from userops.analyses.distribution.buckets import buckets_of, shown
from userops.analyses.distribution.document import Distribution
from userops.errors import DocumentError
from userops.query.dates import DateRange
from userops.query.scope import Scope
from userops.words import Words

MAX_POINTS = 200_000
Counted = dict[Value, tuple[dict[str, Any], dict[int, dict[str, Any]]]]
"""By group: the aggregates of the range, and those of each period."""


def run(document: Distribution, scope: Scope) -> dict[str, Any]:
    _check_size(document, scope)
    groups, cuts = asking.leading(document, scope), asking.cuts_of(document, scope)
    now = _counted(document, scope, document.range, groups, cuts)
    compared = document.compared_range()
    then = _counted(document, scope, compared, groups, cuts) if compared else {}
    used = (
        bucket
        for whole, periods in [*now.values(), *then.values()]
        for row in [whole, *periods.values()]
        for bucket, users in enumerate(row.get("counts", ()))
        if users
    )
    writer = _Writer(document, scope, shown(document, cuts, used))
    axis = asking.periods(document, scope, document.range)
    result: dict[str, Any] = {
        "unit": document.unit,
        "buckets": [buckets_of(cuts)[place] for place in writer.places],
        "partial": axis.partial if axis else [],
        "truncated": groups.more,
        **writer.part(now[()], document.range),
    }
    if compared:
        dates = {"from": str(compared.first), "to": str(compared.last_day)}
        result["comparison"] = {**dates, **writer.part(then[()], compared)}
    result["breakdown"] = []
    for value in groups.all if groups.width else []:
        part = {"breakdown": dict(zip(names_of(document.breakdown), value, strict=True))}
        part |= writer.part(now[value], document.range)
        if compared:
            part["comparison"] = writer.part(then[value], compared)
        result["breakdown"].append(part)
    return result


def _check_size(document: Distribution, scope: Scope) -> None:
    axis = asking.periods(document, scope, document.range)
    lines = 1 + (document.limit if document.breakdown else 0)
    if axis and lines * len(axis.buckets) > MAX_POINTS:
        raise DocumentError(
            Words(
                f"结果过大：{lines} 组 × {len(axis.buckets)} 个区间，上限 {MAX_POINTS}。",
                f"The result is too large: {lines} groups × {len(axis.buckets)} intervals, at most "
                f"{MAX_POINTS}.",
            ),
            code="too_many_points",
            hint=Words(
                "减小 limit、缩短日期范围，或改用更大的单位。",
                "Lower `limit`, shorten the range or use a larger unit.",
            ),
        )


def _counted(
    document: Distribution,
    scope: Scope,
    range_: DateRange,
    groups: Groups,
    cuts: tuple[float, ...],
) -> Counted:
    found: Counted = {}
    for each in [NO_GROUPS, *([groups] if groups.width else [])]:
        whole = asking.counts(document, scope, range_, each, cuts, by_period=False)
        periods = (
            asking.counts(document, scope, range_, each, cuts, by_period=True)
            if document.period()
            else {}
        )
        for value in each.all if each.width else [()]:
            found[value] = (whole.get(value, {}).get(WHOLE, {}), periods.get(value, {}))
    return found


class _Writer:
    """Writes aggregates as figures of the result, `places` being the buckets that are shown."""

    def __init__(self, document: Distribution, scope: Scope, places: range):
        self.document, self.scope, self.places = document, scope, places

    def part(
        self, counted: tuple[dict[str, Any], dict[int, dict[str, Any]]], range_: DateRange
    ) -> dict[str, Any]:
        whole, periods = counted
        part = self._figures(whole)
        axis = asking.periods(self.document, self.scope, range_)
        if axis:
            part["points"] = [
                {
                    "start": bucket.key(),
                    **self._figures(periods.get(place, {})),
                    "unfinished": bucket.unfinished(self.scope.now),
                }
                for place, bucket in enumerate(axis.buckets)
            ]
        return part

    def _figures(self, row: dict[str, Any]) -> dict[str, Any]:
        """Of nobody: no persons, and no mean."""
        users = row.get("users", 0)
        counts = row.get("counts", ())
        return {
            "users": users,
            "total": row.get("total", 0),
            "mean": row["total"] / users if users else None,
            "median": row.get("median"),
            "min": row.get("least"),
            "max": row.get("most"),
            "counts": [counts[place] if counts else 0 for place in self.places],
        }
