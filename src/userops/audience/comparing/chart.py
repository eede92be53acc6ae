"""A comparison as an ECharts option: the most telling shares of both sides beside each other."""

from __future__ import annotations

from typing import Any

from userops.analyses.page import Label
from userops.analyses.traits.wording import trait_words
from userops.audience.comparing.comparison import Compared

SHOWN = 14


def chart(found: Compared, label: Label, language: str) -> dict[str, Any] | None:
    """From the top down; None where no share is telling."""
    rows = [row for row in found.result["traits"] if row["telling"] and row["measure"] == "share"][
        :SHOWN
    ]
    if not rows:
        return None
    names = [words.text(language) for words in found.names]
    return {
        "userops": {"format": "percent"},
        "grid": {"left": 8, "right": 24, "top": 40, "bottom": 8, "containLabel": True},
        "legend": {"data": names},
        "tooltip": {"trigger": "axis", "axisPointer": {"type": "shadow"}},
        "xAxis": {"type": "value", "min": 0},
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": [trait_words(row, label).text(language) for row in rows],
            "axisLabel": {"width": 150, "overflow": "truncate"},
        },
        "series": [
            _bars("group", names[0], rows),
            _bars("rest", names[1], rows),
        ],
    }


def _bars(side: str, name: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": side,
        "name": name,
        "type": "bar",
        "barMaxWidth": 14,
        "data": [row[side] for row in rows],
    }
