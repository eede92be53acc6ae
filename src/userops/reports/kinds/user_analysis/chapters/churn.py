"""Who is lost, what is missing, what goes wrong, and what users say."""

from __future__ import annotations

from userops.reports.kinds.user_analysis import tabulating
from userops.reports.kinds.user_analysis.asking import (
    GROUPS,
    Question,
    by,
    over_the_whole,
    property_of,
    purchase_of,
    times,
    users,
)
from userops.reports.outline import FigurePlan, NotComputable
from userops.reports.subject import ANY, Subject
from userops.words import Words

EMPTY = {"property": "result_count", "op": "eq", "value": 0}
"""A search without result."""


def churn(subject: Subject) -> Question:
    unit = "week" if subject.period.days <= 200 else "month"
    return {"kind": "churn", "event": ANY, "unit": unit}


def risk(subject: Subject) -> Question:
    """Who may be lost after the period, learnt and tested on all the days that there are before."""
    first = min(subject.first_day or subject.period.first, subject.period.first)
    range_ = {"from": first.isoformat(), "to": subject.period.last.isoformat()}
    return {"kind": "risk", "event": ANY, "view": "bands", "range": range_}


def needs(subject: Subject) -> Question:
    """What people look for and do not get, of all kinds."""
    if not subject.role("search") and not subject.funnel:
        raise NotComputable(
            "没有搜索事件和主漏斗，看不出未满足的需求。",
            "There is neither a search nor a main funnel: unmet needs cannot be read.",
        )
    return {"kind": "needs"}


def crashes(subject: Subject) -> Question:
    crash = subject.role("crash")
    if not crash:
        raise NotComputable("没有崩溃事件。", "There is no crash event.")
    breakdown = (property_of(subject, "platform"), property_of(subject, "app_version"))
    visit = subject.role("visit")
    series = (times(crash), times(visit)) if visit else (users(crash), users())
    return over_the_whole(subject, *series, **by(*breakdown, limit=20))


def pay_by_version(subject: Subject) -> Question:
    """From the step before the purchase to the purchase, by platform and version."""
    purchase = purchase_of(subject)
    if len(subject.funnel) < 2 or subject.funnel[-1] != purchase:
        raise NotComputable("没有通向支付的漏斗。", "There is no funnel that ends with a purchase.")
    breakdown = [property_of(subject, "platform"), property_of(subject, "app_version")]
    return {
        "kind": "funnel", "steps": list(subject.funnel[-2:]), "window": "1d", "breakdown": breakdown,
        "breakdown_limit": 20,
    }  # fmt: skip


def pay_hours(subject: Subject) -> Question:
    purchase, failed = purchase_of(subject), subject.role("pay_failed")
    if not failed:
        raise NotComputable("没有支付失败事件。", "There is no event of a failed payment.")
    if subject.period.days > 92:
        raise NotComputable(
            "周期超过 92 天，不按小时查异常。", "The period is over 92 days: no search by hour."
        )
    return {"kind": "trend", "unit": "hour", "series": [times(purchase), times(failed)]}


def pay_errors(subject: Subject) -> Question:
    pay_hours(subject)
    error = subject.role("error")
    if not error:
        raise NotComputable("支付失败没有错误码。", "Failed payments carry no error code.")
    series = [times(subject.role("pay_failed"))]
    return {"kind": "trend", "unit": "hour", "series": series, **by(error, limit=GROUPS)}


def _search(subject: Subject) -> str:
    search = subject.role("search")
    if not search or not subject.has("result_count") or not subject.has("keyword"):
        raise NotComputable(
            "没有带结果数与搜索词的搜索事件，看不出未满足的需求。",
            "No search carries its keyword and number of results: unmet needs cannot be read.",
        )
    return search


def searches(subject: Subject) -> Question:
    search = _search(subject)
    series = (times(search), times(search, EMPTY), users(search), users(search, EMPTY))
    return over_the_whole(subject, *series)


def empty_searches(subject: Subject) -> Question:
    search = _search(subject)
    series = (users(search, EMPTY), times(search, EMPTY))
    return over_the_whole(subject, *series, **by("keyword", limit=12))


def recommend(subject: Subject) -> Question:
    nps = subject.role("nps")
    if not nps or not subject.has("score"):
        raise NotComputable("没有推荐度评分。", "There is no NPS answer.")
    promoters = times(nps, {"property": "score", "op": "gte", "value": 9})
    detractors = times(nps, {"property": "score", "op": "lte", "value": 6})
    formulas = [{"formula": "(A-B)/C*100"}]
    return over_the_whole(subject, promoters, detractors, times(nps), formulas=formulas)


def complaints(subject: Subject) -> Question:
    feedback = subject.role("feedback")
    if not feedback or not subject.has("topic"):
        raise NotComputable("没有带主题的反馈事件。", "There is no feedback event with a topic.")
    return over_the_whole(subject, times(feedback), users(feedback), **by("topic", limit=10))


FIGURES: tuple[FigurePlan, ...] = (
    FigurePlan("churn", Words("回归曲线与流失", "Return curve and churn"), churn),
    FigurePlan("risk", Words("流失风险", "Risk of churn"), risk),
    FigurePlan(
        "needs", Words("未满足的需求", "Unmet needs"), needs, shown_rows=20,
        first=("kind", "need", "users", "whole", "share", "times", "repeaters", "rest", "lift"),
    ),
    FigurePlan(
        "crashes", Words("崩溃按平台与版本", "Crashes by platform and version"), crashes,
        table=tabulating.crash_rates, draw=tabulating.bars(),
    ),
    FigurePlan(
        "pay_by_version", Words("支付转化按平台与版本", "Payment by platform and version"), pay_by_version,
        table=tabulating.payment_rates, draw=tabulating.bars(),
    ),
    FigurePlan("pay_hours", Words("支付成败按小时", "Payments by hour"), pay_hours, shown="evidence"),
    FigurePlan("pay_errors", Words("支付失败按错误码", "Failed payments by error"), pay_errors, shown="evidence"),
    FigurePlan("searches", Words("搜索", "Searches"), searches, shown="evidence"),
    FigurePlan(
        "empty_searches", Words("搜而不得", "Searched in vain"), empty_searches,
        table=tabulating.by_keyword, draw=tabulating.bars(),
    ),
    FigurePlan(
        "recommend", Words("推荐度", "Recommendation"), recommend, table=tabulating.net_promoters,
        names={"(A-B)/C*100": Words("NPS", "NPS")},
    ),
    FigurePlan(
        "complaints", Words("反馈主题", "Topics of feedback"), complaints,
        table=tabulating.by_topic, draw=tabulating.bars(),
    ),
)  # fmt: skip
