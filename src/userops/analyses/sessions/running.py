"""From the engine's aggregates to the result about sessions."""

from __future__ import annotations

from typing import Any

from userops.analyses.breakdown import NO_GROUPS, Groups, Value
from userops.analyses.sessions import asking
from userops.analyses.sessions.document import Sessions
from userops.analyses.sessions.figures import NOTHING, edges, figures_of
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
    groups = asking.leading(document, scope, axis)
    result: dict[str, Any] = {
        "unit": document.unit,
        "partial": axis.partial,
        "truncated": groups.more,
    }
    parts = _parts(document, scope, axis, groups)
    compared = document.compared_range()
    if compared is not None:
        then = _parts(document, scope, Axis(compared, document.unit, scope.zone), groups)
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
    document: Sessions, scope: Scope, axis: Axis, groups: Groups
) -> dict[Value, dict[str, Any]]:
    """The figures of the whole, under the empty value, and of each group."""
    found: dict[Value, dict[str, Any]] = {}
    for each in [NO_GROUPS, *([groups] if groups.width else [])]:
        rows = asking.figures(document, scope, axis, each)
        drawn = document.view in ("length", "depth")
        bars = asking.histograms(document, scope, axis, each) if drawn else {}
        for value in each.all if each.width else [()]:
            part = rows.get(value, {})
            found[value] = figures_of(part.get(None, NOTHING))
            if document.view == "figures":
                found[value]["points"] = _points(scope, axis, part)
            if drawn:
                found[value]["histogram"] = _histogram(document, bars.get(value, []))
    return found


def _points(
    scope: Scope, axis: Axis, rows: dict[int | None, dict[str, Any]]
) -> list[dict[str, Any]]:
    """A period is unfinished while it runs, or while a session that began in it goes on."""
    points = []
    for place, bucket in enumerate(axis.buckets):
        figures = figures_of(rows.get(place, NOTHING))
        unfinished = bucket.unfinished(scope.now) or figures["open"] > 0
        points.append({"start": bucket.key(), **figures, "unfinished": unfinished})
    return points


def _histogram(document: Sessions, counts: list[int]) -> list[dict[str, Any]]:
    begins = edges(document.view)
    counts = counts or [0] * len(begins)
    return [
        {"from": begin, "to": end, "sessions": count}
        for begin, end, count in zip(begins, [*begins[1:], None], counts, strict=True)
    ]
