"""Traits as an ECharts option: the most telling ones, shares of both sides beside each other."""

from __future__ import annotations

from typing import Any

from userops.analyses.traits.document import Traits
from userops.analyses.traits.wording import plain_label, trait_words
from userops.words import Words

SHOWN = 12
GROUP, REST = Words("这群人", "These people"), Words("其他人", "Others")


def chart(document: Traits, result: dict[str, Any], language: str) -> dict[str, Any]:
    """Telling shares from the top down; numbers have no common axis and stand in the table."""
    rows = [row for row in result["traits"] if row["telling"] and row["measure"] == "share"][:SHOWN]
    names = [trait_words(row, plain_label(language)).text(language) for row in rows]
    return {
        "userops": {"format": "percent"},
        "grid": {"left": 8, "right": 24, "top": 40, "bottom": 8, "containLabel": True},
        "legend": {"data": [GROUP.text(language), REST.text(language)]},
        "tooltip": {"trigger": "axis", "axisPointer": {"type": "shadow"}},
        "xAxis": {"type": "value", "min": 0},
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": names,
            "axisLabel": {"width": 150, "overflow": "truncate"},
        },
        "series": [
            _bars("group", GROUP.text(language), rows),
            _bars("rest", REST.text(language), rows),
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
