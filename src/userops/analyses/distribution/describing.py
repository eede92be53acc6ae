"""The exact definition of a distribution in a sentence, in both languages."""

from __future__ import annotations

from userops.analyses.breakdown import describe_breakdown
from userops.analyses.distribution.document import Distribution
from userops.query.comparison import describe_comparison
from userops.query.dates import UNIT_WORDS
from userops.query.naming import shown
from userops.words import Words


def describe(document: Distribution) -> Words:
    parts = [
        _counted(document),
        *_left_out(document),
        _buckets(document),
        *_options(document),
        Words(
            "用户按合并后的个人去重；日期按产品时区划分",
            "users are persons after merging; days are those of the product's time zone",
        ),
    ]
    if document.period():
        parts.append(Words("未结束的周期单独标明", "unfinished periods are marked"))
    return Words(
        "；".join(part.zh for part in parts) + "。", "; ".join(part.en for part in parts) + "."
    )


def _counted(document: Distribution) -> Words:
    step, dates = document.step().describe(), document.range.describe()
    sentence, name = document.measured().sentence, shown(document.property or "", "event")
    zh, en = sentence.zh.replace("{p}", name.zh), sentence.en.replace("{p}", name.en)
    where = Words(f"{dates.zh} 内", f"in {dates.en}")
    if period := document.period():
        unit = UNIT_WORDS[period]
        where = Words(f"{dates.zh} 的每{unit.zh}内", f"in each {unit.en} of {dates.en}")
    return Words(
        f"{where.zh}发生过{step.zh}的用户，按每人{zh}分布",
        f"Users who did {step.en} {where.en}, by each user's {en}",
    )


def _left_out(document: Distribution) -> list[Words]:
    if not document.measured().needs_property:
        return []
    name = shown(document.property or "", "event")
    return [
        Words(
            f"事件都没有“{name.zh}”有效值的用户不计入",
            f"users none of whose events has a valid “{name.en}” are left out",
        )
    ]


def _buckets(document: Distribution) -> Words:
    if document.quantiles:
        return Words(
            f"按全部用户的分位数（线性插值）分为 {document.quantiles} 段，数值相同的用户在同一段，因此可能不足"
            f" {document.quantiles} 段",
            f"cut at the quantiles of all users (linear interpolation) into {document.quantiles} buckets; equal "
            "figures stay together, so there may be fewer",
        )
    form = Words("每段含下限、不含上限", "each bucket holds its lower bound, not its upper one")
    if document.cuts:
        cuts = ", ".join(f"{cut:g}" for cut in document.cuts)
        return Words(f"分段点为 {cuts}，{form.zh}", f"cut at {cuts}; {form.en}")
    if document.measured().whole:
        return Words(
            "分段为 1、2、3、4、5、6–10、11–20、21–50，依此类推",
            "the buckets are 1, 2, 3, 4, 5, 6–10, 11–20, 21–50 and so on",
        )
    return Words(
        f"分段点为 0、±1、±2、±5、±10，依此类推，{form.zh}",
        f"cut at 0, ±1, ±2, ±5, ±10 and so on; {form.en}",
    )


def _options(document: Distribution) -> list[Words]:
    largest = Words("用户数最多", "number of users")
    rest = Words("并重新计算", "recomputed together")
    parts = describe_breakdown(document.breakdown, document.limit, largest, rest)
    if document.breakdown:
        parts.append(
            Words(
                "一个用户可属于多组，各组只看属于该组的事件",
                "a user can be in several groups, each of which looks at its own events only",
            )
        )
    if document.compare is not None:
        parts.append(
            describe_comparison(document.range, document.period() or "day", document.compare)
        )
    return parts
