"""An UpSet chart as an ECharts option: bars of parts over a matrix that says which segments each is in.

Lex, Gehlenborg, Strobelt, Vuillemot, Pfister: UpSet, IEEE TVCG 20 (2014).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from userops.audience.comparing.overlap import Part

SHOWN = 24
_DOT, _ROW, _LEFT = 10, 30, 130


def option(shown: Sequence[Part], names: Sequence[str], title: str) -> dict[str, Any]:
    """The largest parts from left to right; those without anybody are left out."""
    ranked = sorted((part for part in shown if part.persons), key=lambda each: -len(each.persons))
    kept = ranked[:SHOWN]
    columns = [" ∩ ".join(names[place] for place in part.inside) for part in kept]
    height = _ROW * len(names)
    return {
        "userops": {"format": "number"},
        "legend": {"show": False},
        "tooltip": {"trigger": "axis", "axisPointer": {"type": "shadow"}},
        "grid": [
            {"left": _LEFT, "right": 16, "top": 40, "bottom": height + 24},
            {"left": _LEFT, "right": 16, "height": height, "bottom": 8},
        ],
        "xAxis": [
            {"type": "category", "gridIndex": 0, "data": columns, "axisLabel": {"show": False}},
            {"type": "category", "gridIndex": 1, "data": columns, "show": False},
        ],
        "yAxis": [
            {
                "type": "value",
                "gridIndex": 0,
                "min": 0,
                "name": title,
                "nameTextStyle": {"align": "right"},
            },
            {
                "type": "category",
                "gridIndex": 1,
                "data": list(names),
                "inverse": True,
                "axisLabel": {"width": _LEFT - 20, "overflow": "truncate"},
                "axisTick": {"show": False},
            },
        ],
        "series": [_bars(kept, title), *_matrix(kept, names)],
    }


def _bars(kept: Sequence[Part], title: str) -> dict[str, Any]:
    return {
        "name": title,
        "type": "bar",
        "barMaxWidth": 28,
        "userops": {"beside": _LEFT + 16},
        "data": [len(part.persons) for part in kept],
        "label": {"show": len(kept) <= SHOWN // 2, "position": "top"},
    }


def _matrix(kept: Sequence[Part], names: Sequence[str]) -> list[dict[str, Any]]:
    inside = [[at, place] for at, part in enumerate(kept) for place in part.inside]
    every = [[at, place] for at in range(len(kept)) for place in range(len(names))]
    outside = [each for each in every if each not in inside]
    return [_dots("in", inside, 1.0), _dots("out", outside, 0.14)]


def _dots(key: str, points: list[list[int]], opacity: float) -> dict[str, Any]:
    return {
        "id": key,
        "type": "scatter",
        "xAxisIndex": 1,
        "yAxisIndex": 1,
        "symbolSize": _DOT,
        "silent": True,
        "data": points,
        "itemStyle": {"opacity": opacity},
        "tooltip": {"show": False},
    }
