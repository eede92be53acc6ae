"""The exact definition of an attribution in a sentence, in both languages."""

from __future__ import annotations

from userops.analyses.attribution.document import AttributionDocument, Goal, Touch
from userops.analyses.attribution.models import MODELS
from userops.analyses.breakdown import describe_breakdown
from userops.query.durations import duration_words
from userops.query.filters import describe_filters
from userops.query.naming import shown
from userops.words import Words


def describe(document: AttributionDocument) -> Words:
    dates, span = document.range.describe(), duration_words(document.lookback)
    models = [model.sentence(document) for model in MODELS]
    parts = [
        Words(
            f"目标为日期 {dates.zh} 内的{_goal(document.goal).zh}",
            f"goals are {_goal(document.goal).en} in {dates.en}",
        ),
        Words("每次目标都计", "every goal counts")
        if document.goals == "every"
        else Words(
            "每位用户只计范围内第一次目标", "only the first goal of each user in the range counts"
        ),
        _touches(document),
        Words(
            f"触点为目标之前 {span.zh}以内（含边界与同一毫秒，可早于日期范围），"
            "事件不作自己的触点，同一毫秒按渠道名称排序",
            f"touches count up to {span.en} before the goal, inclusive, those of its own millisecond and from "
            "before the range too; no event is its own touch; touches of one millisecond stand in the order "
            "of their channels' names",
        ),
        *models,
        Words(
            "没有触点的目标单列为“无触点”，各模型的归因之和等于目标总数",
            "goals without touch stand in a row of their own, and the credits of each model add up to all goals",
        ),
        *describe_breakdown(
            document.breakdown,
            document.breakdown_limit,
            Words("目标数", "number of goals"),
            Words("", ""),
        ),
        Words("用户按合并后的个人计算", "users are persons after merging"),
    ]
    return Words("；".join(p.zh for p in parts) + "。", "; ".join(p.en for p in parts) + ".")


def _goal(goal: Goal) -> Words:
    words = goal.describe()
    if goal.property is None:
        return words
    name = shown(goal.property, "event")
    return Words(
        f"{words.zh}（价值为“{name.zh}”之和）",
        f"{words.en} (their value: the sum of “{name.en}”)",
    )


def _touch(touch: Touch) -> Words:
    words = touch.describe()
    if touch.property is None:
        return Words(f"{words.zh}（渠道为事件名称）", f"{words.en} (by event)")
    name = shown(touch.property, "event")
    return Words(f"{words.zh}（渠道为“{name.zh}”的值）", f"{words.en} (by “{name.en}”)")


def _touches(document: AttributionDocument) -> Words:
    each = [_touch(touch) for touch in document.touches]
    zh, en = "、".join(w.zh for w in each), ", ".join(w.en for w in each)
    if document.filters:
        condition = describe_filters(document.filters)
        zh, en = (
            f"{zh}；目标与触点均满足{condition.zh}",
            f"{en}; goals and touches where {condition.en}",
        )
    return Words(f"触点为{zh}", f"touches are {en}")
