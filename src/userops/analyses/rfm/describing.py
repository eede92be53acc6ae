"""The exact definition of an RFM in a sentence, in both languages."""

from __future__ import annotations

from userops.analyses.rfm.document import Dimension, Rfm
from userops.query.naming import shown
from userops.words import Words

_DIMENSION: dict[Dimension, Words] = {
    "recency": Words("R", "R"),
    "frequency": Words("F", "F"),
    "monetary": Words("M", "M"),
}
_HIGH = {
    "middle": Words(
        "得分高于量表中点为“高”，否则为“低”", "high = a score above the middle of its scale"
    ),
    "mean": Words(
        "得分高于全体平均分为“高”，否则为“低”", "high = a score above the mean score of all users"
    ),
}


def _frequency(document: Rfm) -> Words:
    order = shown(document.order_id.property, "event")
    return {
        "times": Words("F 为发生次数", "F = how often they did it"),
        "days": Words("F 为发生天数", "F = on how many days they did it"),
        "orders": Words(
            f"F 为不同“{order.zh}”的个数", f"F = how many distinct values of “{order.en}” they have"
        ),
    }[document.frequency]


def _scores(document: Rfm) -> Words:
    """How each of the three is scored; those scored alike are told together."""
    quantile = [name for name in _DIMENSION if not document.cuts.of(name)]
    parts = []
    if quantile:
        letters = "、".join(_DIMENSION[name].zh for name in quantile)
        count = document.scores
        parts.append(
            Words(
                f"{letters} 按分位数打 1–{count} 分：得分 = 1 + ⌊{count} × 不如该用户的人数占比⌋，数值相同者同分",
                f"{letters.replace('、', ', ')} scored 1–{count} by quantiles: 1 + ⌊{count} × the share of "
                "users who are worse⌋, so equal values have equal scores",
            )
        )
    for name, letter in _DIMENSION.items():
        points = document.cuts.of(name)
        if points:
            cuts = ", ".join(f"{point:g}" for point in points)
            parts.append(
                Words(
                    f"{letter.zh} 按分割点 {cuts} 打 1–{len(points) + 1} 分，恰在分割点上归入较好一侧",
                    f"{letter.en} scored 1–{len(points) + 1} by the cut points {cuts}; a value on a point "
                    "stands on its better side",
                )
            )
    return Words("；".join(p.zh for p in parts), "; ".join(p.en for p in parts))


def _movement(document: Rfm) -> list[Words]:
    if document.view != "movement":
        return []
    days = document.movement_days
    return [
        Words(
            f"变动以 {days} 天前、等长范围、同一打分方法的结果为基准",
            f"movement is against the range of equal length {days} days earlier, scored in the same way",
        )
    ]


def describe(document: Rfm) -> Words:
    event, dates = document.step().describe(), document.range.describe()
    money = shown(document.monetary.property, "event")
    parts = [
        Words(
            f"{dates.zh} 内发生过{event.zh}的用户；R 为最近一次距范围最后一天的天数，越小越好",
            f"Users who did {event.en} in {dates.en}; R = days from their last one to the last day of "
            "the range, fewer is better",
        ),
        _frequency(document),
        Words(
            f"M 为“{money.zh}”之和，负数（退款）照减，缺失计 0",
            f"M = the sum of “{money.en}”, negative amounts (refunds) taken off, 0 where missing",
        ),
        _scores(document),
        _HIGH[document.high],
        *_movement(document),
        Words(
            "用户按合并后的个人去重；日期按产品时区划分",
            "users are persons after merging; days are those of the product's time zone",
        ),
    ]
    return Words("；".join(p.zh for p in parts) + "。", "; ".join(p.en for p in parts) + ".")
