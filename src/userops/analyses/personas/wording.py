"""What the features and values of personas are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from userops.analyses.personas.cells import DAYPARTS, WEEK
from userops.words import Words

FEATURES: dict[str, Words] = {
    "hours": Words("活跃时段", "Time of day"),
    "weekdays": Words("工作日与周末", "Weekdays and weekend"),
    "events": Words("行为", "Events"),
    "taste": Words("偏好", "Taste"),
    "price": Words("价位", "Price level"),
    "platform": Words("平台", "Platform"),
    "channel": Words("渠道", "Channel"),
    "value": Words("价值", "Value"),
    "activity": Words("活跃度", "Activity"),
}
FIFTHS: dict[str, Words] = {
    "1": Words("同类最低的五分之一", "lowest fifth of its kind"),
    "2": Words("同类较低", "lower fifth of its kind"),
    "3": Words("同类中等", "middle fifth of its kind"),
    "4": Words("同类较高", "upper fifth of its kind"),
    "5": Words("同类最高的五分之一", "highest fifth of its kind"),
}
REASONS: dict[str, Words] = {
    "few_persons": Words(
        "达到最少活跃天数的用户不足 60 人，不足以分组。扩大日期范围或降低最少活跃天数。",
        "Fewer than 60 people have enough active days to be grouped. Take a longer range or ask for fewer days.",
    ),
    "few_features": Words(
        "可用的特征不足两种，无法分组。检查事件是否带有可区分用户的属性。",
        "Fewer than two features tell people apart. See whether the events carry properties that do.",
    ),
    "no_structure": Words(
        "没有发现可靠的群组：各方面特征之间的联系，不比随机打乱后更强。此时分组只会编造差异，因此不分。",
        "No reliable groups: features go together no more than they do when shuffled. Groups would only be made "
        "up, so there are none.",
    ),
    "unstable": Words(
        "没有发现可靠的群组：换一半用户重做，分出的组不一致。",
        "No reliable groups: done again with half of the people, they come out differently.",
    ),
}


def value_words(trait: Mapping[str, Any]) -> Words:
    """The value of a trait: a part of the day, an event, a category."""
    value: str = trait.get("label") or trait["value"]
    known = {"hours": DAYPARTS, "weekdays": WEEK}.get(trait["feature"])
    if known is not None:
        return known[value][0]
    if trait["feature"] == "price":
        return FIFTHS[value]
    return Words(value, value)


def trait_words(trait: Mapping[str, Any]) -> Words:
    """Such as “偏好：母婴”."""
    feature, value = FEATURES[trait["feature"]], value_words(trait)
    return Words(f"{feature.zh}：{value.zh}", f"{feature.en}: {value.en}")
