"""Needs as an ECharts option: how many people have each, as bars."""

from __future__ import annotations

from typing import Any

from userops.analyses.needs.document import Needs
from userops.analyses.needs.table import KINDS, need_words

OF_KIND = 4
"""Needs of each kind in the chart."""


def charted(result: dict[str, Any]) -> list[dict[str, Any]]:
    """The first ones of each kind, by how many have them: a gap comes first by how far those who stayed are from it."""
    found: list[dict[str, Any]] = []
    for kind in KINDS:
        first = [need for need in result["needs"] if need["kind"] == kind][:OF_KIND]
        found += sorted(first, key=lambda need: -need["users"])
    return found


def chart(document: Needs, result: dict[str, Any], language: str) -> dict[str, Any]:
    """A series of each kind on one axis: the colour says the kind, and the label has room for the need."""
    needs = charted(result)
    kinds = [kind for kind in KINDS if any(need["kind"] == kind for need in needs)]
    return {
        "aria": {"enabled": True},
        "legend": {"top": 0, "left": 0, "type": "scroll"},
        "grid": {"left": 8, "right": 56, "top": 36, "bottom": 8, "containLabel": True},
        "tooltip": {"trigger": "item", "confine": True},
        "xAxis": {
            "type": "value",
            "min": 0,
            "splitNumber": 4,
            "axisLabel": {"hideOverlap": True},
        },
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": [need_words(need).text(language) for need in needs],
            "axisTick": {"show": False},
            "axisLabel": {"interval": 0, "width": 180, "overflow": "truncate"},
        },
        "series": [_of_kind(kind, needs, language) for kind in kinds],
    }


def _of_kind(kind: str, needs: list[dict[str, Any]], language: str) -> dict[str, Any]:
    return {
        "id": kind,
        "name": KINDS[kind].text(language),
        "type": "bar",
        # one bar a row, whichever series it is of
        "stack": "needs",
        "barMaxWidth": 14,
        "label": {"show": True, "position": "right"},
        "data": [need["users"] if need["kind"] == kind else None for need in needs],
    }
