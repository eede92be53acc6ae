"""A stickiness as an ECharts option: bars by number of intervals, or lines over time."""

from __future__ import annotations

from typing import Any

from userops.analyses.breakdown import group_words
from userops.analyses.stickiness.document import Stickiness
from userops.analyses.stickiness.table import ACTIVE, AVERAGE, parts_of, share
from userops.query.comparison import SHORT
from userops.query.dates import short_label
from userops.words import Words

MAX_SERIES = 8
USERS = Words("用户数", "Users")
SHARE = Words("用户占比", "Share of users")
EXACTLY = Words("恰好活跃的用户", "Active exactly so many")
AT_LEAST = Words("至少活跃的用户", "Active at least so many")
RATIO = Words("DAU/MAU", "DAU/MAU")
WEEKLY = Words("DAU/WAU", "DAU/WAU")


def chart(document: Stickiness, result: dict[str, Any], language: str) -> dict[str, Any]:
    """Groups are drawn as shares of their own users, the whole as numbers of users."""
    if document.view == "ratio":
        return _ratio(document, result, language)
    if document.view == "periods":
        return _periods(document, result, language)
    return _bars(document, result, language)


def drawn(result: dict[str, Any]) -> list[tuple[dict[str, str], dict[str, Any]]]:
    """The whole, or the leading groups in its place."""
    parts = list(parts_of(result))
    return parts[1 : MAX_SERIES + 1] or parts


def _frame(names: list[Any], title: str, **axis: Any) -> dict[str, Any]:
    return {
        "aria": {"enabled": True},
        "grid": {"left": 8, "right": 16, "top": 40, "bottom": 8, "containLabel": True},
        "legend": {"top": 0, "left": 0, "type": "scroll"},
        "tooltip": {"trigger": "axis", "confine": True, "axisPointer": {"type": "shadow"}},
        "xAxis": {"type": "category", "data": names, **axis},
        "yAxis": {"type": "value", "name": title, "nameTextStyle": {"align": "left"}},
    }


def series_name(document: Stickiness, group: dict[str, str], language: str) -> str:
    whole = EXACTLY if document.view == "exactly" else AT_LEAST
    return (group_words(group) if group else whole).text(language)


def _bars(document: Stickiness, result: dict[str, Any], language: str) -> dict[str, Any]:
    parts = drawn(result)
    broken = bool(parts[0][0])
    names = [str(k) for k in range(1, len(result["exactly"]) + 1)]
    series: list[dict[str, Any]] = []
    for number, (group, part) in enumerate(parts):
        name = series_name(document, group, language)
        series.append(_bar(str(number), name, _figures(document, part, broken)))
        if "comparison" in part and document.compare is not None:
            base = SHORT[document.compare].text(language)
            figures = _figures(document, part["comparison"], broken)
            bar = _bar(f"{number}:compared", f"{name} · {base}", figures)
            series.append({**bar, "itemStyle": {"opacity": 0.45}})
    by, counted = ACTIVE[document.unit], SHARE if broken else USERS
    title = Words(f"{counted.zh}（按{by.zh}）", f"{counted.en} by {by.en.lower()}").text(language)
    return {**_frame(names, title), "series": series}


def _figures(document: Stickiness, part: dict[str, Any], shares: bool) -> list[Any]:
    counts = part[document.view]
    return [share(count, part["users"]) for count in counts] if shares else list(counts)


def _bar(id_: str, name: str, figures: list[Any]) -> dict[str, Any]:
    return {
        "id": id_,
        "name": name,
        "type": "bar",
        "barMaxWidth": 40,
        "emphasis": {"focus": "series"},
        "data": figures,
    }


def _line(id_: str, name: str, points: list[dict[str, Any]], figure: str) -> dict[str, Any]:
    return {
        "id": id_,
        "name": name,
        "type": "line",
        "showSymbol": len(points) <= 31,
        "emphasis": {"focus": "series"},
        "data": [point[figure] for point in points],
        "userops": {"unfinished": sum(point["unfinished"] for point in points)},
    }


def _ratio(document: Stickiness, result: dict[str, Any], language: str) -> dict[str, Any]:
    parts = drawn(result)
    points = result["ratio"]["points"]
    series = []
    for number, (group, part) in enumerate(parts):
        name = (group_words(group) if group else RATIO).text(language)
        series.append(_line(str(number), name, part["ratio"]["points"], "dau_mau"))
        if "comparison" in part and document.compare is not None:
            series.append(_compared(number, name, part, document, language, len(points)))
    if not parts[0][0] and document.compare is None:
        series.append(_line("weekly", WEEKLY.text(language), points, "dau_wau"))
    frame = _frame([each["start"] for each in points], "")
    frame["xAxis"]["boundaryGap"] = len(points) == 1
    frame["tooltip"] = {"trigger": "axis", "confine": True}
    return {**frame, "series": series}


def _compared(
    number: int, name: str, part: dict[str, Any], document: Stickiness, language: str, length: int
) -> dict[str, Any]:
    assert document.compare is not None
    points = part["comparison"]["ratio"]["points"][:length]
    line = _line(
        f"{number}:compared",
        f"{name} · {SHORT[document.compare].text(language)}",
        points,
        "dau_mau",
    )
    missing = [None] * (length - len(points))
    return {
        **line, "data": line["data"] + missing, "lineStyle": {"type": "dotted", "opacity": 0.6},
        "showSymbol": False, "userops": {},
    }  # fmt: skip


def _periods(document: Stickiness, result: dict[str, Any], language: str) -> dict[str, Any]:
    """The average number of active intervals over time."""
    starts = [short_label(each["start"], document.period) for each in result["periods"]]
    average = AVERAGE[document.unit].text(language)
    series = [
        _line(str(number), group_words(group).text(language) if group else average, part["periods"], "average")
        for number, (group, part) in enumerate(drawn(result))
    ]  # fmt: skip
    frame = _frame(starts, average if result["breakdown"] else "")
    frame["xAxis"]["boundaryGap"] = len(starts) == 1
    frame["tooltip"] = {"trigger": "axis", "confine": True}
    return {**frame, "series": series}
