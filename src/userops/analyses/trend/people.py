"""Who is behind a number of a trend."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from userops.analyses.breakdown import REST, tuples_sql, value_sql
from userops.analyses.chosen import Selection
from userops.analyses.table import People
from userops.analyses.trend.asking import SQL, series_sql, top_values
from userops.analyses.trend.document import Series, Trend
from userops.analyses.trend.ranking import Ranking
from userops.analyses.trend.running import lines_drawn
from userops.query.axis import Axis
from userops.query.dates import DateRange
from userops.query.scope import Scope
from userops.query.sql import Values, statement
from userops.query.steps import OTHERS


class Chosen(Selection):
    """`{"series": 0, "start": "2024-02-01", "breakdown": {"city": "上海"}, "comparison": false}`"""

    EXAMPLE = '{"series": 0, "start": "2024-02-01", "breakdown": {"city": "上海"}}'

    series: int = Field(default=0, ge=0)


def people(
    document: Trend, scope: Scope, selection: Mapping[str, Any], limit: int, offset: int
) -> People:
    """The persons with an event in the cell. Raises `DocumentError` for a wrong selection."""
    chosen = _selected(document, selection)
    series = document.series[chosen.series]
    axis = Axis(chosen.range_of(document), document.unit, scope.zone)
    begin, after = _bounds(axis, series, chosen)
    values = scope.values()
    value, known = value_sql(document.breakdown, values, scope.person)
    pieces = {
        "person": scope.person,
        "known": known,
        "condition": series_sql(document, series, scope, values),
        "chosen": _chosen_sql(document, scope, chosen, value, values),
        "begin": values.instant(begin),
        "after": values.instant(after),
        "offset": values.whole(offset),
        "limit": values.whole(limit),
    }
    row = scope.ask(statement(SQL / "people.sql", pieces), values).to_pylist()[0]
    return People(row["persons"], row["total"])


def _selected(document: Trend, selection: Mapping[str, Any]) -> Chosen:
    chosen = Chosen.of(selection, document.breakdown_names())
    count = len(document.series)
    if chosen.series >= count:
        raise Chosen.wrong(
            f"series 应为 0 到 {count - 1} 之间的序列序号，公式没有对应的用户",
            f"series must be the number of a series, 0 to {count - 1}; a formula has no users",
        )
    return chosen


def _bounds(axis: Axis, series: Series, chosen: Chosen) -> tuple[int, int]:
    """The milliseconds that the number looks at."""
    begin, after = axis.bounds
    window = series.measured().window
    if chosen.start is None and not window:
        return begin, after
    bucket = axis.buckets[-1 if chosen.start is None else chosen.place_in(axis)]
    if window:
        day = DateRange.model_construct(from_=bucket.start, to=bucket.start)
        return Axis(day, "day", axis.zone).trailing_begin(window), bucket.end
    return max(bucket.begin, begin), min(bucket.end, after)


def _chosen_sql(document: Trend, scope: Scope, chosen: Chosen, value: str, values: Values) -> str:
    """The condition for having the chosen breakdown value; others are all but the leading ones."""
    if not chosen.breakdown:
        return "1"
    asked = chosen.value_of(document.breakdown_names())
    width = len(asked)
    special = set(asked)
    if special not in ({OTHERS}, {REST}):
        return f"{value} in {tuples_sql((asked,), width, values)}"
    ranking: Ranking = top_values(document, scope, lines_drawn(document))
    told_apart = ranking.values if special == {OTHERS} else ranking.drawn_values
    return f"{value} not in {tuples_sql(told_apart, width, values)}"
