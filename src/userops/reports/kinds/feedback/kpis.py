"""The two KPIs of the desk: in time and satisfaction, each with target, status and certainty."""

from __future__ import annotations

from dataclasses import dataclass

from userops.analyses.table import Column, Table
from userops.feedback.figures.deadlines import PROMISES
from userops.reports.book import Book, Frozen
from userops.reports.outline import NotComputable
from userops.reports.quoting import Quote
from userops.reports.targets import Measured, State, judged
from userops.words import Words

RESOLUTION = list(PROMISES).index("resolution")
_CLEAR, _WEAK = Words("充分", "clear"), Words("弱", "weak")
_MET, _MISSED = Words("达成", "met"), Words("未达成", "missed")
SAID: dict[State, tuple[Words, Words]] = {
    "met": (_MET, _CLEAR),
    "met_weak": (_MET, _WEAK),
    "missed_weak": (_MISSED, _WEAK),
    "missed": (_MISSED, _CLEAR),
    "too_few": (Words("不判断", "not judged"), Words("不足", "too little")),
}
"""A state as the scorecard says it: whether the target is met, and how sure that is."""


@dataclass(frozen=True)
class Kpi:
    """A KPI as it was measured; `value` is quoted with its interval, target and counts."""

    words: Words
    value: Quote
    measured: Measured
    target: float
    state: State


def on_time(book: Book) -> Kpi | None:
    """Resolutions kept of those due."""
    figure = book.get("on_time")
    line = figure.result["promises"][RESOLUTION] if figure else None
    if figure is None or not line or not line["n"]:
        return None
    target, (low, high) = book.subject.chosen["target_on_time"] / 100, line["interval"]
    value = _share(figure, line["rate"], low, high, target)
    measured = Measured(line["rate"], low, high, line["n"])
    words = Words("反馈及时处理率", "Handled in time")
    return Kpi(words, value, measured, target, judged(measured, target, _minimum(book)))


def _share(figure: Frozen, rate: float, low: float, high: float, target: float) -> Quote:
    under = f"promises/{RESOLUTION}"
    k, n = figure.quote("kept", f"{under}/k"), figure.quote("due", f"{under}/n")
    return figure.derived(
        "on_time", rate, "share", k, n, k=k.value, n=n.value, low=low, high=high, target=target
    )


def satisfaction(book: Book) -> Kpi | None:
    """(x̄ − 1) / 4 × 100 of the ratings."""
    figure = book.get("satisfaction")
    if figure is None:
        return None
    result, target = figure.result, float(book.subject.chosen["target_satisfaction"])
    mean = figure.quote("mean", "mean", "number")
    low, high = result["interval"]
    value = figure.derived(
        "satisfaction", result["score"], "number", mean, n=result["n"], k=result["n"], low=low, high=high,
        target=target,
    )  # fmt: skip
    measured = Measured(result["score"], low, high, result["n"])
    words = Words("处理满意度", "Satisfaction")
    return Kpi(words, value, measured, target, judged(measured, target, _minimum(book)))


def _minimum(book: Book) -> int:
    return int(book.subject.chosen["minimum"])


def scorecard(book: Book) -> Table:
    """One row for each KPI: value, target, status with certainty, the period before."""
    kpis = [(on_time(book), "share"), (satisfaction(book), "number")]
    found = [(kpi, type_) for kpi, type_ in kpis if kpi is not None]
    if not found:
        raise NotComputable(
            "没有到期的时限，也没有评价，KPI 不出。",
            "Neither a deadline fell due nor was anything rated: no KPI.",
        )
    columns = (
        Column("kpi", Words("指标", "KPI")),
        Column("value", Words("本期", "Now"), "number"),
        Column("low", Words("95% 下限", "95% low"), "number"),
        Column("high", Words("95% 上限", "95% high"), "number"),
        Column("target", Words("目标", "Target"), "number"),
        Column("state", Words("状态", "Status")),
        Column("certainty", Words("证据", "Evidence")),
        Column("n", Words("样本", "Of"), "whole"),
        Column("before", Words("上期", "Before"), "number"),
    )
    rows = []
    for kpi, type_ in found:
        scale = 100 if type_ == "share" else 1
        m = kpi.measured
        rows.append(
            (
                _unit(kpi, type_), _times(m.value, scale), _times(m.low, scale), _times(m.high, scale),
                kpi.target * scale, *SAID[kpi.state], m.n, _before(book, type_),
            )
        )  # fmt: skip
    return Table(columns, rows)


def _unit(kpi: Kpi, type_: str) -> Words:
    unit = Words("（%）", " (%)") if type_ == "share" else Words("（0–100）", " (0–100)")
    return Words(kpi.words.zh + unit.zh, kpi.words.en + unit.en)


def _times(value: float | None, scale: int) -> float | None:
    """In a table KPIs have one decimal, as shares do in sentences."""
    return None if value is None else round(value * scale, 1)


def _before(book: Book, type_: str) -> float | None:
    if type_ == "share" and "on_time_before" in book:
        rate = book["on_time_before"].result["promises"][RESOLUTION]["rate"]
        return _times(rate, 100)
    if type_ == "number" and "satisfaction_before" in book:
        score: float | None = book["satisfaction_before"].result["score"]
        return _times(score, 1)
    return None
