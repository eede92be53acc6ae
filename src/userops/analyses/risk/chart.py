"""A churn risk as an ECharts option."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from userops.analyses.risk.bands import LABELS
from userops.analyses.risk.document import Risk
from userops.analyses.risk.table import LEFT, MODELS, PREDICTED, SHARE, feature_words
from userops.words import Words

TODAY = Words("现有人数", "Users today")
PERFECT = Words("完全准确", "Exactly right")
REACHED = Words("覆盖的流失者", "Leavers reached")
BLIND = Words("随机挑选", "Picked blindly")
EXPECTED = Words("预计流失", "Expected to leave")
INTERVAL = Words("95% 区间", "95% interval")
LOWER = Words("不高于中位数", "Up to the median")
HIGHER = Words("高于中位数", "Above the median")
_TOP = Words("前 {:.0f}%", "Top {:.0f}%")


def chart(document: Risk, result: dict[str, Any], language: str) -> dict[str, Any]:
    return _BY_VIEW[document.view](result, language)


def _frame(names: list[str], format_: str) -> dict[str, Any]:
    return {
        "aria": {"enabled": True},
        "grid": {"left": 8, "right": 24, "top": 40, "bottom": 8, "containLabel": True},
        "legend": {"top": 0, "left": 0, "type": "scroll"},
        "tooltip": {"trigger": "axis", "confine": True},
        "xAxis": {"type": "category", "data": names},
        "yAxis": {"type": "value", "min": 0},
        "userops": {"format": format_},
    }


def _bars(name: str, data: list[Any], *, written: bool = False) -> dict[str, Any]:
    bars: dict[str, Any] = {"name": name, "type": "bar", "barMaxWidth": 40, "data": data}
    return {**bars, "label": {"show": True}} if written else bars


def _bands(result: dict[str, Any], language: str) -> dict[str, Any]:
    lines = result["bands"]
    names = [_in_two_lines(LABELS[each["band"]].text(language)) for each in lines]
    series = [_bars(TODAY.text(language), [each["users"] for each in lines], written=True)]
    option = _frame(names, "count")
    option["xAxis"]["axisLabel"] = {"interval": 0, "rotate": 0}
    return {**option, "series": series}


def _in_two_lines(label: str) -> str:
    """A name over the chances that it stands for: four of them fit below a narrow chart."""
    chances = label.replace("（", "\n").rstrip("）").replace(" (", "\n").rstrip(")")
    return chances.replace("≥ ", "≥").replace("< ", "<")


def _drivers(result: dict[str, Any], language: str) -> dict[str, Any]:
    lines = result["drivers"][:8]
    option = _frame([], "percent")
    names = [feature_words(each).text(language) for each in lines]
    option["xAxis"] = {"type": "value", "min": 0}
    option["yAxis"] = {"type": "category", "inverse": True, "data": names}
    option["series"] = [
        {**_bars(LOWER.text(language), [each["low_share"] for each in lines]), "barMaxWidth": 12},
        {**_bars(HIGHER.text(language), [each["high_share"] for each in lines]), "barMaxWidth": 12},
    ]
    return option


def _calibration(result: dict[str, Any], language: str) -> dict[str, Any]:
    lines = result["curve"]
    names = [f"{each['chance']:.1%}" for each in lines]
    observed = [each["ones"] / each["users"] for each in lines]
    whole = {"name": SHARE.text(language), "type": "line", "data": observed, "showSymbol": True}
    band = {
        "type": "line",
        "stack": "interval",
        "symbol": "none",
        "silent": True,
        "lineStyle": {"opacity": 0},
    }
    width = [each["high"] - each["low"] for each in lines]
    right = {
        "name": PREDICTED.text(language),
        "type": "line",
        "data": [each["chance"] for each in lines],
        "lineStyle": {"type": "dashed"},
    }
    return {
        **_frame(names, "percent"),
        "series": [
            whole,
            {**band, "data": [each["low"] for each in lines]},
            {
                **band,
                "name": INTERVAL.text(language),
                "data": width,
                "areaStyle": {"opacity": 0.15},
            },
            right,
        ],
    }


def _lift(result: dict[str, Any], language: str) -> dict[str, Any]:
    lines = result["lift"]
    names = [_TOP.text(language).format(each["share"] * 100) for each in lines]
    return {
        **_frame(names, "percent"),
        "series": [
            _bars(REACHED.text(language), [each["reached"] for each in lines], written=True),
            {
                "name": BLIND.text(language),
                "type": "line",
                "data": [each["share"] for each in lines],
                "lineStyle": {"type": "dashed"},
            },
        ],
    }


def _backtest(result: dict[str, Any], language: str) -> dict[str, Any]:
    lines = result["backtests"][::-1]
    return {
        **_frame([each["day"] for each in lines], "count"),
        "series": [
            _bars(EXPECTED.text(language), [each["predicted"] for each in lines]),
            _bars(LEFT.text(language), [each["left"] for each in lines]),
        ],
    }


def _models(result: dict[str, Any], language: str) -> dict[str, Any]:
    lines = result["metrics"]
    names = [MODELS[each["model"]].text(language) for each in lines]
    series = [_bars("PR-AUC", [each["pr_auc"] for each in lines], written=True)]
    return {**_frame(names, "number"), "series": series}


_BY_VIEW: dict[str, Callable[[dict[str, Any], str], dict[str, Any]]] = {
    "bands": _bands,
    "drivers": _drivers,
    "calibration": _calibration,
    "lift": _lift,
    "backtest": _backtest,
    "models": _models,
}
