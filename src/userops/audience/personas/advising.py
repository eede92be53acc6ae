"""What to do for a persona, by rules from what sets it apart and what it lacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from userops.analyses.needs.table import need_words
from userops.analyses.personas.cells import DAYPARTS
from userops.analyses.personas.naming import is_more
from userops.words import Words

LIFT = 1.25
MOST = 5


def advice(
    group: Mapping[str, Any], needs: Sequence[dict[str, Any]], *, light: bool = False
) -> list[Words]:
    """Sentences, each with the reason in it."""
    told = [*_of_needs(needs), *(_LIGHT if light else _of_traits(group.get("traits", [])))]
    return told[:MOST]


_LIGHT = [
    Words(
        "活跃天数太少，先把首次体验做短：减少首屏步骤，用新人权益换一次回访。",
        "They were here on too few days: shorten the first visit and give a reason for a second one.",
    )
]


def _of_traits(traits: Sequence[dict[str, Any]]) -> list[Words]:
    above = [each for each in traits if each["telling"] and is_more(each, LIFT)]
    found = []
    for feature, rule in (("hours", _hours), ("taste", _taste), ("price", _price)):
        mine = [each for each in above if each["feature"] == feature]
        if mine and (words := rule(mine)) is not None:
            found.append(words)
    return found


def _hours(traits: Sequence[dict[str, Any]]) -> Words:
    part = DAYPARTS[traits[0]["value"]][0]
    share, rest = f"{traits[0]['group']:.0%}", f"{traits[0]['rest']:.0%}"
    return Words(
        f"触达放在{part.zh}：他们 {share} 的活跃在这个时段（其他组 {rest}）。",
        f"Reach them in the {part.en}: {share} of their activity falls there (others {rest}).",
    )


def _taste(traits: Sequence[dict[str, Any]]) -> Words:
    names = [each["value"] for each in traits[:3]]
    return Words(
        f"推荐位与活动优先{'、'.join(names)}：关注度是其他组的 {_lift(traits[0])} 倍以上。"
        if traits[0]["lift"]
        else f"推荐位与活动优先{'、'.join(names)}。",
        f"Show {', '.join(names)} first"
        + (
            f": looked at {_lift(traits[0])} times as much as by others."
            if traits[0]["lift"]
            else "."
        ),
    )


def _lift(trait: Mapping[str, Any]) -> str:
    """The lower end of the interval: what is sure."""
    low = trait["lift_interval"][0] if trait["lift_interval"] else trait["lift"]
    return f"{low:.1f}"


def _price(traits: Sequence[dict[str, Any]]) -> Words | None:
    levels = {each["value"] for each in traits}
    if "5" in levels:
        return Words(
            "他们看的是同类中价位高的商品：以品质、新品和服务沟通，不以降价沟通。",
            "They look at the upper prices of each kind: talk of quality, novelty and service, not of discounts.",
        )
    if "1" in levels:
        return Words(
            "他们看的是同类中价位低的商品：用优惠券、拼单和临期特价沟通，并盯住毛利。",
            "They look at the lower prices of each kind: coupons and bundles, with an eye on the margin.",
        )
    return None


_NEEDS: dict[str, Words] = {
    "search": Words(
        "补上“{name}”：{users} 人搜过而没有结果（占搜索用户 {share}）；没有货时给替代品和到货提醒。",
        "Supply “{name}”: {users} people searched for it in vain ({share} of searchers); else offer what is nearest.",
    ),
    "exit": Words(
        "先看“{name}”这一步：{users} 人到此离开（占到达者 {share}）。",
        "Look at “{name}” first: {users} people leave there ({share} of those who got there).",
    ),
    "failure": Words(
        "修复“{name}”：影响 {users} 人（{share}），修好后逐一告知。",
        "Mend “{name}”: it met {users} people ({share}); tell them when it is done.",
    ),
}


def _of_needs(needs: Sequence[dict[str, Any]]) -> list[Words]:
    """The first of each kind; a search only where the persona looks for it more than others."""
    found = []
    for kind, words in _NEEDS.items():
        mine = [
            need
            for need in needs
            if need["kind"] == kind
            and (
                kind == "exit"
                or need["rest"] is None
                or (need["telling"] and need["difference"] > 0)
            )
        ]
        if mine:
            name = need_words(mine[0])
            figures = {"users": f"{mine[0]['users']:,}", "share": f"{mine[0]['share']:.1%}"}
            found.append(
                Words(
                    words.zh.format(name=name.zh, **figures),
                    words.en.format(name=name.en, **figures),
                )
            )
    return found
