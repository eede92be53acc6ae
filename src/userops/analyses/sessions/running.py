"""Running sessions: the figures of the answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from userops.analyses.breakdown import NO_GROUPS, Groups, Value
from userops.analyses.sessions.counting import bars_of, over, periods, tally
from userops.analyses.sessions.document import Sessions
from userops.analyses.sessions.figures import edges
from userops.analyses.sessions.finding import Part, find
from userops.analyses.sessions.groups import grouped
from userops.analyses.timelines import Ints
from userops.errors import DocumentError
from userops.query.axis import Axis
from userops.query.scope import Scope
from userops.words import Words

MAX_POINTS = 200_000


def axis_of(document: Sessions, scope: Scope) -> Axis:
    """The periods of the range. Raises `DocumentError` for too many points."""
    axis = Axis(document.range, document.unit, scope.zone)
    lines = 1 + (document.limit if document.width else 0)
    if document.view == "figures" and lines * len(axis.buckets) > MAX_POINTS:
        raise DocumentError(
            Words(
                f"结果过大：{lines} 组 × {len(axis.buckets)} 个区间，上限 {MAX_POINTS} 个点。",
                f"The result is too large: {lines} groups × {len(axis.buckets)} intervals, at most "
                f"{MAX_POINTS} points.",
            ),
            code="too_many_points",
            hint=Words(
                "减小 limit、缩短日期范围，或改用更大的单位。",
                "Lower `limit`, shorten the range or use a larger unit.",
            ),
        )
    return axis


def run(document: Sessions, scope: Scope) -> dict[str, Any]:
    axis = axis_of(document, scope)
    parts, groups = _parts(document, scope, axis)
    result: dict[str, Any] = {
        "unit": document.unit,
        "partial": axis.partial,
        "truncated": groups.more,
    }
    compared = document.compared_range()
    if compared is not None:
        then, _ = _parts(document, scope, Axis(compared, document.unit, scope.zone), groups)
        for value, part in parts.items():
            part["comparison"] = then[value]
        dates = {"from": str(compared.first), "to": str(compared.last_day)}
        parts[()]["comparison"] = {**dates, **then[()]}
    result |= parts.pop(())
    result["breakdown"] = [
        {"breakdown": dict(zip(document.names, value, strict=True)), **part}
        for value, part in parts.items()
    ]
    return result


def _parts(
    document: Sessions, scope: Scope, axis: Axis, groups: Groups | None = None
) -> tuple[dict[Value, dict[str, Any]], Groups]:
    """The figures of the whole, under the empty value, and of each group: of those given, or of the leading ones."""
    found = find(document, scope, axis.range, apart=document.width > 0)
    measured = _measured(document, scope, axis, found.sessions)
    whole = np.zeros(len(found.sessions), np.int64)
    parts: dict[Value, dict[str, Any]] = {
        (): _figures(document, scope, axis, measured, whole, 1)[0]
    }
    if not document.width:
        return parts, NO_GROUPS
    apart = grouped(document, scope, found)
    groups = apart.leading(document) if groups is None else groups
    place = apart.places(groups)
    figures = _figures(document, scope, axis, measured, place, len(groups.all))
    return parts | dict(zip(groups.all, figures, strict=True)), groups


@dataclass(frozen=True, slots=True)
class _Measured:
    """Sessions, which of them are over, and where each stands in what is drawn: its period, its bar, or nowhere for
    entries and exits."""

    part: Part
    closed: Ints
    drawn: Ints


def _measured(document: Sessions, scope: Scope, axis: Axis, part: Part) -> _Measured:
    drawn: Ints = np.zeros(0, np.int64)
    if document.view == "figures":
        drawn = periods(axis, part)
    elif not document.at_places:
        drawn = bars_of(document, part)
    return _Measured(part, over(document, scope, part), drawn)


def _figures(
    document: Sessions, scope: Scope, axis: Axis, of: _Measured, group: Ints, count: int
) -> list[dict[str, Any]]:
    """The figures of each of `count` groups; sessions of a group below 0 count nowhere."""
    found = tally(document, of.part, of.closed, group, count)
    figures = [found.figures(at) for at in range(count)]
    if document.view == "figures":
        points = len(axis.buckets)
        cell = np.where(group < 0, -1, group * points + of.drawn)
        found = tally(document, of.part, of.closed, cell, count * points)
        for at, each in enumerate(figures):
            cells = range(at * points, (at + 1) * points)
            each["points"] = _points(scope, axis, [found.figures(cell) for cell in cells])
    elif not document.at_places:
        bars = edges(document.view)
        ended = np.flatnonzero(of.closed & (group >= 0))
        cell = group[ended] * len(bars) + of.drawn[ended]
        counts = np.bincount(cell, minlength=count * len(bars)).reshape(count, len(bars))
        for each, row in zip(figures, counts.tolist(), strict=True):
            each["histogram"] = _histogram(bars, row)
    return figures


def _points(scope: Scope, axis: Axis, figures: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A period is unfinished while it runs, or while a session that began in it goes on."""
    return [
        {
            "start": bucket.key(),
            **each,
            "unfinished": bucket.unfinished(scope.now) or each["open"] > 0,
        }
        for bucket, each in zip(axis.buckets, figures, strict=True)
    ]


def _histogram(begins: tuple[int, ...], counts: list[int]) -> list[dict[str, Any]]:
    return [
        {"from": begin, "to": end, "sessions": count}
        for begin, end, count in zip(begins, [*begins[1:], None], counts, strict=True)
    ]
