"""Personas as an ECharts option: sizes and value as bars, hours as lines, lifts as bars, the criterion."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from userops.analyses.personas.document import Personas
from userops.analyses.personas.table import (
    CHANCE,
    GAIN,
    GAP,
    SHARE,
    VALUE_SHARE,
    shown_traits,
    words_of,
)
from userops.analyses.personas.wording import value_words
from userops.words import Words

BARS = 4
"""Traits of each group in the chart."""
LIFT = Words("本组占比 ÷ 其他组占比", "Share in the group ÷ in the others")


def chart(document: Personas, result: dict[str, Any], language: str) -> dict[str, Any]:
    return _BY_VIEW[document.view](result, language)


def _lying(names: list[str]) -> dict[str, Any]:
    return {
        "aria": {"enabled": True},
        "grid": {"left": 8, "right": 56, "top": 40, "bottom": 8, "containLabel": True},
        "legend": {"top": 0, "left": 0},
        "tooltip": {"trigger": "axis", "confine": True, "axisPointer": {"type": "shadow"}},
        "xAxis": {
            "type": "value",
            "min": 0,
            "splitNumber": 4,
            "axisLabel": {"hideOverlap": True},
        },
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": names,
            "axisTick": {"show": False},
            "axisLabel": {"width": 130, "overflow": "break"},
        },
    }


def _groups(result: dict[str, Any], language: str) -> dict[str, Any]:
    groups = result["groups"]
    figures = [("share", SHARE)] + ([("value_share", VALUE_SHARE)] if result["value"] else [])
    return {
        **_lying([words_of(group).text(language) for group in groups]),
        "series": [
            {
                "id": key,
                "name": words.text(language),
                "type": "bar",
                "barMaxWidth": 14,
                "label": {"show": True, "position": "right"},
                "data": [group[key] for group in groups],
            }
            for key, words in figures
        ],
        "userops": {"format": "percent"},
    }


def _features(result: dict[str, Any], language: str) -> dict[str, Any]:
    bars: list[tuple[str, float]] = []
    for group in result["groups"]:
        name = words_of(group).text(language).split(" · ")[0]
        more = [t for t in shown_traits(group, len(group["traits"])) if (t["lift"] or 0) > 1]
        bars += [
            (f"{name} · {value_words(trait).text(language)}", trait["lift"])
            for trait in more[:BARS]
        ]
    option = _lying([name for name, _ in bars])
    option["series"] = [
        {
            "id": "lift",
            "name": LIFT.text(language),
            "type": "bar",
            "barMaxWidth": 14,
            "label": {"show": True, "position": "right"},
            "data": [round(lift, 2) for _, lift in bars],
        }
    ]
    return option


def _lines(categories: list[str], series: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "aria": {"enabled": True},
        "grid": {"left": 8, "right": 24, "top": 64, "bottom": 8, "containLabel": True},
        "legend": {"top": 0, "left": 0, "type": "scroll"},
        "tooltip": {"trigger": "axis", "confine": True},
        "xAxis": {"type": "category", "data": categories, "boundaryGap": False},
        "yAxis": {"type": "value"},
        "series": [{"type": "line", "showSymbol": False, **each} for each in series],
    }


def _rhythm(result: dict[str, Any], language: str) -> dict[str, Any]:
    series = [
        {"id": group["group"], "name": words_of(group).text(language), "data": group["hours"]}
        for group in result["groups"]
        if group["hours"]
    ]
    return {
        **_lines([str(hour) for hour in range(24)], series),
        "userops": {"format": "percent"},
    }


def _criterion(result: dict[str, Any], language: str) -> dict[str, Any]:
    steps = result["criterion"]
    series = [
        {"id": key, "name": words.text(language), "data": [round(step[key], 3) for step in steps]}
        for key, words in (("gap", GAP), ("gain", GAIN), ("chance", CHANCE))
    ]
    return _lines([str(step["groups"]) for step in steps], series)


_BY_VIEW: dict[str, Callable[[dict[str, Any], str], dict[str, Any]]] = {
    "groups": _groups,
    "features": _features,
    "rhythm": _rhythm,
    "criterion": _criterion,
}
