"""What personas say, in sentences; or honestly that there are none."""

from __future__ import annotations

from typing import Any

from userops.analyses.page import Label
from userops.analyses.personas.document import Personas
from userops.analyses.personas.naming import is_more
from userops.analyses.personas.table import shown_traits, words_of
from userops.analyses.personas.wording import REASONS, trait_words
from userops.words import Words

SENTENCES = 3
"""Traits told of each group."""
RISING = Words(
    "准则在最大组数处仍在上升：可以把最多分组数调大再看。",
    "The criterion still rises at the largest number: try more groups.",
)


def notes(document: Personas, result: dict[str, Any], _label: Label) -> list[Words]:
    if not result["found"]:
        return [REASONS[result["reason"]]]
    light = Words(
        f"{result['users']:,} 人中 {result['grouped']:,} 人归入 {result['number']} 组；"
        f"另 {result['light']:,} 人活跃不足 {document.min_days} 天，也看不出像哪一组，不勉强归组。",
        f"{result['grouped']:,} of {result['users']:,} people are in {result['number']} groups; {result['light']:,} "
        f"were there on fewer than {document.min_days} days and do not show whom they are like: they are not "
        "forced into one.",
    )
    sure = Words(
        f"对半重做 8 次，分组一致程度（调整兰德指数）平均 {result['agreement']:.2f}。",
        f"Done again on halves, 8 times, groups agree with an adjusted Rand index of {result['agreement']:.2f} on "
        "average.",
    )
    groups = [_sentence(group) for group in result["groups"] if group["group"] != "light"]
    rising = [RISING] if result["number"] == document.max_groups else []
    return [light, sure, *rising, *groups]


def _sentence(group: dict[str, Any]) -> Words:
    name = words_of(group)
    share = f"{group['share']:.1%}"
    traits = [each for each in shown_traits(group, len(group["traits"])) if is_more(each)][
        :SENTENCES
    ]
    told = [(trait_words(each), f"{each['group']:.1%}", f"{each['rest']:.1%}") for each in traits]
    zh = "；".join(f"{words.zh} {mine}（其他组 {rest}）" for words, mine, rest in told)
    en = "; ".join(f"{words.en} {mine} (others {rest})" for words, mine, rest in told)
    return Words(
        f"{name.zh}：{group['users']:,} 人（{share}）。{zh}{'。' if told else ''}",
        f"{name.en}: {group['users']:,} people ({share}). {en}{'.' if told else ''}",
    )
