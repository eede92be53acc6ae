"""A correlation as an ECharts option: the goal's rate among those who did and did not, beside each other."""

from __future__ import annotations

from typing import Any

from userops.analyses.correlation.document import Correlation
from userops.analyses.correlation.table import candidate_words
from userops.words import Words

DRAWN = 8
DID = Words("做过的人", "Those who did")
NOT = Words("没做过的人", "Those who did not")


def chart(document: Correlation, result: dict[str, Any], language: str) -> dict[str, Any]:
    """The strongest candidates, from the top."""
    strongest = result["candidates"][:DRAWN]
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
            "axisTick": {"show": False},
            "axisLabel": {"width": 132, "overflow": "truncate", "interval": 0},
            "data": [candidate_words(each).text(language) for each in strongest],
        },
        "series": [
            {
                "id": key,
                "name": words.text(language),
                "type": "bar",
                "barMaxWidth": 12,
                "label": {"show": True, "position": "right", "fontSize": 11},
                "data": [each[key] for each in strongest],
            }
            for key, words in (("did_rate", DID), ("not_rate", NOT))
        ],
        "userops": {"format": "percent"},
    }
