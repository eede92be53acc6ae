"""Waves with their intervals, and the quadrant, as ECharts options."""

from __future__ import annotations

from datetime import date
from typing import Any

from userops.experience.surveys.results.driving import PLACES, Driver, Driving
from userops.experience.surveys.results.waves import Wave
from userops.web.templatetags.figures import between
from userops.words import Words

MOST_LINES = 4


def wave_chart(
    lines: list[tuple[Words, list[Wave]]], language: str, open_wave: date | None
) -> dict[str, Any]:
    """A line for each way, never one for several; the interval as a band where there is one line. What leads to
    `open_wave`, in which answers still come in, is dashed."""
    shown = lines[:MOST_LINES]
    labels = {wave.start: wave.label for _way, line in shown for wave in line}
    starts = sorted(labels)
    unfinished = int(starts[-1] == open_wave)
    series: list[dict[str, Any]] = []
    for number, (way, line) in enumerate(shown):
        values = {wave.start: wave.score.value for wave in line}
        series.append(
            {"id": str(number), "name": way.text(language), "type": "line", "connectNulls": False,
             "showSymbol": True, "data": [values.get(start) for start in starts],
             "userops": {"unfinished": unfinished}}
        )  # fmt: skip
    option: dict[str, Any] = {
        "tooltip": {"trigger": "axis"},
        "xAxis": {"type": "category", "data": [labels[start] for start in starts]},
        "yAxis": {"type": "value", "scale": True},
        "series": series,
        "userops": {"format": "number", "labels": "end"},
    }
    if len(shown) == 1:
        series += _band(shown[0][1])
        option["userops"]["rows"] = _rows(shown[0][1], language)
    return option


def _band(line: list[Wave]) -> list[dict[str, Any]]:
    """An unseen base, and the interval that stands on it."""
    ends = [wave.score.interval for wave in line]
    plain = {"type": "line", "stack": "interval", "stackStrategy": "all", "symbol": "none", "silent": True,
             "lineStyle": {"opacity": 0}, "tooltip": {"show": False}}  # fmt: skip
    return [
        {**plain, "id": "low", "name": "", "data": [each and each[0] for each in ends]},
        {**plain, "id": "width", "name": "", "data": [each and each[1] - each[0] for each in ends],
         "areaStyle": {"opacity": 0.15}},
    ]  # fmt: skip


def _rows(line: list[Wave], language: str) -> list[dict[str, Any]]:
    chinese = language.startswith("zh")
    intervals = [between(wave.score.interval, wave.score.digits) for wave in line]
    return [
        {"name": "95% 区间" if chinese else "95% interval", "texts": intervals},
        {
            "name": "回答数" if chinese else "Answers",
            "texts": [str(w.score.answered) for w in line],
        },
    ]


Box = tuple[float, float, float, float]
_PLOT = (255.0, 335.0)
"""Width and height in which labels must not touch: those of a phone."""
_LINE, _GAP = 14.0, 8.0
"""Height of a label, and how far it stands from the middle of its dot."""


def _sides(points: list[tuple[str, float, float]]) -> dict[str, str]:
    """On which side of its dot each label stands, so that none lies on another; title, satisfaction, importance.
    The most important choose first."""
    taken: list[Box] = []
    sides = {}
    for title, x, y in sorted(points, key=lambda each: -each[2]):
        at = _middle(points, x, y)
        boxes = _boxes(title, *at)
        free = [side for side, box in boxes.items() if not any(_touch(box, each) for each in taken)]
        sides[title] = free[0] if free else "top"
        taken += [boxes[sides[title]], (at[0] - 6, at[1] - 6, at[0] + 6, at[1] + 6)]
    return sides


def _middle(points: list[tuple[str, float, float]], x: float, y: float) -> tuple[float, float]:
    """Where a dot stands in the plot, nearly: the axes choose their own ends."""
    across = [each for _title, each, _y in points]
    low, spread = min(across), max(1.0, max(across) - min(across))
    top = max(1.0, *(each for *_before, each in points))
    return (0.15 + 0.7 * (x - low) / spread) * _PLOT[0], (1 - y / top) * _PLOT[1]


def _boxes(title: str, x: float, y: float) -> dict[str, Box]:
    wide = sum(6.5 if letter.isascii() else 12.0 for letter in title)
    half = wide / 2
    return {
        "top": (x - half, y - _GAP - _LINE, x + half, y - _GAP),
        "bottom": (x - half, y + _GAP, x + half, y + _GAP + _LINE),
        "right": (x + _GAP, y - _LINE / 2, x + _GAP + wide, y + _LINE / 2),
        "left": (x - _GAP - wide, y - _LINE / 2, x - _GAP, y + _LINE / 2),
    }


def _touch(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _at(driver: Driver) -> tuple[str, float, float]:
    return driver.title, round(driver.performance.value or 0, 1), round(100 * driver.importance, 1)


def _cuts(found: Driving) -> dict[str, Any]:
    """The lines at which the quadrants meet."""
    satisfaction, importance = found.cuts
    return {
        "silent": True,
        "symbol": "none",
        "label": {"show": False},
        "lineStyle": {"type": "dashed", "width": 1, "color": "#8a8580"},
        "data": [{"xAxis": round(satisfaction, 2)}, {"yAxis": round(100 * importance, 2)}],
    }


def quadrant_chart(found: Driving, language: str) -> dict[str, Any]:
    """Satisfaction across, importance up; a series for each quadrant, so that no colour stands alone."""
    series = []
    sides = _sides([_at(each) for each in found.drivers])
    for place, words in PLACES.items():
        mine = [each for each in found.drivers if each.place == place]
        if mine:
            data = [
                {"name": title, "value": [x, y], "label": {"position": sides[title]}}
                for title, x, y in map(_at, mine)
            ]
            label = {"show": True, "formatter": "{b}"}
            one: dict[str, Any] = {"type": "scatter", "name": words.text(language), "data": data,
                                   "symbolSize": 12, "label": label}  # fmt: skip
            series.append(one | ({"userops": {"tone": "bad"}} if place == "improve" else {}))
    if series:
        series[0]["markLine"] = _cuts(found)
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
