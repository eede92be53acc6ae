"""A change as an ECharts option: a waterfall from the base over the values of a property to now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from userops.analyses.change.document import Change
from userops.analyses.change.wording import segment_words
from userops.words import Words

BASE, NOW = Words("基期", "Base"), Words("本期", "Now")
UP, DOWN, LEVEL = Words("增加", "Up"), Words("减少", "Down"), Words("数值", "Figure")
_CUT = Words("纵轴不从 0 开始", "axis does not begin at 0")
MOST_LEVEL, LONG = 8, 10
"""More names than this, or longer ones, are written aslant."""
FULL = 0.25
"""Steps smaller than this share of the levels are drawn on an axis that does not begin at 0."""


@dataclass(frozen=True, slots=True)
class Step:
    """A bar from `begin` to `end`; `value`: what it stands for; `kind`: level, up or down."""

    name: str
    begin: float
    end: float
    kind: str


def chart(document: Change, result: dict[str, Any], language: str) -> dict[str, Any]:
    """Of the property that tells most; of the factors where nothing divides. Names of series: figure,
    up, down."""
    steps = _steps(result, language)
    low = _floor(steps)
    axis: dict[str, Any] = {"type": "value", "scale": True}
    if low is not None:
        axis |= {
            "min": low,
            "name": _CUT.text(language),
            "nameTextStyle": {"align": "left"},
        }
    return {
        "userops": {"format": "percent" if result["figure"]["type"] == "share" else "count"},
        "grid": {"left": 8, "right": 16, "top": 40, "bottom": 8, "containLabel": True},
        "legend": {"data": [UP.text(language), DOWN.text(language)]},
        "tooltip": {"trigger": "axis", "axisPointer": {"type": "shadow"}},
        "xAxis": {
            "type": "category",
            "data": [step.name for step in steps],
            "axisLabel": {"interval": 0, "width": 88, "overflow": "truncate", "hideOverlap": False}
            | ({"rotate": 40} if _crowded(steps) else {}),
        },
        "yAxis": axis,
        "series": [
            _below(steps),
            *(_bars(steps, kind, words.text(language)) for kind, words in _KINDS.items()),
        ],
    }


_KINDS = {"level": LEVEL, "up": UP, "down": DOWN}
_SIGN = {"level": 1, "up": 1, "down": -1}


def _steps(result: dict[str, Any], language: str) -> list[Step]:
    base, now = result["base"]["value"], result["now"]["value"]
    if base is None or now is None:
        return []
    moves = _moves(result, language)
    # gains before losses: the level stays above the lower end
    moves.sort(key=lambda each: (each[1] < 0, -abs(each[1])))
    steps, level = [Step(BASE.text(language), 0, base, "level")], base
    for name, move in moves:
        if move:
            steps.append(Step(name, level, level + move, "up" if move > 0 else "down"))
            level += move
    return [*steps, Step(NOW.text(language), 0, now, "level")]


def _moves(result: dict[str, Any], language: str) -> list[tuple[str, float]]:
    if result["dimensions"]:
        return [
            (segment_words(row["value"]).text(language), row["contribution"])
            for row in result["dimensions"][0]["values"]
        ]
    zh = language.startswith("zh")
    return [(each["zh" if zh else "en"], each["contribution"]) for each in result["factors"]]


def _crowded(steps: list[Step]) -> bool:
    """Whether names beside each other would run together on a narrow page."""
    return len(steps) > MOST_LEVEL or any(len(step.name) > LONG for step in steps)


def _floor(steps: list[Step]) -> float | None:
    """Where the axis begins when all of the story is near the top; None for 0."""
    ends = [edge for step in steps for edge in (step.begin, step.end) if step.kind != "level"]
    ends += [step.end for step in steps if step.kind == "level"]
    if not ends or min(ends) <= 0:
        return None
    span = max(ends) - min(ends)
    if span > FULL * max(ends):
        return None
    return float(f"{max(0.0, min(ends) - span / 2):.3g}")


def _below(steps: list[Step]) -> dict[str, Any]:
    """What carries a floating bar, unseen."""
    data = [0 if step.kind == "level" else _nearest(step.begin, step.end) for step in steps]
    return {
        "type": "bar",
        "name": "",
        "stack": "waterfall",
        "silent": True,
        "itemStyle": {"color": "transparent"},
        "data": data,
    }


def _nearest(begin: float, end: float) -> float:
    """The edge that is nearer to 0; 0 for a bar across it."""
    if begin * end <= 0:
        return 0
    return min(begin, end) if begin > 0 else max(begin, end)


def _bars(steps: list[Step], kind: str, name: str) -> dict[str, Any]:
    return {
        "type": "bar",
        "id": kind,
        "name": name,
        "stack": "waterfall",
        "barMaxWidth": 48,
        "data": [_height(step) if step.kind == kind else None for step in steps],
    }


def _height(step: Step) -> float:
    if step.kind == "level":
        return step.end
    size = abs(step.end - step.begin)
    return -size if step.begin + step.end < 0 else size
