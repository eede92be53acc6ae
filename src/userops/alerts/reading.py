"""The line that an alert watches: its saved trend, asked in the one way that pages ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from userops.alerts.models import Alert
from userops.analyses.answering import Answer, Source, answer, parse
from userops.analyses.trend.document import Trend
from userops.analyses.trend.labels import entry_words, index_words
from userops.analyses.trend.measures import MEASURE
from userops.errors import Refused
from userops.insights.builder.choices import Choices
from userops.insights.builder.naming import with_names
from userops.query.dates import Bucket, Unit, absolute, buckets, start_of
from userops.query.steps import OTHERS
from userops.words import Words

HISTORY: dict[str, int] = {
    "hour": 35,
    "day": 7 * 12 + 1,
    "week": 7 * 105,
    "month": 31 * 61,
    "quarter": 92 * 41,
    "year": 366 * 20,
}
"""Days that are looked back over, by the trend's unit."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A line over finished periods, oldest first. `counts`: its values are numbers of things."""

    unit: Unit
    periods: tuple[Bucket, ...]
    values: tuple[float | None, ...]
    counts: bool
    words: Words
    answer: Answer


def read(alert: Alert, source: Source, now: datetime) -> Reading:
    """Ask the trend over its history. Raises `UserOpsError` when it cannot be asked any more."""
    trend = trend_of(alert.analysis.document)
    zone = ZoneInfo(alert.product.timezone)
    shown = _document(alert, trend, now.astimezone(zone).date())
    names = [
        with_names(parse(shown)[1], Choices(alert.product, language)) for language in ("zh", "en")
    ]
    found = answer(names[0], source)
    asked = cast("Trend", found.document)
    every = buckets(asked.range, asked.unit, zone)
    # events may come late; and a period is not judged before it is over
    over = now - timedelta(minutes=alert.wait_minutes)
    finished = [each for each in every if not each.unfinished(over)]
    entry = _entry(alert, asked, found.result)
    values = [None if figure is None else float(figure) for _, figure in entry["points"]]
    return Reading(
        unit=asked.unit,
        periods=tuple(finished),
        values=tuple(values[: len(finished)]),
        counts=_counts(alert, asked),
        words=_words(alert, names, entry),
        answer=found,
    )


def trend_of(document: Mapping[str, Any]) -> Trend:
    """The trend of a saved document. Raises `Refused` for another analysis."""
    question = parse(document)[1]
    if not isinstance(question, Trend):
        raise Refused(
            Words("只有事件分析（趋势）可以设告警。", "Only a trend can be watched by an alert."),
            code="alert_needs_trend",
        )
    return question


def check_line(trend: Trend, series: int, breakdown: Mapping[str, Any]) -> None:
    """Whether a trend has such a line. Raises `Refused`."""
    lines = len(trend.series) + len(trend.formulas)
    if not 0 <= series < lines:
        raise Refused(
            Words(
                f"该分析没有第 {series + 1} 个指标，共 {lines} 个。",
                f"The trend has no figure {series + 1}; there are {lines}.",
            ),
            code="alert_series_missing",
        )
    names = set(trend.breakdown_names())
    if breakdown and set(breakdown) != names:
        known = "、".join(sorted(names)) or "—"
        raise Refused(
            Words(
                f"拆分维度与该分析不一致；该分析的拆分：{known}。",
                f"The breakdown is not that of the trend, which has: {known}.",
            ),
            code="alert_breakdown_missing",
        )


def line_words(trend: Trend, series: int) -> Words:
    return index_words(trend, series)


def _document(alert: Alert, trend: Trend, today: date) -> dict[str, Any]:
    """The trend's own document over the history; of a breakdown only what is watched."""
    check_line(trend, alert.series, alert.breakdown)
    first = start_of(today - timedelta(days=HISTORY[trend.unit]), trend.unit)
    document = {
        **trend.as_json(),
        "product": alert.product.slug,
        "range": absolute(first, today).model_dump(mode="json", by_alias=True, exclude_none=True),
    }
    document.pop("compare", None)
    # it watches on, also where the question was asked of data that ended
    document.pop("until", None)
    if not alert.breakdown:
        document.pop("breakdown", None)
    elif OTHERS not in alert.breakdown.values():
        document["limit"] = 1000  # a small group is told apart too
    return document


def _entry(alert: Alert, trend: Trend, result: dict[str, Any]) -> dict[str, Any]:
    """The line watched; that of a group which did nothing is empty."""
    lines = [each for each in result["series"] if each["index"] == alert.series]
    for each in lines:
        if dict(each["breakdown"]) == alert.breakdown:
            return dict(each)
    formula = alert.series >= len(trend.series)
    empty = None if formula else MEASURE[trend.series[alert.series].measure].empty
    points = result["series"][0]["points"] if result["series"] else _no_points(trend, alert)
    return {
        "index": alert.series,
        "breakdown": alert.breakdown,
        "points": [(start, empty) for start, _ in points],
    }


def _no_points(trend: Trend, alert: Alert) -> Sequence[tuple[str, None]]:
    every = buckets(trend.range, trend.unit, ZoneInfo(alert.product.timezone))
    return [(each.key(), None) for each in every]


def _counts(alert: Alert, trend: Trend) -> bool:
    if alert.series >= len(trend.series):
        return False
    return MEASURE[trend.series[alert.series].measure].type == "whole"


def _words(alert: Alert, named: list[dict[str, Any]], entry: dict[str, Any]) -> Words:
    """How the line is called, in both languages."""
    trends = [cast("Trend", parse(each)[1]) for each in named]
    zh, en = (entry_words(each, entry) for each in trends)
    index = [index_words(each, alert.series) for each in trends]
    if alert.breakdown and len(trends[0].formulas or trends[0].series) == 1:
        return Words(f"{index[0].zh} · {zh.zh}", f"{index[1].en} · {en.en}")
    return Words(zh.zh, en.en)
