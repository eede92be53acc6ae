"""The exact definition of a trend in a sentence, in both languages."""

from __future__ import annotations

from userops.analyses.trend.document import Series, Trend
from userops.analyses.trend.formulas import letter
from userops.query.dates import UNIT_WORDS
from userops.query.filters import describe_filters
from userops.words import Words

COMPARISONS: dict[str, Words] = {
    "previous_period": Words("上一周期（环比）", "the previous period"),
    "same_period_last_year": Words("去年同期（同比）", "the same period last year"),
}


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
    measure, property_ = series.measured().sentence, series.property or ""
    step = series.model_copy(update={"name": None}).describe()
    zh = step.zh + measure.zh.replace("{p}", property_)
    en = f"{measure.en.replace('{p}', property_)}: {step.en}"
    if len(document.series) + len(document.formulas) == 1:
        return Words(zh, en)
    head = letter(number) + (f" “{series.name}”" if series.name else "")
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
    if not document.breakdown:
        return []
    each = [one.describe() for one in document.breakdown]
    zh, en = " × ".join(one.zh for one in each), " × ".join(one.en for one in each)
    user = any(one.of == "user" for one in document.breakdown)
    return [
        Words(
            f"按{zh}拆分，取第一个序列数值最大的前 {document.limit} 组，其余合并为“其他”并重新去重"
            + ("；用户属性取当前值" if user else ""),
            f"broken down by {en}: the {document.limit} groups with the largest figure of the "
            "first series, the rest recomputed together as “others”"
            + ("; user properties as they are today" if user else ""),
        )
    ]


def _comparison(document: Trend) -> list[Words]:
    if document.compare is None:
        return []
    words = COMPARISONS[document.compare]
    if document.range.from_ is None:
        return [Words(f"与{words.zh}对比", f"compared with {words.en}")]
    compared = document.compared_range()
    assert compared is not None
    dates = compared.describe()
    return [Words(f"与{words.zh} {dates.zh} 对比", f"compared with {words.en}, {dates.en}")]
