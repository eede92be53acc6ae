"""Waves with their intervals, and the quadrant, as ECharts options."""

from __future__ import annotations

from typing import Any

from userops.experience.surveys.results.driving import PLACES, Driving
from userops.experience.surveys.results.waves import Wave
from userops.words import Words

MOST_LINES = 4


def wave_chart(lines: list[tuple[Words, list[Wave]]], language: str) -> dict[str, Any]:
    """A line for each way, never one for several; the interval as a band where there is one line."""
    shown = lines[:MOST_LINES]
    starts = sorted({wave.start for _way, line in shown for wave in line})
    series: list[dict[str, Any]] = []
    for number, (way, line) in enumerate(shown):
        values = {wave.start: wave.score.value for wave in line}
        series.append(
            {"id": str(number), "name": way.text(language), "type": "line", "connectNulls": False,
             "data": [values.get(start) for start in starts]}
        )  # fmt: skip
    option: dict[str, Any] = {
        "tooltip": {"trigger": "axis"},
        "xAxis": {"type": "category", "data": [start.isoformat() for start in starts]},
        "yAxis": {"type": "value", "scale": True},
        "series": series,
        "userops": {"format": "number", "labels": "end"},
    }
    if len(shown) == 1:
        series += _band(shown[0][1])
        option["userops"]["rows"] = _rows(shown[0][1], language)
    return option


def _band(line: list[Wave]) -> list[dict[str, Any]]:
    """Two stacked lines without a stroke; the upper one's area is the interval."""
    low = [wave.score.interval[0] if wave.score.interval else None for wave in line]
    high = [wave.score.interval[1] if wave.score.interval else None for wave in line]
    plain = {"type": "line", "symbol": "none", "silent": True, "lineStyle": {"width": 1, "type": "dotted"},
             "tooltip": {"show": False}}  # fmt: skip
    return [
        {**plain, "id": "low", "name": "", "data": low},
        {**plain, "id": "high", "name": "", "data": high},
    ]


def _rows(line: list[Wave], language: str) -> list[dict[str, Any]]:
    chinese = language.startswith("zh")
    intervals = [
        f"{wave.score.interval[0]:.1f} – {wave.score.interval[1]:.1f}"
        if wave.score.interval
        else "–"
        for wave in line
    ]
    return [
        {"name": "95% 区间" if chinese else "95 % interval", "texts": intervals},
        {
            "name": "回答数" if chinese else "Answers",
            "texts": [str(w.score.answered) for w in line],
        },
    ]


def quadrant_chart(found: Driving, language: str) -> dict[str, Any]:
    """Satisfaction across, importance up; a series for each quadrant, so that no colour stands alone."""
    series = []
    for place, words in PLACES.items():
        mine = [each for each in found.drivers if each.place == place]
        if mine:
            data = [
                {
                    "name": each.title,
                    "value": [
                        round(each.performance.value or 0, 1),
                        round(100 * each.importance, 1),
                    ],
                }
                for each in mine
            ]
            label = {"show": True, "position": "top", "formatter": "{b}"}
            one: dict[str, Any] = {"type": "scatter", "name": words.text(language), "data": data,
                                   "symbolSize": 12, "label": label,
                                   "labelLayout": {"moveOverlap": "shiftY"}}  # fmt: skip
            series.append(one | ({"userops": {"tone": "bad"}} if place == "improve" else {}))
    names = Words("满意度（0–100）", "Satisfaction (0–100)"), Words("重要性（%）", "Importance (%)")
    return {
        "tooltip": {"trigger": "item"},
        "legend": {"show": True},
        "xAxis": {"type": "value", "name": names[0].text(language), "nameLocation": "middle",
                  "nameGap": 28, "scale": True},
        "yAxis": {"type": "value", "name": names[1].text(language), "nameTextStyle": {"align": "left"}},
        "series": series,
        "userops": {"format": "number"},
    }  # fmt: skip
