"""The question of what sets one segment apart from another, or from everyone else."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from userops.query.dates import DateRange
from userops.query.document import Document
from userops.words import Words


class Comparison(Document):
    """`other`: another segment; without it, everyone else. Who is in both counts on the first side only."""

    kind: Literal["comparison"] = "comparison"
    range: DateRange = DateRange(last=30)
    segment: int = Field(ge=1)
    other: int | None = Field(default=None, ge=1)
    min_support: int = Field(default=20, ge=5, le=1_000_000)


def describe(document: Comparison, first: str, second: Words) -> Words:
    """The definition in a sentence; `first` and `second` are what the sides are called."""
    dates = document.range.describe()
    return Words(
        f"“{first}”与{second.zh}比较（{dates.zh}）；同时属于两者的用户只计入前者；行为与活跃天数按该日期范围统计，"
        "事件属性取每人在范围内出现最多的值，用户属性、计算属性、标签与分群取当前值；"
        f"占比之差的 95% 区间为 Newcombe 法，均值之差为 Welch 法；"
        f"每个特征至少 {document.min_support} 人且各格期望不少于 5 人才比较；"
        "全部比较用 Benjamini–Hochberg 法校正，按效应量排序；分群条件自身提到的事件和属性不计入发现；"
        "这是两群人的差别，不是差别的由来。",
        f"“{first}” against {second.en} ({dates.en}); who is in both counts on the first side only; behaviour and "
        "active days are of that range, an event property is each person's most frequent value in it, properties, "
        "computed facts, tags and segments are as they are today; 95% intervals by Newcombe for shares and Welch for "
        f"means; a trait is compared from {document.min_support} people and an expected count of 5 in each cell on; "
        "all comparisons are corrected by Benjamini–Hochberg and ranked by effect size; events and properties that the "
        "segments themselves name do not count as findings; these are differences between people, not what made them.",
    )
