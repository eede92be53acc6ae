"""An interval as an ECharts option: boxes, a histogram, or boxes over time."""

from __future__ import annotations

from typing import Any

from userops.analyses.breakdown import group_words
from userops.analyses.interval.document import Interval
from userops.analyses.interval.table import MEDIAN, PAIRS, Q1, Q3, parts_of, share
from userops.query.comparison import SHORT
from userops.query.dates import short_label
from userops.query.durations import span_name
from userops.words import Words

MAX_SERIES = 8
MAX_BOXES = 20
INTERVAL = Words("间隔", "Interval")
_SHARE = Words("占比", "Share of pairs")
_LOW = Words("下须", "Lower whisker")
_HIGH = Words("上须", "Upper whisker")
_FILL = "rgba(128, 134, 146, 0.22)"
"""Inside a box: readable on light and on dark."""


def chart(document: Interval, result: dict[str, Any], language: str) -> dict[str, Any]:
    """Boxes from the lower to the upper quartile with their median; groups of a histogram as shares."""
    if document.view == "histogram":
        return _histogram(document, result, language)
    if document.view == "periods":
        return _periods(document, result, language)
    return _boxes(document, result, language)


def drawn(result: dict[str, Any], most: int) -> list[tuple[dict[str, str], dict[str, Any]]]:
    """The whole, or the leading groups in its place."""
    parts = list(parts_of(result))
    return parts[1 : most + 1] or parts


def series_name(document: Interval, group: dict[str, str], language: str) -> str:
    if group:
        return group_words(group).text(language)
    return (PAIRS.words if document.view == "histogram" else INTERVAL).text(language)


def _frame(names: list[str], title: str, format_: str) -> dict[str, Any]:
    return {
        "aria": {"enabled": True},
        "grid": {"left": 8, "right": 16, "top": 40, "bottom": 8, "containLabel": True},
        "legend": {"top": 0, "left": 0, "type": "scroll"},
        "tooltip": {"trigger": "axis", "confine": True, "axisPointer": {"type": "shadow"}},
        "xAxis": {"type": "category", "data": names},
        "yAxis": {"type": "value", "min": 0, "name": title, "nameTextStyle": {"align": "left"}},
        "userops": {"format": format_},
    }


def _box_series(
    id_: str, name: str, parts: list[dict[str, Any]], language: str, *, pale: bool = False
) -> dict[str, Any]:
    """One box for each part; none where there is no pair."""
    names = ("low", "q1", "median", "q3", "high")
    words = (_LOW, Q1.words, MEDIAN.words, Q3.words, _HIGH)
    return {
        "id": id_,
        "name": name,
        "type": "boxplot",
        "boxWidth": [6, 48],
        "itemStyle": {"color": _FILL, "opacity": 0.5 if pale else 1},
        "data": [[part[each] for each in names] if part["pairs"] else "-" for part in parts],
        "userops": {"parts": [each.text(language) for each in words]},
    }


def _boxes(document: Interval, result: dict[str, Any], language: str) -> dict[str, Any]:
    parts = drawn(result, MAX_BOXES)
    whole = Words("全部", "All").text(language)
    names = [group_words(group).text(language) if group else whole for group, _ in parts]
    name = INTERVAL.text(language)
    series = [_box_series("0", name, [part for _, part in parts], language)]
    if document.compare is not None:
        then = [part["comparison"] for _, part in parts]
        base = SHORT[document.compare].text(language)
        series.append(_box_series("0:compared", f"{name} · {base}", then, language, pale=True))
    return {**_frame(names, "", "seconds"), "series": series}


def _histogram(document: Interval, result: dict[str, Any], language: str) -> dict[str, Any]:
    names = [span_name(each, language) for each in result["histogram"]]
    parts = drawn(result, MAX_SERIES)
    broken = bool(parts[0][0])
    series: list[dict[str, Any]] = []
    for number, (group, part) in enumerate(parts):
        name = series_name(document, group, language)
        series.append(_bar(str(number), name, part["histogram"], broken))
        if "comparison" in part and document.compare is not None:
            base = SHORT[document.compare].text(language)
            then = part["comparison"]["histogram"]
            bar = _bar(f"{number}:compared", f"{name} · {base}", then, broken)
            series.append({**bar, "itemStyle": {"opacity": 0.45}})
    title = (_SHARE if broken else PAIRS.words).text(language)
    return {**_frame(names, title, "percent" if broken else "count"), "series": series}


def _bar(id_: str, name: str, histogram: list[dict[str, Any]], shares: bool) -> dict[str, Any]:
    places = range(len(histogram))
    return {
        "id": id_,
        "name": name,
        "type": "bar",
        "barMaxWidth": 40,
        "data": [share(histogram, at) if shares else histogram[at]["pairs"] for at in places],
    }


def _periods(document: Interval, result: dict[str, Any], language: str) -> dict[str, Any]:
    """Boxes of the whole, or the medians of the groups as lines."""
    points = result["points"]
    starts = [short_label(point["start"], document.unit) for point in points]
    if not result["breakdown"]:
        series = [_box_series("0", INTERVAL.text(language), points, language)]
        return {**_frame(starts, "", "seconds"), "series": series}
    series = [
        {
            "id": str(number),
            "name": series_name(document, group, language),
            "type": "line",
            "showSymbol": len(points) <= 31,
            "emphasis": {"focus": "series"},
            "data": [point["median"] for point in part["points"]],
            "userops": {"unfinished": sum(point["unfinished"] for point in points)},
        }
        for number, (group, part) in enumerate(drawn(result, MAX_SERIES))
    ]
    frame = _frame(starts, MEDIAN.words.text(language), "seconds")
    frame["xAxis"]["boundaryGap"] = len(points) == 1
    frame["tooltip"] = {"trigger": "axis", "confine": True}
    return {**frame, "series": series}
