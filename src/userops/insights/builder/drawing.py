"""An answer's chart as this page draws it: one panel, and shares written as percentages."""

from __future__ import annotations

from typing import Any

from userops.analyses.answering import Answer
from userops.annotations.marks import annotated
from userops.events.models import Product


def option(answer: Answer, language: str, product: Product) -> dict[str, Any]:
    """The ECharts option of an answer. Of a chart with several panels only the first is kept: the
    cohorts of a retention stand below as a table that can be read aloud, searched and clicked. A time
    axis carries the product's annotations."""
    drawn = _first_panel(answer.chart(language))
    if answer.analysis.page.shares(answer.document, answer.result):
        drawn["userops"] = {"format": "percent", **drawn.get("userops", {})}
    unit = str(getattr(answer.document, "unit", ""))
    return annotated(drawn, product, answer.document.range.first, unit)


def _first_panel(drawn: dict[str, Any]) -> dict[str, Any]:
    if not isinstance(drawn.get("grid"), list):
        return drawn
    series = [each for each in drawn["series"] if not each.get("xAxisIndex")]
    kept = {key: value for key, value in drawn.items() if key not in ("visualMap", "height")}
    margins = {"left": 8, "right": 16, "bottom": 8, "top": 48, "containLabel": True}
    return {
        **kept,
        "grid": margins,
        "xAxis": drawn["xAxis"][0],
        "yAxis": drawn["yAxis"][0],
        "tooltip": {"trigger": "axis"},
        "series": series,
    }
