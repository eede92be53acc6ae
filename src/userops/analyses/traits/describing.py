"""The exact definition of a comparison of people in a sentence, in both languages."""

from __future__ import annotations

from userops.analyses.selecting import selection_words
from userops.analyses.traits.document import Traits
from userops.words import Words


def describe(document: Traits) -> Words:
    dates = document.range.describe()
    selection = selection_words(document.selection)
    kind = document.kinds[document.question.kind]
    own = document.defined[document.question.kind](document.asked())
    if document.other is None:
        zh, en = "同一日期范围内活跃的其他所有人", "everyone else who was active in the same range"
    else:
        other = selection_words(document.other)
        zh = f"同一问题中“{other.zh}”背后、且不在前者之中的人"
        en = f"those behind “{other.en}” of the same question who are not among the former"
    return Words(
        f"{kind.zh}中“{selection.zh}”背后的人，与{zh}比较（{dates.zh}）；行为与活跃天数按该日期范围统计，"
        "事件属性取每人在范围内出现最多的值，用户属性取当前值；占比之差的 95% 区间为 Newcombe 法，"
        f"均值之差为 Welch 法；每个特征至少 {document.min_support} 人且各格期望不少于 5 人才比较；"
        "全部比较用 Benjamini–Hochberg 法校正，按效应量排序；问题自身提到的事件和属性不计入发现；"
        f"这是两群人的差别，不是差别的由来。{own.zh}",
        f"The people behind “{selection.en}” ({kind.en}) against {en} ({dates.en}); behaviour and active "
        "days are of that range, an event property is each person's most frequent value in it, user "
        "properties are as they are today; 95% intervals by Newcombe for shares and Welch for means; a "
        f"trait is compared from {document.min_support} people and an expected count of 5 in each cell on; all "
        "comparisons are corrected by Benjamini–Hochberg and ranked by effect size; events and properties "
        "that the question itself names do not count as findings; these are differences between people, "
        f"not what made them. {own.en}",
    )
