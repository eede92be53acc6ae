"""A retention as an ECharts option: a heat map of cohorts with their sizes, above it the averages as a line."""

from __future__ import annotations

from typing import Any

from userops.analyses.retention.document import RetentionDocument
from userops.analyses.retention.table import AVERAGE, column_name, shown
from userops.query.dates import short_label
from userops.words import Words

MAX_SERIES = 8
MAX_LABELS = 16
"""Up to so many columns carry their names and shares."""
PALE, DEEP = "#eef2ff", "#3b5bdb"
ROW_HEIGHT = 24
LINE_HEIGHT = 168
RATE = Words("留存率", "Retention")
RANGE = Words("95% 区间", "95% interval")


def chart(document: RetentionDocument, result: dict[str, Any], language: str) -> dict[str, Any]:
    """Plain JSON; shares are 0…1. `height` is what the page should give it, in pixels."""
    names = [column_name(document, at).text(language) for at in range(len(document.columns))]
    cohorts = result["cohorts"]
    top = LINE_HEIGHT + 48
    bottom = top + ROW_HEIGHT * len(cohorts)
    left = 160
    return {
        "height": bottom + 56,
        "tooltip": {"trigger": "item"},
        "legend": {
            "top": 0,
            "data": [each["name"] for each in _lines(result, language) if each.get("name")],
        },
        "grid": [
            {"left": left, "right": 24, "top": 40, "height": LINE_HEIGHT - 24},
            {"left": left, "right": 24, "top": top, "height": ROW_HEIGHT * len(cohorts)},
        ],
        # the names between the two panels serve both
        "xAxis": [
            {
                "type": "category",
                "data": names,
                "gridIndex": 0,
                "axisTick": {"show": False},
                "axisLabel": {"interval": 0 if len(names) <= MAX_LABELS else "auto"},
            },
            {
                "type": "category",
                "data": names,
                "gridIndex": 1,
                "position": "top",
                "show": False,
            },
        ],
        "yAxis": [
            {"type": "value", "gridIndex": 0, "min": 0, "name": RATE.text(language)},
            {
                "type": "category",
                "gridIndex": 1,
                "inverse": True,
                "axisTick": {"show": False},
                "data": [
                    f"{short_label(each['start'], document.unit)}  ({each['size']:,})"
                    for each in cohorts
                ],
            },
        ],
        "visualMap": {
            "min": 0,
            "max": _highest(cohorts),
            "seriesIndex": _heat_index(result),
            "dimension": 2,
            "inRange": {"color": [PALE, DEEP]},
            "show": False,
        },
        "series": [*_lines(result, language), _heat(cohorts, len(names), language)],
    }


def _highest(cohorts: list[dict[str, Any]]) -> float:
    """The end of the colour scale: the highest share beyond column 0, which is 100% always."""
    rates = [rate for cohort in cohorts for rate in cohort["rates"][1:] if rate is not None]
    return min(max(rates, default=1.0), 1.0) or 1.0


def _heat_index(result: dict[str, Any]) -> int:
    return len(_lines(result, "en"))


def _lines(result: dict[str, Any], language: str) -> list[dict[str, Any]]:
    whole = {
        "name": AVERAGE.text(language),
        "type": "line",
        "xAxisIndex": 0,
        "yAxisIndex": 0,
        "data": result["average"],
        "showSymbol": len(result["average"]) <= 32,
        "lineStyle": {"width": 2},
    }
    parts = [
        {
            "name": shown(part["breakdown"], language),
            "type": "line",
            "xAxisIndex": 0,
            "yAxisIndex": 0,
            "data": part["average"],
            "showSymbol": False,
        }
        for part in result["breakdown"][: MAX_SERIES - 1]
    ]
    return [whole, *(parts or _band(result, language))]


def _band(result: dict[str, Any], language: str) -> list[dict[str, Any]]:
    """The 95% interval of the average, as a stacked pair: an unseen base and what stands on it."""
    pairs = [each or [None, None] for each in result["average_interval"]]
    common = {
        "type": "line",
        "xAxisIndex": 0,
        "yAxisIndex": 0,
        "stack": "interval",
        "symbol": "none",
        "silent": True,
        "lineStyle": {"opacity": 0},
    }
    width = [None if low is None else high - low for low, high in pairs]
    return [
        {**common, "data": [low for low, _ in pairs]},
        {**common, "name": RANGE.text(language), "data": width, "areaStyle": {"opacity": 0.15}},
    ]


def _heat(cohorts: list[dict[str, Any]], columns: int, language: str) -> dict[str, Any]:
    deep = 0.75 * _highest(cohorts)
    return {
        "name": RATE.text(language),
        "type": "heatmap",
        "xAxisIndex": 1,
        "yAxisIndex": 1,
        "data": [
            _cell((column, row, rate), column in cohort["unfinished"], columns, deep)
            for row, cohort in enumerate(cohorts)
            for column, rate in enumerate(cohort["rates"])
            if rate is not None
        ],
    }


def _cell(
    value: tuple[int, int, float], unfinished: bool, columns: int, deep: float
) -> dict[str, Any]:
    """Unfinished cells carry a star and a dashed edge; from the share `deep` on the text is white."""
    rate = value[2]
    cell: dict[str, Any] = {
        "value": list(value),
        "label": {
            "show": columns <= MAX_LABELS,
            "color": "#ffffff" if rate > deep else "#1f2937",
            "formatter": f"{rate * 100:.1f}%" + ("*" if unfinished else ""),
        },
    }
    if unfinished:
        cell["itemStyle"] = {"borderType": "dashed", "borderWidth": 1, "borderColor": "#888888"}
    return cell
