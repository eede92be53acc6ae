"""The sentences of segments, in both languages."""

from __future__ import annotations

import pytest

from userops.analyses.breakdown import group_words, value_labels
from userops.query.filters import Condition
from userops.query.naming import naming
from userops.segments import parse
from userops.segments.describing import describe
from userops.words import Words

PAY = {"who": "did", "event": "pay"}
CASES = [
    ({"and": []}, "全部用户。", "All users."),
    (
        {**PAY, "value": 2, "range": {"last": 30}},
        "满足条件的用户：最近 30 天至少 2 次做过“pay”。",
        "Users who: did “pay” at least 2 times in the last 30 days.",
    ),
    (
        {
            "and": [
                {**PAY, "op": "none", "range": {"last": 7}},
                {"who": "user", "property": "level", "value": "金"},
            ]
        },
        "满足条件的用户：最近 7 天没有做过“pay”，且用户的“level”等于金。",
        "Users who: did not do “pay” in the last 7 days, and “level” is 金.",
    ),
    (
        {"not": {"or": [{"who": "segment", "segment": 3}, {"who": "list", "list": "a"}]}},
        "满足条件的用户：不满足（属于分群“高价值”，或在名单“八月.csv”中）。",
        "Users who: not (are in segment “High value”, or are in list “August.csv”).",
    ),
    (
        {**PAY, "measure": "sum", "property": "amount", "op": "between", "value": 10, "high": 20},
        "满足条件的用户：历史上做“pay”的“amount”之和 10 至 20。",
        "Users who: did “pay” with the sum of “amount” 10 to 20 at any time.",
    ),
    (
        {
            **PAY,
            "measure": "days",
            "op": "eq",
            "value": 1,
            "range": {"from": "2026-01-01", "to": "2026-01-31"},
        },
        "满足条件的用户：在 2026-01-01 至 2026-01-31 有恰好 1 天做过“pay”。",
        "Users who: did “pay” on exactly 1 day from 2026-01-01 to 2026-01-31.",
    ),
    (
        {
            "who": "sequence",
            "steps": ["view", "pay"],
            "window": "1d",
            "range": {"preset": "this_month"},
        },
        "满足条件的用户：本月依次做过“view” → “pay”，全程不超过 1 天（每天按 24 小时计）。",
        "Users who: did “view” → “pay” in this order within 1 day of 24 hours, beginning in “this month”.",
    ),
    (
        {"who": "first", "event": "*", "range": {"from": "2026-01-01", "to": "2026-01-31"}},
        "满足条件的用户：首次“任意事件”发生在 2026-01-01 至 2026-01-31。",
        "Users who: first did “any event” from 2026-01-01 to 2026-01-31.",
    ),
]
NAMES = {"$segment/3": Words("高价值", "High value"), "$list/a": Words("八月.csv", "August.csv")}


@pytest.mark.parametrize(("where", "zh", "en"), CASES)
def test_a_sentence(where, zh, en):
    with naming(NAMES):
        told = describe(parse({"product": "shop", "where": where}))
    assert (told.zh, told.en) == (zh, en)


def test_a_segment_as_filter_and_breakdown_is_told_as_one():
    """Not as a property that “is set”, nor those outside as “(not set)”."""
    inside = Condition(property="$segment/3", of="user", op="set")
    outside = Condition(property="$segment/3", of="user", op="not_set")
    with naming(NAMES):
        assert inside.describe() == Words("用户属于分群“高价值”", "user is in segment “High value”")
        assert outside.describe().en == "user is not in segment “High value”"
        told = describe(parse({"product": "shop", "where": {"who": "user", **inside.model_dump()}}))
    assert told.en == "Users who: are in segment “High value”."
    assert group_words({"$segment/3": ""}) == Words("不在其中", "not in it")
    assert group_words({"city": ""}) == Words("（未设置）", "(not set)")
    assert value_labels("$segment/3")[""].en == "not in it" and "" not in value_labels("city")
