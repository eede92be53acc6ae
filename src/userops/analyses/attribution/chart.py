"""An attribution as an ECharts option: models as stacked bars of channels, two models, or a histogram."""

from __future__ import annotations

from typing import Any

from userops.analyses.attribution.document import AttributionDocument
from userops.analyses.attribution.labels import channel_words, lag_words, length_words
from userops.analyses.attribution.models import MODEL, MODELS
from userops.analyses.attribution.running import LONGEST
from userops.analyses.attribution.table import GOALS
from userops.query.steps import OTHERS
from userops.words import Words

DRAWN = 7
"""So many channels are told apart in a chart."""
COMPARED = 12
_OTHERS = Words("其他", "Others")


def chart(document: AttributionDocument, result: dict[str, Any], language: str) -> dict[str, Any]:
    """Plain JSON; shares are 0…1."""
    if document.view == "comparison":
        return _comparison(document, result, language)
    if document.view == "lengths":
        names = [length_words(row["touches"], LONGEST).text(language) for row in result["lengths"]]
        return _bars(names, [row["goals"] for row in result["lengths"]], language)
    if document.view == "lags":
        names = [lag_words(row).text(language) for row in result["lags"]]
        return _bars(names, [row["goals"] for row in result["lags"]], language)
    return _credits(result, language)


def drawn(result: dict[str, Any]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The channels drawn for themselves, and those drawn together."""
    own = [row for row in result["channels"] if row["channel"] != OTHERS]
    told = [*own[:DRAWN], *(row for row in own[DRAWN:] if row["channel"].startswith("$"))]
    return told, [row for row in result["channels"] if row not in told]


def _frame(names: list[str]) -> dict[str, Any]:
    """Bars from left to right, the first at the top: long names stand beside them."""
    return {
        "aria": {"enabled": True},
        "grid": {"left": 8, "right": 24, "containLabel": True},
        "tooltip": {"trigger": "axis", "confine": True, "axisPointer": {"type": "shadow"}},
        "xAxis": {"type": "value", "min": 0},
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": names,
            "axisLabel": {"interval": 0, "width": 104, "overflow": "truncate"},
        },
    }


def _credits(result: dict[str, Any], language: str) -> dict[str, Any]:
    told, together = drawn(result)
    series = [
        _stacked(channel_words(result, row["channel"]).text(language),
                 [row["shares"][model.name] for model in MODELS])
        for row in told
    ]  # fmt: skip
    if together:
        shares = [sum(row["shares"][model.name] or 0 for row in together) for model in MODELS]
        series.append(_stacked(_OTHERS.text(language), shares))
    frame = _frame([model.words.text(language) for model in MODELS])
    frame["xAxis"]["max"] = 1
    return {**frame, "series": series, "legend": {"top": 0}}


def _stacked(name: str, data: list[float | None]) -> dict[str, Any]:
    return {"type": "bar", "name": name, "stack": "credit", "barMaxWidth": 32, "data": data}


def _comparison(
    document: AttributionDocument, result: dict[str, Any], language: str
) -> dict[str, Any]:
    rows = result["channels"][:COMPARED]
    pair = dict.fromkeys((document.baseline, document.model))
    series = [
        {
            "type": "bar",
            "name": MODEL[name].words.text(language),
            "barMaxWidth": 16,
            "data": [row["shares"][name] for row in rows],
        }
        for name in pair
    ]
    names = [channel_words(result, row["channel"]).text(language) for row in rows]
    return {**_frame(names), "series": series, "legend": {"top": 0}}


def _bars(names: list[str], data: list[int], language: str) -> dict[str, Any]:
    return {
        "aria": {"enabled": True},
        "grid": {"left": 8, "right": 16, "containLabel": True},
        "tooltip": {"trigger": "axis", "confine": True, "axisPointer": {"type": "shadow"}},
        "xAxis": {"type": "category", "data": names},
        "yAxis": {"type": "value", "min": 0},
        "series": [
            {
                "type": "bar",
                "name": GOALS.words.text(language),
                "barMaxWidth": 56,
                "data": data,
                "label": {"show": len(data) <= 16},
            }
        ],
    }
