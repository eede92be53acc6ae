"""An RFM as an ECharts option: groups as bars, pairs of scores as bubbles, movement as stacked bars."""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt
from typing import Any

from userops.analyses.rfm.document import Rfm
from userops.analyses.rfm.groups import LABELS, NAMES
from userops.analyses.rfm.table import SHARE, USERS, VALUE_SHARE
from userops.words import Words

STAYED = Words("留在本组", "Stayed")
CAME = Words("从其他组转入", "Came from other groups")
BEGAN = Words("之前未购买", "No purchase before")
WENT = Words("转到其他组", "Went to other groups")
LEFT = Words("现在未购买", "No purchase now")
BIGGEST, SMALLEST = 56, 4
"""Diameters of bubbles in pixels; their areas are in proportion to users."""


def chart(document: Rfm, result: dict[str, Any], language: str) -> dict[str, Any]:
    return _BY_VIEW[document.view](document, result, language)


def _names(language: str) -> list[str]:
    return [LABELS[name].text(language) for name in NAMES]


def _lying(language: str) -> dict[str, Any]:
    """What bars that lie on their side share; the first group stands at the top."""
    return {
        "aria": {"enabled": True},
        "grid": {"left": 8, "right": 48, "top": 40, "bottom": 8, "containLabel": True},
        "legend": {"top": 0, "left": 0},
        "tooltip": {"trigger": "axis", "confine": True, "axisPointer": {"type": "shadow"}},
        # room for the labels at the ends of the bars
        "xAxis": {
            "type": "value",
            "boundaryGap": [0, "12%"],
            "splitNumber": 4,
            "axisLabel": {"hideOverlap": True},
        },
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": _names(language),
            "axisTick": {"show": False},
        },
    }


def _groups(document: Rfm, result: dict[str, Any], language: str) -> dict[str, Any]:
    """Beside each other: the share of users and the share of value of each group."""
    return {
        **_lying(language),
        "series": [
            {
                "id": key,
                "name": words.text(language),
                "type": "bar",
                "barMaxWidth": 14,
                "label": {"show": True, "position": "right"},
                "data": [group[key] for group in result["groups"]],
            }
            for key, words in (("share", SHARE), ("value_share", VALUE_SHARE))
        ],
        "userops": {"format": "percent"},
    }


def _matrix(document: Rfm, result: dict[str, Any], language: str) -> dict[str, Any]:
    most = max((cell["users"] for cell in result["matrix"]), default=0)
    frequency = [_scored("F", step) for step in result["scores"]["frequency"]]
    recency = [_scored("R", step) for step in result["scores"]["recency"]]
    return {
        "aria": {"enabled": True},
        "grid": {"left": 8, "right": 16, "top": 24, "bottom": 8, "containLabel": True},
        "tooltip": {"trigger": "item", "confine": True},
        "xAxis": {"type": "category", "data": frequency},
        "yAxis": {"type": "category", "data": recency},
        "series": [
            {
                "id": "users",
                "name": USERS.text(language),
                "type": "scatter",
                "label": {"show": True, "position": "right"},
                "data": [_bubble(cell, most) for cell in result["matrix"]],
            }
        ],
    }


def _scored(letter: str, step: dict[str, Any]) -> str:
    """A score with the values that have it: `R 5 (0–7)`."""
    name = f"{letter} {step['score']}"
    if not step["users"]:
        return name
    ends = dict.fromkeys(f"{step[end]:g}" for end in ("lowest", "highest"))
    return f"{name} ({'–'.join(ends)})"


def _bubble(cell: dict[str, Any], most: int) -> dict[str, Any]:
    users = cell["users"]
    size = max(SMALLEST, BIGGEST * sqrt(users / most)) if users else 0
    return {
        "name": f"R {cell['recency']} · F {cell['frequency']}",
        "value": [cell["frequency"] - 1, cell["recency"] - 1, users],
        "symbolSize": round(size, 1),
        "label": {"show": bool(users)},
    }


def _movement(document: Rfm, result: dict[str, Any], language: str) -> dict[str, Any]:
    moves, size = result["movement"]["moves"], len(NAMES)
    before = [sum(line) for line in moves]
    now = [sum(line[place] for line in moves) for place in range(size)]
    stayed = [moves[place][place] for place in range(size)]
    figures = (
        ("stayed", STAYED, stayed),
        ("came", CAME, [now[p] - stayed[p] - moves[size][p] for p in range(size)]),
        ("began", BEGAN, moves[size][:size]),
        ("went", WENT, [-(before[p] - stayed[p] - moves[p][size]) for p in range(size)]),
        ("left", LEFT, [-moves[p][size] for p in range(size)]),
    )
    option = _lying(language)
    option["yAxis"]["axisLine"] = {"onZero": False}
    del option["xAxis"]["boundaryGap"]
    option["series"] = [
        {
            "id": key,
            "name": words.text(language),
            "type": "bar",
            "stack": "moves",
            "barMaxWidth": 22,
            "data": data,
        }
        for key, words, data in figures
    ]
    return option


_BY_VIEW: dict[str, Callable[[Rfm, dict[str, Any], str], dict[str, Any]]] = {
    "groups": _groups,
    "matrix": _matrix,
    "movement": _movement,
}
