"""A funnel as an ECharts option: bars from left to right, its trend, or its times."""

from __future__ import annotations

from typing import Any

from userops.analyses.funnel.document import FunnelDocument
from userops.analyses.funnel.table import shown
from userops.query.dates import short_label
from userops.query.durations import span_name
from userops.words import Words

MAX_SERIES = 8
PALE, MUTED = "rgba(128, 134, 146, 0.22)", "#7a8291"
"""Those who dropped, and what is said of them: readable on light and on dark."""
CONVERTED = Words("转化", "Converted")
LOST = Words("流失", "Dropped")
RATE = Words("转化率", "Conversion")
USERS = Words("人数", "Users")


def chart(document: FunnelDocument, result: dict[str, Any], language: str) -> dict[str, Any]:
    """Plain JSON; shares are 0…1."""
    if document.view == "trend" and result.get("trend"):
        return _trend(document, result, language)
    if document.view == "times" and not document.counts_only:
        return _times(result, language)
    return _compared(result, language) if result.get("breakdown") else _bars(result, language)


def _names(result: dict[str, Any]) -> list[str]:
    return [f"{at + 1}. {each['event']}" for at, each in enumerate(result["steps"])]


def _percent(rate: float | None) -> str:
    return "–" if rate is None else f"{rate * 100:.1f}%"


def _frame(names: list[str], y_axis: dict[str, Any]) -> dict[str, Any]:
    return {
        "tooltip": {"trigger": "axis", "axisPointer": {"type": "shadow"}},
        "legend": {"bottom": 0},
        "grid": {"left": 8, "right": 16, "top": 32, "bottom": 40, "containLabel": True},
        "xAxis": {
            "type": "category",
            "data": names,
            "axisTick": {"show": False},
            "axisLabel": {"interval": 0, "overflow": "truncate", "width": 120},
        },
        "yAxis": y_axis,
    }


def _bars(result: dict[str, Any], language: str) -> dict[str, Any]:
    steps = result["steps"]
    whole = max((each["users"] for each in steps), default=0) or 1
    labels = [_labels(each, at, whole) for at, each in enumerate(steps)]
    converted = [
        {"value": each["users"], "label": label}
        for each, (label, _) in zip(steps, labels, strict=True)
    ]
    # those who had come as far as the step before, on top of those who went on
    lost = [
        {"value": each["dropped"], "label": label}
        for each, (_, label) in zip(steps, labels, strict=True)
    ]
    return {
        **_frame(_names(result), {"type": "value", "min": 0, "name": USERS.text(language)}),
        "series": [
            {
                "name": CONVERTED.text(language),
                "type": "bar",
                "stack": "step",
                "barMaxWidth": 96,
                "data": converted,
            },
            {
                "name": LOST.text(language),
                "type": "bar",
                "stack": "step",
                "barMaxWidth": 96,
                "itemStyle": {"color": PALE},
                "data": lost,
            },
        ],
    }


_TWO_LINES, _ONE_LINE = 0.15, 0.08
"""The parts of the chart's height that labels take."""


def _labels(step: dict[str, Any], at: int, whole: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """The labels of those who went on and of those who did not. Where a bar is too small to hold them they stand
    above it; where it is too small to keep them apart, as one."""
    kept = f"{step['users']:,}\n{_percent(step['rate_from_first'])}"
    gone = f"−{step['dropped']:,}"
    high, rest = step["users"] / whole, step["dropped"] / whole
    inside, loses = high > _TWO_LINES, at > 0 and step["dropped"] > 0
    if loses and not inside and rest < _TWO_LINES + _ONE_LINE:
        together = {"show": True, "position": "top", "formatter": f"{kept}\n{gone}"}
        return {"show": False}, together
    place = "insideTop" if rest >= _ONE_LINE else "top"
    return (
        {"show": True, "position": "insideTop" if inside else "top", "formatter": kept},
        {"show": loses, "position": place, "color": MUTED, "formatter": gone},
    )


def _compared(result: dict[str, Any], language: str) -> dict[str, Any]:
    parts = result["breakdown"][:MAX_SERIES]
    # wider than one of many bars, a rate would lie on the bar beside it
    upright = {"rotate": 90, "align": "left", "verticalAlign": "middle"} if len(parts) > 2 else {}
    series = [
        {
            "name": shown(part["breakdown"], language),
            "type": "bar",
            "barMaxWidth": 40,
            "data": [
                {
                    "value": each["rate_from_first"],
                    "label": {
                        "show": len(parts) <= 4,
                        "position": "top",
                        "formatter": _percent(each["rate_from_first"]),
                        **upright,
                    },
                }
                for each in part["steps"]
            ],
        }
        for part in parts
    ]
    axis = {"type": "value", "min": 0, "max": 1, "name": RATE.text(language)}
    return {**_frame(_names(result), axis), "series": series}


def _trend(document: FunnelDocument, result: dict[str, Any], language: str) -> dict[str, Any]:
    points = result["trend"]
    open_from = next((at for at, each in enumerate(points) if each["unfinished"]), len(points))
    rates = [each["rate"] for each in points]
    finished = [rate if at < open_from else None for at, rate in enumerate(rates)]
    # the dashed part begins at the last finished point, so that the line does not break
    unfinished = [rate if at >= open_from - 1 else None for at, rate in enumerate(rates)]
    name = RATE.text(language)
    line = {"name": name, "type": "line", "showSymbol": len(points) < 60, "connectNulls": False}
    frame = _frame(
        [short_label(each["start"], document.unit) for each in points],
        {"type": "value", "min": 0, "name": name},
    )
    frame["xAxis"]["axisLabel"] = {"hideOverlap": True}
    series = [{**line, "data": finished}]
    if open_from < len(points):
        series.append({**line, "data": unfinished, "lineStyle": {"type": "dashed"}})
    return {**frame, "series": series}


def _times(result: dict[str, Any], language: str) -> dict[str, Any]:
    bins = result["time_to_convert"]["histogram"]
    names = [span_name(each, language) for each in bins]
    axis = {"type": "value", "min": 0, "name": USERS.text(language)}
    return {
        **_frame(names, axis),
        "series": [
            {"name": USERS.text(language), "type": "bar", "data": [each["users"] for each in bins]}
        ],
    }
