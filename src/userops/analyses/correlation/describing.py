"""The exact definition of a correlation in a sentence, in both languages."""

from __future__ import annotations

from userops.analyses.correlation.document import Correlation
from userops.query.dates import UNIT_WORDS
from userops.query.filters import describe_filters
from userops.query.naming import event_shown, shown
from userops.words import Words

CAUTION = Words(
    "相关不等于因果；要验证请做实验",
    "Correlation is not cause; to know, run an experiment",
)


def _goal(document: Correlation) -> Words:
    goal, unit = document.goal, UNIT_WORDS[document.goal.unit]
    what = goal.describe()
    span = f"{goal.from_}–{goal.to}" if goal.to > goal.from_ else str(goal.from_)
    times = Words("", "")
    if goal.least > 1:
        times = Words(f"至少 {goal.least} 次", f" at least {goal.least} times")
    return Words(
        f"目标为起始后第 {span} {unit.zh}内{times.zh}做过{what.zh}",
        f"the goal is having done {what.en}{times.en} in {unit.en} {span} after the start",
    )


def _listed(names: list[Words]) -> Words:
    return Words(
        "、".join(f"“{name.zh}”" for name in names), ", ".join(f"“{name.en}”" for name in names)
    )


def _candidates(document: Correlation) -> Words:
    events = (
        _listed([event_shown(name) for name in document.events])
        if document.events
        else Words("所有事件", "all events")
    )
    zh, en = [f"{events.zh}的次数"], [f"how often they did {events.en}"]
    if document.active_days:
        zh.append("活跃天数")
        en.append("on how many days they were active")
    if document.properties:
        names = [shown(each.property, "event") for each in document.properties]
        listed = _listed(names)
        zh.append(f"事件属性{listed.zh}的取值")
        en.append(f"the values of {listed.en}")
    return Words(
        f"候选行为为早期窗口内{'、'.join(zh)}，次数取 1–{document.max_times} 中相关最强的阈值",
        f"candidates are {', '.join(en)} in the early window, at the threshold from 1 to "
        f"{document.max_times} that goes with the goal most",
    )


def describe(document: Correlation) -> Words:
    start, dates = document.start.describe(), document.range.describe()
    unit = UNIT_WORDS[document.early_unit]
    plural = "" if document.early == 1 else "s"
    goal = _goal(document)
    parts = [
        Words(
            f"做过与没做过每种早期行为的用户各有多少达到目标，{goal.zh}",
            f"How many of the users who did each early action, and of those who did not, reach the goal: {goal.en}",
        ),
        Words(CAUTION.zh, CAUTION.en[0].lower() + CAUTION.en[1:]),
        Words(
            f"全部历史中首次做{start.zh}落在 {dates.zh} 的用户",
            f"users whose first ever {start.en} falls in {dates.en}",
        ),
        Words(
            f"早期窗口为各自起始后的 {document.early} {unit.zh}",
            f"the early window is the first {document.early} {unit.en}{plural} after the own start",
        ),
        Words(
            "每天为 24 小时，从每个用户自己的起始时刻算起，起始所在为第 0 天（周）",
            "days are 24 hours from each user's own start, which begins day (week) 0",
        ),
        *_filters(document),
        _candidates(document),
        Words(
            f"做过与没做过的人均不少于 {document.min_support} 人才比较",
            f"compared where at least {document.min_support} users did it and as many did not",
        ),
        Words(
            "相关为 φ（Matthews）系数；率的区间为 Wilson 95%，差的区间为 Newcombe 95%；"
            "q 为合并 z 检验（期望数小于 5 时用 Fisher 精确检验）的 p 经 Benjamini–Hochberg 校正，"
            "含全部试过的阈值",
            "correlation is the phi (Matthews) coefficient; intervals are Wilson's of rates and Newcombe's of "
            "differences, 95%; q is the p of the pooled z test (Fisher's exact test where an expected count "
            "is below 5) corrected by Benjamini–Hochberg over all thresholds tried",
        ),
        Words(
            "目标窗口尚未结束的用户不计入，另行列出人数；用户按合并后的个人去重",
            "users whose goal window is not over are left out and counted apart; users are persons after "
            "merging",
        ),
    ]
    return Words("；".join(p.zh for p in parts) + "。", "; ".join(p.en for p in parts) + ".")


def _filters(document: Correlation) -> list[Words]:
    if not document.filters:
        return []
    condition = describe_filters(document.filters)
    return [Words(f"只看{condition.zh}的事件", f"only events where {condition.en}")]
