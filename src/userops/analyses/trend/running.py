"""From the engine's figures to the result of a trend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from userops.analyses.breakdown import REST, Value
from userops.analyses.trend.asking import figures, ranked_at_once, ranked_figures, top_values
from userops.analyses.trend.document import Trend
from userops.analyses.trend.measures import Figure
from userops.analyses.trend.ranking import Figures, Ranking
from userops.errors import DocumentError
from userops.query.axis import Axis
from userops.query.scope import Scope
from userops.query.steps import OTHERS
from userops.words import Words

MAX_LINES = 8
MAX_POINTS = 1_000_000


@dataclass(frozen=True, slots=True)
class Line:
    """One line with all its points."""

    total: Figure
    points: list[Figure]


def lines_drawn(document: Trend) -> int:
    """How many breakdown values of each series a chart draws, the rest aside."""
    shown = len(document.formulas) or len(document.series)
    return max(1, MAX_LINES // (shown * (2 if document.compare else 1)))


def incomplete(result: Mapping[str, Any]) -> set[str]:
    """Starts of the intervals that are not over, or that the range cuts: their figures look like a fall."""
    return {*result["unfinished"], *result["partial"]}


def run(document: Trend, scope: Scope) -> dict[str, Any]:
    axis = Axis(document.range, document.unit, scope.zone)
    drawn, known = lines_drawn(document), None
    if document.breakdown and ranked_at_once(document):
        ranking, known = ranked_figures(document, scope, axis, drawn)
    else:
        ranking = top_values(document, scope, drawn)
    _check_size(document, axis, ranking)
    now = _lines(document, scope, axis, ranking, known)
    compared = document.compared_range()
    then_axis = Axis(compared, document.unit, scope.zone) if compared else None
    then = _lines(document, scope, then_axis, ranking) if then_axis else []
    result: dict[str, Any] = {
        "unit": document.unit,
        "series": [],
        "unfinished": axis.unfinished(scope.now),
        "partial": axis.partial,
        "truncated": ranking.more,
    }
    if compared:
        result["comparison"] = {"from": str(compared.first), "to": str(compared.last_day)}
    shown = _shown_values(document, ranking, now, then)
    entries = _Entries(document, axis, now, then_axis, then)
    result["series"] = entries.of(shown)
    if document.breakdown and ranking.crowded:
        result["rest"] = entries.of([(REST,) * len(document.breakdown)])
        result["drawn"] = ranking.drawn
    return result


def _check_size(document: Trend, axis: Axis, ranking: Ranking) -> None:
    lines = len(ranking.values) * (len(document.series) + len(document.formulas))
    if lines * len(axis.buckets) > MAX_POINTS:
        raise DocumentError(
            Words(
                f"结果过大：{lines} 条线 × {len(axis.buckets)} 个区间，上限 {MAX_POINTS} 个点。",
                f"The result is too large: {lines} lines × {len(axis.buckets)} intervals, at most "
                f"{MAX_POINTS} points.",
            ),
            code="too_many_points",
            hint=Words(
                "减小 limit、缩短日期范围，或改用更大的单位。",
                "Lower `limit`, shorten the range or use a larger unit.",
            ),
        )


def _shown_values(
    document: Trend,
    ranking: Ranking,
    now: list[dict[Value, Line]],
    then: list[dict[Value, Line]],
) -> list[Value]:
    others = (OTHERS,) * len(document.breakdown)
    found = any(others in lines for lines in [*now, *then])
    return [*ranking.values, *([others] if document.breakdown and found else [])]


def _lines(
    document: Trend,
    scope: Scope,
    axis: Axis,
    ranking: Ranking,
    known: dict[Value, Figures] | None = None,
) -> list[dict[Value, Line]]:
    """Per series, then per formula: the lines by breakdown value. `known`: the figures of the only series."""
    series = []
    for each in document.series:
        empty = each.measured().empty
        found = figures(document, each, scope, axis, ranking) if known is None else known
        series.append({value: _filled(line, axis, empty) for value, line in found.items()})
    values = dict.fromkeys(value for lines in series for value in lines) or {(): None}
    empties = [
        Line(each.measured().empty, [each.measured().empty] * len(axis.buckets))
        for each in document.series
    ]
    computed = [
        {
            value: _computed(
                formula,
                [lines.get(value, empty) for lines, empty in zip(series, empties, strict=True)],
            )
            for value in values
        }
        for formula in document.parsed_formulas()
    ]
    return [*series, *computed]


def _filled(line: Figures, axis: Axis, empty: Figure) -> Line:
    return Line(line.total, [line.points.get(place, empty) for place in range(len(axis.buckets))])


def _computed(formula: Any, lines: Sequence[Line]) -> Line:
    total = formula([line.total for line in lines])
    return Line(total, [formula(row) for row in zip(*(line.points for line in lines), strict=True)])


@dataclass(frozen=True, slots=True)
class _Entries:
    """Writes lines as the entries of the result."""

    document: Trend
    axis: Axis
    now: list[dict[Value, Line]]
    then_axis: Axis | None
    then: list[dict[Value, Line]]

    def of(self, values: list[Value]) -> list[dict[str, Any]]:
        return [self._entry(index, value) for index in range(len(self.now)) for value in values]

    def _entry(self, index: int, value: Value) -> dict[str, Any]:
        names = self.document.breakdown_names()
        entry = {
            "index": index,
            **self._head(index),
            "breakdown": dict(zip(names, value, strict=True)),
            **self._figures(self.now, self.axis, index, value),
        }
        if self.then_axis is not None:
            entry["comparison"] = self._figures(self.then, self.then_axis, index, value)
            entry["comparison"]["change"] = _change(entry["total"], entry["comparison"]["total"])
        return entry

    def _head(self, index: int) -> dict[str, Any]:
        if index >= len(self.document.series):
            formula = self.document.formulas[index - len(self.document.series)]
            return {"formula": formula.formula, "label": formula.label}
        series = self.document.series[index]
        head = {"event": series.event, "label": series.label, "measure": series.measure}
        return head if series.property is None else {**head, "property": series.property}

    def _figures(
        self, lines: list[dict[Value, Line]], axis: Axis, index: int, value: Value
    ) -> dict[str, Any]:
        line = lines[index].get(value) or self._empty(index, axis)
        points = [
            [bucket.key(), figure] for bucket, figure in zip(axis.buckets, line.points, strict=True)
        ]
        return {"total": line.total, "points": points}

    def _empty(self, index: int, axis: Axis) -> Line:
        if index < len(self.document.series):
            empty = self.document.series[index].measured().empty
            return Line(empty, [empty] * len(axis.buckets))
        formula = self.document.parsed_formulas()[index - len(self.document.series)]
        nothing = [self._empty(number, axis) for number in range(len(self.document.series))]
        return _computed(formula, nothing)


def _change(now: Figure, then: Figure) -> Figure:
    """Relative change; none where the base is zero or unknown."""
    return None if now is None or not then else (now - then) / abs(then)
