"""Who is behind a number of a trend."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from userops.analyses.breakdown import REST, Value, tuples_sql, value_sql
from userops.analyses.table import People
from userops.analyses.trend.asking import SQL, series_sql, top_values
from userops.analyses.trend.document import Series, Trend
from userops.analyses.trend.ranking import Ranking
from userops.analyses.trend.running import lines_drawn
from userops.errors import DocumentError
from userops.query.axis import Axis
from userops.query.dates import DateRange
from userops.query.scope import Scope
from userops.query.sql import Values, statement
from userops.query.steps import OTHERS
from userops.words import Words


class Selection(BaseModel):
    """`{"series": 0, "start": "2024-02-01", "breakdown": {"city": "上海"}, "comparison": false}`"""

    model_config = ConfigDict(frozen=True, extra="forbid")

    series: int = Field(default=0, ge=0)
    start: str | None = None
    breakdown: dict[str, str] = Field(default_factory=dict)
    comparison: bool = False


def people(
    document: Trend, scope: Scope, selection: Mapping[str, Any], limit: int, offset: int
) -> People:
    """The persons with an event in the cell. Raises `DocumentError` for a wrong selection."""
    chosen = _selected(document, selection)
    series = document.series[chosen.series]
    axis = Axis(_range(document, chosen), document.unit, scope.zone)
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


def _wrong(zh: str, en: str) -> DocumentError:
    return DocumentError(
        Words(f"选择不正确：{zh}。", f"The selection is wrong: {en}."),
        code="selection_invalid",
        hint=Words(
            '格式如 {"series": 0, "start": "2024-02-01", "breakdown": {"city": "上海"}}。',
            'It reads like {"series": 0, "start": "2024-02-01", "breakdown": {"city": "上海"}}.',
        ),
    )


def _selected(document: Trend, selection: Mapping[str, Any]) -> Selection:
    try:
        chosen = Selection.model_validate(dict(selection))
    except ValidationError as wrong:
        where = ".".join(str(part) for part in wrong.errors()[0]["loc"])
        raise _wrong(f"{where} 的格式不对", f"{where} is not in the right form") from None
    count = len(document.series)
    if chosen.series >= count:
        raise _wrong(
            f"series 应为 0 到 {count - 1} 之间的序列序号，公式没有对应的用户",
            f"series must be the number of a series, 0 to {count - 1}; a formula has no users",
        )
    names = document.breakdown_names()
    if chosen.breakdown and set(chosen.breakdown) != set(names):
        raise _wrong(f"breakdown 应包含 {names}", f"breakdown must hold {names}")
    return chosen


def _range(document: Trend, chosen: Selection) -> DateRange:
    compared = document.compared_range()
    if not chosen.comparison:
        return document.range
    if compared is None:
        raise _wrong("文档没有对比", "the document compares with nothing")
    return compared


def _bounds(axis: Axis, series: Series, chosen: Selection) -> tuple[int, int]:
    """The milliseconds that the number looks at."""
    begin, after = axis.bounds
    window = series.measured().window
    if chosen.start is None and not window:
        return begin, after
    keys = {each.key(): each for each in axis.buckets}
    bucket = keys.get(chosen.start) if chosen.start else axis.buckets[-1]
    if bucket is None:
        raise _wrong("start 应为结果中的一个区间", "start must be an interval of the result")
    if window:
        day = DateRange.model_construct(from_=bucket.start, to=bucket.start)
        return Axis(day, "day", axis.zone).trailing_begin(window), bucket.end
    return max(bucket.begin, begin), min(bucket.end, after)


def _chosen_sql(
    document: Trend, scope: Scope, chosen: Selection, value: str, values: Values
) -> str:
    """The condition for having the chosen breakdown value; others are all but the leading ones."""
    if not chosen.breakdown:
        return "1"
    asked: Value = tuple(chosen.breakdown[name] for name in document.breakdown_names())
    width = len(asked)
    special = set(asked)
    if special not in ({OTHERS}, {REST}):
        return f"{value} in {tuples_sql((asked,), width, values)}"
    ranking: Ranking = top_values(document, scope, lines_drawn(document))
    told_apart = ranking.values if special == {OTHERS} else ranking.drawn_values
    return f"{value} not in {tuples_sql(told_apart, width, values)}"
