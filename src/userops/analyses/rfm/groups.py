"""The eight groups of an RFM: one record owns the name, the words and the advice of each."""

from __future__ import annotations

from dataclasses import dataclass

from userops.words import Words


@dataclass(frozen=True, slots=True)
class Group:
    """`high`: whether recency, frequency and monetary value are high."""

    name: str
    words: Words
    high: tuple[bool, bool, bool]
    strategy: Words


GROUPS: tuple[Group, ...] = (
    Group(
        "key_value",
        Words("重要价值", "Key · core"),
        (True, True, True),
        Words(
            "优先保障体验：会员权益、专属客服、新品优先，请他们推荐新用户",
            "Look after them first: member benefits, own service, new goods first; ask for referrals",
        ),
    ),
    Group(
        "key_develop",
        Words("重要发展", "Key · develop"),
        (True, False, True),
        Words(
            "提高购买频次：复购券、关联推荐、定期购或订阅",
            "Raise frequency: a voucher for the next order, related goods, subscriptions",
        ),
    ),
    Group(
        "key_keep",
        Words("重要保持", "Key · keep"),
        (False, True, True),
        Words(
            "主动联系，了解近期未购原因，用新品和专属权益唤回",
            "Get in touch, learn why they pause, bring them back with new goods and own benefits",
        ),
    ),
    Group(
        "key_win_back",
        Words("重要挽留", "Key · win back"),
        (False, False, True),
        Words(
            "重点挽留：一对一回访，用高价值权益召回，并核对流失原因",
            "Win back one by one with a strong offer, and check what made them leave",
        ),
    ),
    Group(
        "general_value",
        Words("一般价值", "General · active"),
        (True, True, False),
        Words(
            "提高客单价：满减、套装、高价位商品推荐",
            "Raise the order value: thresholds, bundles, goods of a higher price",
        ),
    ),
    Group(
        "general_develop",
        Words("一般发展", "General · develop"),
        (True, False, False),
        Words(
            "多为新客：做好首购后的引导，促成第二次购买",
            "Mostly new: guide them after the first order towards the second",
        ),
    ),
    Group(
        "general_keep",
        Words("一般保持", "General · keep"),
        (False, True, False),
        Words(
            "低成本维系：活动提醒、积分到期提醒，观察是否回升",
            "Keep at low cost: reminders of offers and of points; watch whether they return",
        ),
    ),
    Group(
        "general_win_back",
        Words("一般挽留", "General · win back"),
        (False, False, False),
        Words(
            "控制投入：仅用自动化低成本触达，不占用人工",
            "Spend little: automatic low-cost messages only, no one's time",
        ),
    ),
)
BY_NAME: dict[str, Group] = {group.name: group for group in GROUPS}
NAMES: tuple[str, ...] = tuple(BY_NAME)
LABELS: dict[str, Words] = {group.name: group.words for group in GROUPS}
STRATEGIES: dict[str, Words] = {group.name: group.strategy for group in GROUPS}

ABSENT = "absent"
"""In none of the groups at one of two dates: no purchase in its range."""
ABSENT_WORDS = Words("期内未购买", "No purchase in the range")
CODES: tuple[int, ...] = tuple(4 * g.high[0] + 2 * g.high[1] + g.high[2] for g in GROUPS)
"""Each group as the number of its bits R, F, M."""
