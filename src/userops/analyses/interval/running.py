"""From the engine's aggregates to the result of an interval."""

from __future__ import annotations

from typing import Any

from userops.analyses.breakdown import NO_GROUPS, Groups, Value, names_of
from userops.analyses.interval import asking
from userops.analyses.interval.document import Interval
from userops.errors import DocumentError
from userops.query.axis import Axis
from userops.query.dates import milliseconds
from userops.query.durations import EDGES
from userops.query.scope import Scope
from userops.words import Words

MAX_POINTS = 200_000
Bars = dict[Value, list[int]]


def axis_of(document: Interval, scope: Scope) -> Axis:
    """The periods of the range. Raises `DocumentError` for too many points."""
    axis = Axis(document.range, document.unit, scope.zone)
    lines = 1 + (document.limit if document.breakdown else 0)
    if document.view == "periods" and lines * len(axis.buckets) > MAX_POINTS:
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
    return axis


def run(document: Interval, scope: Scope) -> dict[str, Any]:
    axis = axis_of(document, scope)
    groups = asking.leading(document, scope, axis)
    compared = document.compared_range()
    then_axis = Axis(compared, document.unit, scope.zone) if compared else None
    parts, bars = _parts(document, scope, axis, groups)
    then, then_bars = _parts(document, scope, then_axis, groups) if then_axis else ({}, {})
    if document.view == "histogram":
        used = _used([*bars.values(), *then_bars.values()])
        _add_histograms(parts, bars, used)
        _add_histograms(then, then_bars, used)
    if compared:
        for value, part in parts.items():
            part["comparison"] = then[value]
        dates = {"from": str(compared.first), "to": str(compared.last_day)}
        parts[()]["comparison"] = {**dates, **then[()]}
    names = names_of(document.breakdown)
    return {
        "unit": document.unit,
        "partial": axis.partial,
        "truncated": groups.more,
        "unfinished": _unfinished(document, scope, axis),
        **parts.pop(()),
        "breakdown": [
            {"breakdown": dict(zip(names, value, strict=True)), **part}
            for value, part in parts.items()
        ],
    }


def _unfinished(document: Interval, scope: Scope, axis: Axis) -> list[str]:
    """Periods whose starts may still find an end."""
    limit = milliseconds(scope.now) - document.within_ms
    after = axis.bounds[1]
    return [each.key() for each in axis.buckets if limit < min(each.end, after)]


def _parts(
    document: Interval, scope: Scope, axis: Axis, groups: Groups
) -> tuple[dict[Value, dict[str, Any]], Bars]:
    """The figures of the whole, under the empty value, and of each group; and their histograms."""
    found: dict[Value, dict[str, Any]] = {}
    bars: Bars = {}
    for each in [NO_GROUPS, *([groups] if groups.width else [])]:
        rows = asking.figures(document, scope, axis, each)
        if document.view == "histogram":
            bars |= asking.histograms(document, scope, axis, each)
        for value in each.all if each.width else [()]:
            part = rows.get(value, {})
            found[value] = _figures(part.get(None))
            if document.view == "periods":
                found[value]["points"] = _points(document, scope, axis, part)
    return found, bars


def _points(
    document: Interval, scope: Scope, axis: Axis, rows: dict[int | None, dict[str, Any]]
) -> list[dict[str, Any]]:
    unfinished = set(_unfinished(document, scope, axis))
    return [
        {
            "start": bucket.key(),
            **_figures(rows.get(place)),
            "unfinished": bucket.key() in unfinished,
        }
        for place, bucket in enumerate(axis.buckets)
    ]


_NAMES = ("min", "low", "q1", "median", "q3", "high", "max", "p90", "mean")


def _figures(row: dict[str, Any] | None) -> dict[str, Any]:
    """In seconds; of no pair there are none."""
    if row is None:
        return {"pairs": 0, "users": 0, **dict.fromkeys(_NAMES)}
    q1, median, q3, p90 = row["points"]
    found = (
        row["least"], row["low"], q1, median, q3, row["high"], row["most"], p90, row["total"] / row["pairs"],
    )  # fmt: skip
    seconds = {name: float(each) / 1000 for name, each in zip(_NAMES, found, strict=True)}
    return {"pairs": row["pairs"], "users": row["users"], **seconds}


def _used(histograms: list[list[int]]) -> range:
    """From the first part that holds a pair to the last."""
    held = [place for counts in histograms for place, count in enumerate(counts) if count]
    return range(min(held), max(held) + 1) if held else range(0)


def _add_histograms(parts: dict[Value, dict[str, Any]], bars: Bars, used: range) -> None:
    ends = [*EDGES[1:], None]
    for value, part in parts.items():
        counts = bars.get(value, [0] * len(EDGES))
        part["histogram"] = [
            {"from": EDGES[place], "to": ends[place], "pairs": counts[place]} for place in used
        ]
