"""Needs as an ECharts option: how many people have each, as bars."""

from __future__ import annotations

from typing import Any

from userops.analyses.needs.document import Needs
from userops.analyses.needs.table import KINDS, USERS, need_words

OF_KIND = 4
"""Needs of each kind in the chart."""


def charted(result: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for kind in KINDS:
        found += [need for need in result["needs"] if need["kind"] == kind][:OF_KIND]
    return found


def chart(document: Needs, result: dict[str, Any], language: str) -> dict[str, Any]:
    needs = charted(result)
    names = [
        f"{KINDS[need['kind']].text(language)} · {need_words(need).text(language)}"
        for need in needs
    ]
    return {
        "aria": {"enabled": True},
        "grid": {"left": 8, "right": 56, "top": 8, "bottom": 8, "containLabel": True},
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
            "axisLabel": {"width": 170, "overflow": "break"},
        },
        "series": [
            {
                "id": "users",
                "name": USERS.text(language),
                "type": "bar",
                "barMaxWidth": 14,
                "label": {"show": True, "position": "right"},
                "data": [need["users"] for need in needs],
            }
        ],
    }
