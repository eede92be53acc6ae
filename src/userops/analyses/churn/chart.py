"""A churn analysis as an ECharts option: the return curve with its window, or the rate by period."""

from __future__ import annotations

from typing import Any

from userops.analyses.breakdown import group_words
from userops.analyses.churn.document import Churn
from userops.analyses.churn.table import CHANCE, RATE
from userops.analyses.churn.window import estimable
from userops.query.dates import short_label
from userops.words import Words

MAX_SERIES = 8
INTERVAL = Words("95% 区间", "95% interval")
_DAYS = Words("沉默 {} 天", "{} d of silence")
_THRESHOLD = Words("阈值", "Threshold")
_TOO_SHORT = Words("可观察的沉默太少，画不出回归曲线", "Too few silences to draw a return curve")
_NO_WINDOW = Words("没有流失天数，请指定 W", "Without a window nobody counts as lost: give one")
_NO_PERIOD = Words("没有可判断流失的周期", "No period in which anybody could be lost")


def chart(document: Churn, result: dict[str, Any], language: str) -> dict[str, Any]:
    if document.view == "curve":
        return _curve(document, result, language)
    return _periods(document, result, language)


def _frame(names: list[str]) -> dict[str, Any]:
    return {
        "aria": {"enabled": True},
        "grid": {"left": 8, "right": 32, "top": 40, "bottom": 8, "containLabel": True},
        "legend": {"top": 0, "left": 0, "type": "scroll"},
        "tooltip": {"trigger": "axis", "confine": True},
        "xAxis": {"type": "category", "boundaryGap": False, "data": names},
        "yAxis": {"type": "value", "min": 0},
        "userops": {"format": "percent"},
    }


def _curve(document: Churn, result: dict[str, Any], language: str) -> dict[str, Any]:
    """As far as the chance is known. The window stands as an upright line, the threshold as a level one."""
    known = estimable(result["curve"])
    if not known:
        return _nothing(_TOO_SHORT.text(language))
    names = [_DAYS.text(language).format(point["days"]) for point in known]
    whole = _line(CHANCE.text(language), [point["chance"] for point in known])
    whole["lineStyle"] = {"width": 3}
    whole["markLine"] = _marks(document, result, len(known), language)
    rest = _groups(result, "curve", "chance", language, len(known)) or _band(known, language)
    return {**_frame(names), "series": [whole, *rest]}


def _nothing(why: str) -> dict[str, Any]:
    """Why there is no line, where it would be."""
    title = {
        "text": why,
        "left": "center",
        "top": "middle",
        "textStyle": {"fontSize": 14, "fontWeight": "normal", "overflow": "break", "width": 280},
    }
    return {"aria": {"enabled": True}, "title": title, "series": []}


def _marks(document: Churn, result: dict[str, Any], count: int, language: str) -> dict[str, Any]:
    threshold = f"{_THRESHOLD.text(language)} {document.threshold * 100:g}%"
    marks: list[dict[str, Any]] = [
        {
            "yAxis": document.threshold,
            "label": {"formatter": threshold, "position": "insideEndTop"},
        }
    ]
    window = result["window"]
    if window is not None and window < count:
        label = {"formatter": f"W = {window}", "position": "insideEndTop"}
        marks.append({"xAxis": window, "label": label})
    return {"silent": True, "symbol": "none", "data": marks}


def _periods(document: Churn, result: dict[str, Any], language: str) -> dict[str, Any]:
    """Without the periods before which there is too little data: nobody could be lost in them."""
    shown = [point for point in result["periods"] if not point["partial"]]
    if not shown:
        return _nothing((_NO_WINDOW if result["window"] is None else _NO_PERIOD).text(language))
    names = [short_label(point["start"], document.unit) for point in shown]
    tail = sum(point["unfinished"] for point in shown)
    whole = _line(RATE.text(language), [point["rate"] for point in shown], tail)
    whole["lineStyle"] = {"width": 3}
    rest = _groups(result, "periods", "rate", language, len(shown), tail)
    finished = shown[: len(shown) - tail]
    return {**_frame(names), "series": [whole, *(rest or _band(finished, language))]}


def _line(name: str, data: list[Any], unfinished: int = 0) -> dict[str, Any]:
    line: dict[str, Any] = {"name": name, "type": "line", "data": data}
    if unfinished:
        line["userops"] = {"unfinished": unfinished}
    return line


def _groups(
    result: dict[str, Any], place: str, figure: str, language: str, count: int, unfinished: int = 0
) -> list[dict[str, Any]]:
    lines = []
    for part in result["breakdown"][: MAX_SERIES - 1]:
        points = [point for point in part[place] if not point.get("partial")][:count]
        name = group_words(part["breakdown"]).text(language)
        lines.append(_line(name, [point[figure] for point in points], unfinished))
    return lines


def _band(points: list[dict[str, Any]], language: str) -> list[dict[str, Any]]:
    """The interval as a stacked pair: an unseen base and what stands on it."""
    common = {
        "type": "line",
        "stack": "interval",
        "symbol": "none",
        "silent": True,
        "lineStyle": {"opacity": 0},
    }
    low = [point["low"] for point in points]
    width = [None if point["low"] is None else point["high"] - point["low"] for point in points]
    return [
        {**common, "data": low},
        {**common, "name": INTERVAL.text(language), "data": width, "areaStyle": {"opacity": 0.15}},
    ]
