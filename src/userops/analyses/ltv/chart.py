"""An LTV as an ECharts option: the curve of the average, of the newest cohorts or of a breakdown."""

from __future__ import annotations

from typing import Any

from userops.analyses.breakdown import group_words
from userops.analyses.ltv.document import Ltv
from userops.analyses.ltv.table import AVERAGE, column_name, shown, type_of
from userops.query.dates import short_label
from userops.words import Words

DRAWN = 7
"""Lines beside the average."""
COST = Words("获客成本", "Cost of a user")


def chart(document: Ltv, result: dict[str, Any], language: str) -> dict[str, Any]:
    """Unfinished cells of a cohort are dashed. The cost is a level line."""
    average = _line(AVERAGE.text(language), shown(document, result), 0)
    average["lineStyle"] = {"width": 4}
    if document.cost is not None and document.show == "per_user":
        average["markLine"] = {
            "silent": True,
            "symbol": "none",
            "data": [{"yAxis": document.cost}],
            "label": {
                "formatter": f"{COST.text(language)} {document.cost:g}",
                "position": "insideEndTop",
            },
        }
    lines = _parts(document, result, language) if document.breakdown else _newest(document, result)
    option: dict[str, Any] = {
        "aria": {"enabled": True},
        "grid": {"left": 8, "right": 16, "top": 40, "bottom": 8, "containLabel": True},
        "legend": {"top": 0, "left": 0},
        "tooltip": {"trigger": "axis", "confine": True},
        "xAxis": {
            "type": "category",
            "boundaryGap": False,
            "data": [column_name(document, n).text(language) for n in range(document.periods + 1)],
        },
        "yAxis": {"type": "value"},
        "series": [average, *lines],
    }
    if type_of(document, result) == "share":
        option["userops"] = {"format": "percent"}
    return option


def _line(name: str, data: list[Any], unfinished: int) -> dict[str, Any]:
    """The line ends where its figures end, so that its last ones can be told as unfinished."""
    known = [place for place, value in enumerate(data) if value is not None]
    line: dict[str, Any] = {
        "name": name,
        "type": "line",
        "data": data[: max(known, default=-1) + 1],
    }
    if unfinished:
        line["userops"] = {"unfinished": unfinished}
    return line


def _newest(document: Ltv, result: dict[str, Any]) -> list[dict[str, Any]]:
    """The newest cohorts with more than one period, oldest first."""
    found = [
        cohort
        for cohort in result["cohorts"]
        if cohort["size"] and sum(value is not None for value in cohort["total"]) > 1
    ]
    return [
        _line(
            short_label(cohort["start"], document.unit),
            cohort[document.show],
            len(cohort["unfinished"]),
        )
        for cohort in found[-DRAWN:]
    ]


def _parts(document: Ltv, result: dict[str, Any], language: str) -> list[dict[str, Any]]:
    return [
        _line(group_words(part["breakdown"]).text(language), shown(document, part), 0)
        for part in result["breakdown"][:DRAWN]
    ]
