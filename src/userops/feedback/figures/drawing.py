"""The charts of the desk's figures: plain options, drawn as those of analyses are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

GRID = {"left": 8, "right": 32, "top": 40, "bottom": 8, "containLabel": True}


def axes(category: Sequence[str], *values: dict[str, Any]) -> dict[str, Any]:
    """A category axis, and one value axis for each given."""
    return {
        "grid": GRID,
        "tooltip": {"trigger": "axis"},
        "xAxis": {"type": "category", "data": list(category)},
        "yAxis": [{"type": "value", **each} for each in values] or [{"type": "value"}],
    }


def bar(name: str, data: Sequence[Any], **more: Any) -> dict[str, Any]:
    return {"type": "bar", "name": name, "data": list(data), "barMaxWidth": 28, **more}


def line(name: str, data: Sequence[Any], **more: Any) -> dict[str, Any]:
    return {"type": "line", "name": name, "data": list(data), "showSymbol": False, **more}
