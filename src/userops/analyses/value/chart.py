"""A predicted value as an ECharts option: tenths as bars, the back-test as lines, classes as pairs of bars."""

from __future__ import annotations

from typing import Any

from userops.analyses.value.document import CustomerValue
from userops.analyses.value.table import (
    ACTUAL,
    CLASSES,
    EXPECTED,
    PREDICTED,
    TENTHS,
    VALUE,
)

WHOLE_FROM = 100


def chart(document: CustomerValue, result: dict[str, Any], language: str) -> dict[str, Any]:
    tested = result["backtest"] or {"by_week": [], "classes": []}
    if document.view == "forecast":
        return _forecast(result, language)
    if document.view == "classes":
        lines = tested["classes"]
        names = [CLASSES[str(each["repeats"])].text(language) for each in lines]
        return {**_frame(names), "series": _pair(lines, "bar", language)}
    names = [each["start"] for each in tested["by_week"]]
    return {**_frame(names), "series": _pair(tested["by_week"], "line", language)}


def _frame(names: list[str]) -> dict[str, Any]:
    return {
        "aria": {"enabled": True},
        "grid": {"left": 8, "right": 16, "top": 40, "bottom": 8, "containLabel": True},
        "legend": {"top": 0, "left": 0},
        "tooltip": {"trigger": "axis", "confine": True},
        "xAxis": {"type": "category", "data": names},
        "yAxis": {"type": "value", "min": 0},
        "userops": {"format": "number"},
    }


def _forecast(result: dict[str, Any], language: str) -> dict[str, Any]:
    money = any(each["value"] is not None for each in result["tenths"])
    figure, words = ("value", VALUE) if money else ("purchases", EXPECTED)
    names = [TENTHS[str(each["tenth"])].text(language) for each in result["tenths"]]
    values = [each[figure] or 0 for each in result["tenths"]]
    # labels stand side by side: what a forecast is sure of, and no cents of thousands
    digits = 0 if max(values, default=0) >= WHOLE_FROM else 2
    bars = {
        "name": words.text(language),
        "type": "bar",
        "barMaxWidth": 40,
        "label": {"show": True},
        "data": [round(each, digits) for each in values],
    }
    return {**_frame(names), "series": [bars]}


def _pair(lines: list[dict[str, Any]], type_: str, language: str) -> list[dict[str, Any]]:
    return [
        {
            "name": words.text(language),
            "type": type_,
            "data": [each[name] for each in lines],
            **({"barMaxWidth": 28} if type_ == "bar" else {}),
        }
        for name, words in (("predicted", PREDICTED), ("actual", ACTUAL))
    ]
