"""The exact definition of a trend in a sentence, in both languages."""

from __future__ import annotations

from userops.analyses.breakdown import describe_breakdown
from userops.analyses.trend.document import Series, Trend
from userops.analyses.trend.formulas import letter
from userops.query.comparison import describe_comparison
from userops.query.dates import UNIT_WORDS
from userops.query.filters import describe_filters
from userops.query.naming import shown
from userops.words import Words


def describe(document: Trend) -> Words:
    unit, dates = UNIT_WORDS[document.unit], document.range.describe()
    series = [_series(each, number, document) for number, each in enumerate(document.series)]
    parts = [
        Words("；".join(each.zh for each in series), "; ".join(each.en for each in series)),
        *_formulas(document),
        Words(f"按{unit.zh}统计（{dates.zh}）", f"by {unit.en}, {dates.en}"),
        *_filters(document),
        *_breakdown(document),
        *_comparison(document),
        Words(
            "用户按合并后的个人去重；日期按产品时区划分；没有数据的区间，次数、人数与总和计为 0，"
            "其余指标为空；未结束的区间单独标明",
            "users are persons after merging; days are those of the product's time zone; an "
            "interval without events is 0 for counts and sums and empty for other measures; "
            "unfinished intervals are marked",
        ),
    ]
    return Words(
        "；".join(part.zh for part in parts) + "。", _sentence("; ".join(part.en for part in parts))
    )


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:] + "."


def _series(series: Series, number: int, document: Trend) -> Words:
    measure, property_ = series.measured().sentence, shown(series.property or "", "event")
    step = series.model_copy(update={"name": None}).describe()
    zh = step.zh + measure.zh.replace("{p}", property_.zh)
    en = f"{measure.en.replace('{p}', property_.en)}: {step.en}"
    if len(document.series) + len(document.formulas) == 1:
        return Words(zh, en)
    name = f"“{series.name}”"
    # what is called by its event need not be called so twice
    head = letter(number) + (f" {name}" if series.name and name not in step.zh else "")
    return Words(f"{head} = {zh}", f"{head} = {en}")


def _formulas(document: Trend) -> list[Words]:
    if not document.formulas:
        return []
    zh = "、".join(_named(each.name, each.formula, "“{}” = {}") for each in document.formulas)
    en = ", ".join(_named(each.name, each.formula, "“{}” = {}") for each in document.formulas)
    return [Words(f"公式 {zh}（除数为 0 时为空）", f"formulas {en} (empty where the divisor is 0)")]


def _named(name: str | None, formula: str, form: str) -> str:
    return form.format(name, formula) if name else formula


def _filters(document: Trend) -> list[Words]:
    if not document.filters:
        return []
    words = describe_filters(document.filters)
    return [Words(f"只统计满足 {words.zh} 的事件", f"only events where {words.en}")]


def _breakdown(document: Trend) -> list[Words]:
    largest = Words("第一个序列数值最大", "figure of the first series")
    rest = Words("并重新去重", "recomputed together")
    return describe_breakdown(document.breakdown, document.limit, largest, rest)


def _comparison(document: Trend) -> list[Words]:
    if document.compare is None:
        return []
    return [describe_comparison(document.range, document.unit, document.compare)]
