"""The exact definition of a change in a sentence, in both languages."""

from __future__ import annotations

from userops.analyses.change.document import Change
from userops.analyses.change.wording import breakdown_words
from userops.analyses.figures import Figure
from userops.query.comparison import COMPARISONS
from userops.words import Words

_COMPARED: dict[str, Words] = {
    **COMPARISONS,
    "same_weekdays": Words("往前整周、星期相同的一段", "the same weekdays whole weeks earlier"),
    "chosen": Words("指定的基期", "the chosen base"),
}
_STANDING: dict[str, Words] = {
    "first": Words(
        "每人只计在其本期首个事件的取值下", "each person stands at the value of their first event"
    ),
    "last": Words(
        "每人只计在其本期最后一个事件的取值下",
        "each person stands at the value of their last event",
    ),
    "every": Words(
        "一人可计入多个取值，重复部分单列一行，使各行相加仍等于总变化",
        "a person counts at every value; what is counted twice stands in a row of its own, so that the "
        "rows still add up",
    ),
}


def describe(document: Change) -> Words:
    figure = document.chosen()
    parts = [
        _periods(document, figure),
        _division(document, figure),
        _order(document),
        Words(
            "结果只说明变化出现在什么位置，不说明为什么；要回答为什么，需要实验、有日期的事件记录或当事人的确认",
            "the answer says where a figure moved, never why; that takes an experiment, a dated event or "
            "somebody's confirmation",
        ),
    ]
    en = "; ".join(each.en for each in parts)
    own = document.defined[document.question.kind](document.asked())
    return Words(
        "；".join(each.zh for each in parts) + f"。{own.zh}", f"{en[0].upper()}{en[1:]}. {own.en}"
    )


def _periods(document: Change, figure: Figure) -> Words:
    words, days = _COMPARED[document.compare], document.range.describe()
    zh = f"{figure.words.zh}，{days.zh} 与{words.zh}"
    en = f"{figure.words.en}, over {days.en} against {words.en}"
    if document.range.from_ is not None:
        base = document.base().describe()
        return Words(f"{zh}（{base.zh}）之差", f"{en} ({base.en})")
    return Words(f"{zh}之差", en)


def _division(document: Change, figure: Figure) -> Words:
    if figure.product:
        return Words(
            "按因子拆分：各因子的贡献为对所有变动顺序取平均（Shapley），相加等于总变化",
            "by factors: each one's part is averaged over all orders of change (Shapley), and they add up "
            "to the change",
        )
    if figure.ratio:
        zh = (
            "每个取值的贡献 = 结构效应 + 比率效应（两项中点法，无残差）：比率效应为两期平均占比 × 比率之差，"
            "结构效应为占比之差 ×（该取值两期平均比率 − 总体两期平均比率）；只出现在一期的取值全部计入结构效应"
        )
        en = (
            "each value's part is mix + rate (two-term midpoint, no residual): rate is the mean weight × "
            "the difference of rates, mix the difference of weights × (the value's mean rate − the whole "
            "mean rate); a value that is in one period only is all mix"
        )
    else:
        zh, en = "每个取值的贡献为其两期之差", "each value's part is its own difference"
    if figure.persons:
        standing = _STANDING[document.standing]
        zh, en = f"{zh}；{standing.zh}", f"{en}; {standing.en}"
    return Words(zh, en)


def _order(document: Change) -> Words:
    if document.breakdown:
        each = [breakdown_words(one) for one in document.breakdown]
        zh = "属性：" + "、".join(one.zh for one in each)
        en = "properties: " + ", ".join(one.en for one in each)
    else:
        zh = "属性：事件与用户的属性中取值为 2 至 50 个的全部"
        en = "properties: all of events and users with 2 to 50 values"
    return Words(
        f"{zh}；每个属性列出最大的 {document.top} 个取值，两期都不足 {document.min_size} 的并入“其他”；"
        "属性按意外度排序（Adtributor），差异可能出于偶然的（错误发现率 5%）排在后面；用户属性取当前值",
        f"{en}; of each the {document.top} largest values, those below {document.min_size} in both periods "
        "among “others”; ranked by surprise (Adtributor), those that may be chance (false discovery rate "
        "5%) last; user properties as they are today",
    )
