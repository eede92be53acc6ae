"""The exact definition of a stickiness in a sentence, in both languages."""

from __future__ import annotations

from userops.analyses.breakdown import describe_breakdown
from userops.analyses.stickiness.document import Stickiness
from userops.query.comparison import describe_comparison
from userops.query.dates import UNIT_WORDS
from userops.words import Words

_TODAY = Words(
    "DAU/MAU = 各日活跃用户数之和 ÷ 各日截至当日 30 天内活跃用户数之和，DAU/WAU 用 7 天，只用已结束的日子",
    "DAU/MAU = Σ users of each day ÷ Σ users of the 30 days up to each day, DAU/WAU likewise with 7 days, "
    "over days that are over",
)

_A = {"hour": "an hour", "day": "a day", "week": "a week", "month": "a month"}
_MANY = {"hour": "多少个小时", "day": "多少天", "week": "多少周", "month": "多少个月"}


def describe(document: Stickiness) -> Words:
    parts = [
        _active(document),
        *_counted(document),
        _TODAY,
        *_options(document),
        Words(
            "用户按合并后的个人去重；日期按产品时区划分，每周从周一开始；未结束的区间单独标明",
            "users are persons after merging; days are those of the product's time zone and weeks begin on "
            "Monday; unfinished intervals are marked",
        ),
    ]
    return Words(
        "；".join(part.zh for part in parts) + "。", "; ".join(part.en for part in parts) + "."
    )


def _active(document: Stickiness) -> Words:
    unit, step = UNIT_WORDS[document.unit], document.step().describe()
    if document.min_times == 1:
        return Words(
            f"某{unit.zh}活跃指该{unit.zh}内发生过{step.zh}",
            f"Active in {_A[document.unit]} means did {step.en} in it",
        )
    return Words(
        f"某{unit.zh}活跃指该{unit.zh}内至少发生 {document.min_times} 次{step.zh}",
        f"Active in {_A[document.unit]} means did {step.en} at least {document.min_times} times in it",
    )


def _counted(document: Stickiness) -> list[Words]:
    unit, dates = UNIT_WORDS[document.unit], document.range.describe()
    if document.view == "ratio":
        return [Words(f"逐日统计 {dates.zh}", f"by day, {dates.en}")]
    where = Words(f"{dates.zh} ", dates.en)
    if document.view == "periods":
        period = UNIT_WORDS[document.period]
        where = Words(
            f"{dates.zh} 的每{period.zh}（首尾可能不足一{period.zh}）",
            f"each {period.en} of {dates.en} (the first and last may be cut)",
        )
    many = _MANY[document.unit]
    return [
        Words(
            f"统计用户在 {where.zh}中恰好活跃、至少活跃{many}",
            f"users by the number of {unit.en}s of {where.en} in which they are active, exactly and "
            "at least",
        ),
        Words(
            f"人均活跃{unit.zh}数只计已结束的{unit.zh}及其中活跃过的用户",
            f"the average counts {unit.en}s that are over and the users active in them",
        ),
    ]


def _options(document: Stickiness) -> list[Words]:
    largest = Words("用户数最多", "number of users")
    rest = Words("并重新去重", "recomputed together")
    parts = describe_breakdown(document.breakdown, document.limit, largest, rest)
    if document.breakdown:
        parts.append(
            Words(
                "一个用户可属于多组，各组只看属于该组的事件",
                "a user can be in several groups, each of which looks at its own events only",
            )
        )
    if document.compare is not None:
        parts.append(describe_comparison(document.range, document.unit, document.compare))
    return parts
