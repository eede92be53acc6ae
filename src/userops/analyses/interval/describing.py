"""The exact definition of an interval in a sentence, in both languages."""

from __future__ import annotations

from userops.analyses.breakdown import describe_breakdown
from userops.analyses.interval.document import Interval
from userops.query.comparison import describe_comparison
from userops.query.dates import UNIT_WORDS
from userops.query.durations import duration_words
from userops.query.filters import describe_filters
from userops.words import Words


def describe(document: Interval) -> Words:
    parts = [
        _pair(document),
        *_held(document),
        Words(
            "范围之后、上限之内的结束事件计入，范围之前的事件不看",
            "ends after the range but inside the limit count, events before the range are not looked at",
        ),
        *_view(document),
        *_groups(document),
        Words(
            "用户按合并后的个人计；仍可能等到结束事件的区间标为未结束",
            "users are persons after merging; periods whose starts may still find an end are marked unfinished",
        ),
    ]
    return Words(
        "；".join(part.zh for part in parts) + "。", "; ".join(part.en for part in parts) + "."
    )


def _pair(document: Interval) -> Words:
    start, end = document.start.describe(), document.end.describe()
    dates, limit = document.range.describe(), duration_words(document.within)
    only = Words("", "")
    if document.filters:
        condition = describe_filters(document.filters)
        only = Words(f"（只看{condition.zh}的事件）", f" (only events where {condition.en})")
    once = (
        Words("一个结束事件可作为下一对的起始", "an end may start the next pair")
        if document.chained
        else Words("每个事件至多属于一对", "no event belongs to two pairs")
    )
    return Words(
        f"{dates.zh} 内的起始事件{start.zh}到同一用户之后第一个结束事件{end.zh}的时间{only.zh}，不超过"
        f" {limit.zh}；其间又有起始事件的，从最近的一个算起；{once.zh}；同一毫秒内起始在前",
        f"Time from {start.en} in {dates.en} to the same user's next {end.en}{only.en}, at most {limit.en}; "
        f"where another start comes between, the latest counts; {once.en}; within a millisecond starts come first",
    )


def _held(document: Interval) -> list[Words]:
    if not document.hold_constant:
        return []
    names = [f"“{name}”" for name in document.hold_constant]
    zh, en = "、".join(names), ", ".join(names)
    return [
        Words(
            f"两个事件的{zh}须相同，没有值的事件不看",
            f"both events have the same {en}, events without it are not looked at",
        )
    ]


def _view(document: Interval) -> list[Words]:
    parts = [
        Words(
            "分位数采用线性插值",
            "percentiles with linear interpolation",
        )
    ]
    if document.view != "histogram":
        parts.append(
            Words(
                "箱体为上下四分位，须线止于距箱体 1.5 倍四分位距之内的最远值",
                "the box holds the middle half, its whiskers end at the last values within 1.5 times its height",
            )
        )
    if document.view == "periods":
        unit = UNIT_WORDS[document.unit]
        parts.append(Words(f"按起始事件所在{unit.zh}统计", f"by {unit.en} of the start"))
    return parts


def _groups(document: Interval) -> list[Words]:
    largest, rest = Words("对数最多", "number of pairs"), Words("", "together")
    parts = describe_breakdown(document.breakdown, document.limit, largest, rest)
    if document.breakdown:
        parts.append(Words("事件属性取自起始事件", "event properties are those of the start"))
    if document.compare is not None:
        parts.append(describe_comparison(document.range, document.unit, document.compare))
    return parts
