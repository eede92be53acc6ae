"""The exact definition of needs in a sentence, in both languages."""

from __future__ import annotations

from userops.analyses.needs.document import Needs
from userops.query.durations import duration_words
from userops.query.filters import describe_filters
from userops.words import Words


def describe(document: Needs) -> Words:
    dates, window = document.range.describe(), duration_words(document.window)
    group = describe_filters(document.group)
    who = (
        Words(f"满足{group.zh}的用户", f"people with {group.en}")
        if document.group
        else Words("全体用户", "everyone")
    )
    days = document.stayed_days
    parts = [
        Words(
            f"{dates.zh} 内{who.zh}想要而没有得到的",
            f"What {who.en} wanted in {dates.en} and did not get",
        ),
        Words(
            "搜索无结果按搜索词统计人数，占比以搜索过的人为分母",
            "searches without result by word, as a share of those who searched",
        ),
        Words(
            f"流程退出为到达一步、{window.zh}内没有到达下一步的人，占比以到达者为分母",
            f"exits are people who got to a step and not to the next one within {window.en} of the first, as a share "
            "of those who got there",
        ),
        Words(
            "反复失败按原因统计人数，占比以活跃用户为分母",
            "failures by reason, as a share of those active",
        ),
        Words(
            f"功能未用上：留存的人（{2 * days} 天前已有、最近 {days} 天仍在）使用、而这群人中其余的人没有使用，"
            "使用率相差至少 5 个百分点；相关不等于因果",
            f"features not used: used by those who stayed (there {2 * days} days ago and in the last {days} days), at "
            "least 5 points more than by the rest of the group; what goes together need not be the cause",
        ),
        Words(
            "占比的 95% 区间为 Wilson 法；与其他人的比较用 Benjamini–Hochberg 法校正",
            "95 % intervals by Wilson; comparisons with others are corrected by Benjamini–Hochberg",
        ),
    ]
    if document.filters:
        condition = describe_filters(document.filters)
        parts.append(Words(f"只看满足{condition.zh}的事件", f"only events with {condition.en}"))
    return Words("；".join(p.zh for p in parts) + "。", "; ".join(p.en for p in parts) + ".")
