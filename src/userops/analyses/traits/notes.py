"""What sets people apart, in sentences; or honestly that nothing does."""

from __future__ import annotations

from typing import Any

from userops.analyses.page import Label
from userops.analyses.traits.document import Traits
from userops.analyses.traits.wording import trait_words
from userops.words import Words, minus

MOST = 5


def notes(document: Traits, result: dict[str, Any], label: Label) -> list[Words]:
    sizes = Words(
        f"这群人 {result['group']:,} 人，对照 {result['rest']:,} 人；比较了 {result['compared']:,} 个特征，"
        f"其中 {result['telling']:,} 个有差异（错误发现率 5%）。",
        f"{result['group']:,} people against {result['rest']:,} others; {result['compared']:,} traits compared, "
        f"{result['telling']:,} of them telling (false discovery rate 5%).",
    )
    telling = [row for row in result["traits"] if row["telling"]][:MOST]
    if not telling:
        return [sizes, _nothing(result)]
    return [sizes, *(_sentence(row, label) for row in telling)]


def _nothing(result: dict[str, Any]) -> Words:
    if not result["group"] or not result["rest"]:
        return Words("有一方没有人，无法比较。", "One side is empty: there is nothing to compare.")
    if not result["compared"]:
        return Words(
            "人数太少，没有一个特征达到可比较的最少人数。",
            "Too few people: no trait has the support that a comparison needs.",
        )
    return Words(
        "没有发现能把他们与其他人区分开的特征。",
        "Nothing was found that sets them apart from the others.",
    )


def _sentence(row: dict[str, Any], label: Label) -> Words:
    words = trait_words(row, label)
    if row["measure"] == "share":
        (k, n), (m, of) = row["group_kn"], row["rest_kn"]
        group, rest = f"{row['group']:.1%}", f"{row['rest']:.1%}"
        move, low, high = (minus(f"{row[at] * 100:+.1f}") for at in ("difference", "low", "high"))
        return Words(
            f"{words.zh}：{group}（{k:,}/{n:,}），其他人 {rest}（{m:,}/{of:,}），相差 {move} 个百分点"
            f"（95% 区间 {low} 至 {high}）。",
            f"{words.en}: {group} ({k:,}/{n:,}), others {rest} ({m:,}/{of:,}): {move} points "
            f"(95% interval {low} to {high}).",
        )
    group, rest = (minus(f"{row[at]:,.2f}") for at in ("group", "rest"))
    move, low, high = (minus(f"{row[at]:+,.2f}") for at in ("difference", "low", "high"))
    return Words(
        f"{words.zh}：均值 {group}，其他人 {rest}，相差 {move}（95% 区间 {low} 至 {high}）。",
        f"{words.en}: mean {group}, others {rest}: {move} (95% interval {low} to {high}).",
    )
