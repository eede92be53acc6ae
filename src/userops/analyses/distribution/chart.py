"""A distribution as an ECharts option: bars by bucket, stacked bars by period, or means over time."""

from __future__ import annotations

from typing import Any

from userops.analyses.breakdown import group_words
from userops.analyses.distribution.buckets import bucket_words
from userops.analyses.distribution.document import Distribution
from userops.analyses.distribution.table import MEAN, USERS, parts_of, share
from userops.query.comparison import SHORT
from userops.query.dates import short_label
from userops.query.naming import shown
from userops.words import Words

MAX_SERIES = 8
_SHARE = Words("用户占比", "Share of users")


def chart(document: Distribution, result: dict[str, Any], language: str) -> dict[str, Any]:
    """Groups are drawn as shares of their own users, the whole as numbers of users."""
    if document.period() is None:
        return _bars(document, result, language)
    if result["breakdown"]:
        return _means(document, result, language)
    return _stacks(document, result, language)


def drawn(result: dict[str, Any]) -> list[tuple[dict[str, str], dict[str, Any]]]:
    """The whole, or the leading groups in its place."""
    parts = list(parts_of(result))
    return parts[1 : MAX_SERIES + 1] or parts


def series_name(group: dict[str, str], language: str) -> str:
    return (group_words(group) if group else USERS.words).text(language)


def _frame(names: list[str], title: str, format_: str = "count") -> dict[str, Any]:
    return {
        "aria": {"enabled": True},
        "grid": {"left": 8, "right": 16, "top": 40, "bottom": 8, "containLabel": True},
        "legend": {"top": 0, "left": 0, "type": "scroll"},
        "tooltip": {"trigger": "axis", "confine": True, "axisPointer": {"type": "shadow"}},
        "xAxis": {"type": "category", "data": names},
        "yAxis": {"type": "value", "name": title, "nameTextStyle": {"align": "left"}},
        "userops": {"format": format_},
    }


def _by(document: Distribution, counted: Words, language: str) -> str:
    """`用户数（按次数）`, `Users by sum of amount`."""
    measure, name = document.measured().words, shown(document.property or "", "event")
    # a Latin name stands apart from the Chinese before it, too
    space = " " if name.zh[:1].isascii() else ""
    zh = f"{space}{name.zh} {measure.zh}" if name.zh else measure.zh
    en = f"{measure.en.lower()} of {name.en}" if name.en else measure.en.lower()
    return Words(f"{counted.zh}（按{zh}）", f"{counted.en} by {en}").text(language)


def _bars(document: Distribution, result: dict[str, Any], language: str) -> dict[str, Any]:
    parts = drawn(result)
    broken = bool(parts[0][0])
    names = [bucket_words(document, bucket).text(language) for bucket in result["buckets"]]
    series: list[dict[str, Any]] = []
    for number, (group, part) in enumerate(parts):
        name = series_name(group, language)
        series.append(_bar(str(number), name, part, broken))
        if "comparison" in part and document.compare is not None:
            base = SHORT[document.compare].text(language)
            bar = _bar(f"{number}:compared", f"{name} · {base}", part["comparison"], broken)
            series.append({**bar, "itemStyle": {"opacity": 0.45}})
    title = _by(document, _SHARE if broken else USERS.words, language)
    return {**_frame(names, title, "percent" if broken else "count"), "series": series}


def _bar(id_: str, name: str, part: dict[str, Any], shares: bool) -> dict[str, Any]:
    places = range(len(part["counts"]))
    return {
        "id": id_,
        "name": name,
        "type": "bar",
        "barMaxWidth": 40,
        "data": [share(part, at) if shares else part["counts"][at] for at in places],
    }


def stacks(document: Distribution, result: dict[str, Any]) -> list[tuple[Words, range]]:
    """The buckets that are drawn over time; what is beyond the eighth together with it."""
    buckets = result["buckets"]
    found = [(bucket_words(document, each), range(at, at + 1)) for at, each in enumerate(buckets)]
    if len(found) <= MAX_SERIES:
        return found
    rest = {"from": buckets[MAX_SERIES - 1]["from"], "to": None}
    last = (bucket_words(document, rest), range(MAX_SERIES - 1, len(buckets)))
    return [*found[: MAX_SERIES - 1], last]


def _stacks(document: Distribution, result: dict[str, Any], language: str) -> dict[str, Any]:
    points = result["points"]
    unfinished = sum(point["unfinished"] for point in points)
    series = [
        {
            "id": str(number),
            "name": words.text(language),
            "type": "bar",
            "stack": "users",
            "barMaxWidth": 40,
            "emphasis": {"focus": "series"},
            "data": [sum(point["counts"][at] for at in places) for point in points],
            "userops": {"unfinished": unfinished},
        }
        for number, (words, places) in enumerate(stacks(document, result))
    ]
    starts = [short_label(point["start"], document.period() or "day") for point in points]
    return {**_frame(starts, _by(document, USERS.words, language)), "series": series}


def _means(document: Distribution, result: dict[str, Any], language: str) -> dict[str, Any]:
    points = result["points"]
    series = [
        {
            "id": str(number),
            "name": series_name(group, language),
            "type": "line",
            "showSymbol": len(points) <= 31,
            "emphasis": {"focus": "series"},
            "data": [point["mean"] for point in part["points"]],
            "userops": {"unfinished": sum(point["unfinished"] for point in points)},
        }
        for number, (group, part) in enumerate(drawn(result))
    ]
    starts = [short_label(point["start"], document.period() or "day") for point in points]
    frame = _frame(starts, MEAN.words.text(language))
    frame["xAxis"]["boundaryGap"] = len(points) == 1
    frame["tooltip"] = {"trigger": "axis", "confine": True}
    return {**frame, "series": series}
