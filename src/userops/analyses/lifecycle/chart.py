"""A lifecycle as an ECharts option: stacked bars, who left below zero."""

from __future__ import annotations

from typing import Any

from userops.analyses.lifecycle.document import Lifecycle
from userops.analyses.lifecycle.states import BY_NAME, State
from userops.query.dates import begun, short_label

_STACK = ("returning", "resurrected", "new", "dormant")
_UNFINISHED = {"opacity": 0.5, "borderType": "dashed", "borderWidth": 1, "borderColor": "#888"}


def chart(document: Lifecycle, result: dict[str, Any], language: str) -> dict[str, Any]:
    """The ids of the series are the names of the states. Unfinished bars are dashed and pale."""
    points = result["points"]
    known = begun(
        [each["start"] for each in points], [each["unfinished"] for each in points], document.until
    )
    return {
        "aria": {"enabled": True},
        "grid": {"left": 8, "right": 16, "top": 40, "bottom": 8, "containLabel": True},
        "legend": {"top": 0, "left": 0, "data": [BY_NAME[n].words.text(language) for n in _STACK]},
        "tooltip": {"trigger": "axis", "confine": True, "axisPointer": {"type": "shadow"}},
        "xAxis": {
            "type": "category",
            "data": [short_label(point["start"], document.unit) for point in points],
            "axisLine": {"onZero": False},
        },
        "yAxis": {"type": "value"},
        "series": [_bars(BY_NAME[name], points, known, language) for name in _STACK],
    }


def _bars(state: State, points: list[dict[str, Any]], known: int, language: str) -> dict[str, Any]:
    sign = -1 if state.name == "dormant" else 1
    return {
        "id": state.name,
        "name": state.words.text(language),
        "type": "bar",
        "stack": "states",
        "barMaxWidth": 40,
        "emphasis": {"focus": "series"},
        "data": [
            _bar(sign * point[state.name], point["unfinished"]) if at < known else None
            for at, point in enumerate(points)
        ],
    }


def _bar(value: int, unfinished: bool) -> Any:
    return {"value": value, "itemStyle": _UNFINISHED} if unfinished else value
