"""An answer's chart as a page or a report draws it: one panel, and shares written as percentages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # drawing needs no store
    from userops.analyses.answering import Answer


def drawn(answer: Answer, language: str) -> dict[str, Any]:
    """The ECharts option of an answer. Of a chart with several panels only the first is kept: the
    cohorts of a retention stand below as a table that can be read aloud, searched and clicked."""
    option = first_panel(answer.chart(language))
    if answer.analysis.page.shares(answer.document, answer.result):
        option["userops"] = {"format": "percent", **option.get("userops", {})}
    return option


def first_panel(option: Mapping[str, Any]) -> dict[str, Any]:
    """The first panel of an option with several; another option as it is."""
    if not isinstance(option.get("grid"), list):
        return dict(option)
    series = [each for each in option["series"] if not each.get("xAxisIndex")]
    kept = {key: value for key, value in option.items() if key not in ("visualMap", "height")}
    margins = {"left": 8, "right": 16, "bottom": 8, "top": 48, "containLabel": True}
    return {
        **kept,
        "grid": margins,
        "xAxis": option["xAxis"][0],
        "yAxis": option["yAxis"][0],
        "tooltip": {"trigger": "axis"},
        "series": series,
    }
