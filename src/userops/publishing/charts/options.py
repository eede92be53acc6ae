"""An answer's chart as a page or a report draws it: one panel, and shares written as percentages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # drawing needs no store
    from userops.analyses.answering import Answer

DASHED = ":dashed"
"""How the ids of lines end that are drawn over the incomplete ends of others."""


def drawn(answer: Answer, language: str) -> dict[str, Any]:
    """The ECharts option of an answer. Of a chart with several panels only the first is kept: the
    cohorts of a retention stand below as a table that can be read aloud, searched and clicked."""
    option = first_panel(answer.chart(language))
    if answer.analysis.page.shares(answer.document, answer.result):
        option["userops"] = {"format": "percent", **option.get("userops", {})}
    return option


def open_places(series: Mapping[str, Any]) -> frozenset[int]:
    """Places of a line or of bars that stand for incomplete periods: dashed or pale, by the whole or one by one, or
    counted from both ends (see `userops` in components/README.md)."""
    data = series.get("data") or []
    if str(series.get("id", "")).endswith(DASHED):
        return frozenset(at for at, value in enumerate(data) if value is not None)
    own = series.get("userops") or {}
    first, last = own.get("cut", 0), len(data) - own.get("unfinished", 0)
    return frozenset(
        at for at, value in enumerate(data) if at < first or at >= last or _pale(value)
    )


def _pale(item: Any) -> bool:
    return isinstance(item, Mapping) and "opacity" in (item.get("itemStyle") or {})


def incomplete(option: Mapping[str, Any] | None) -> bool:
    """Whether a chart marks incomplete periods."""
    return any(open_places(each) for each in (option or {}).get("series") or ())


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
