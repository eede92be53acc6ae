"""The questions of the user analysis report: who they are, what they do, how they stay, what they are worth."""

from __future__ import annotations

from typing import Any

from userops.reports.outline import NotComputable
from userops.reports.subject import ANY, Subject

Question = dict[str, Any]
RETAINED = {"day": 30, "week": 8, "month": 6}
"""Periods that are looked ahead, by their unit."""
GROUPS = 8
"""Values of a property that are told apart."""
COMMON = ("channel", "platform", "app_version", "city", "page", "session")
"""Properties of every product that are looked at for gaps."""


def _purchase(subject: Subject) -> str:
    found = subject.role("purchase")
    if not found:
        raise NotComputable(
            "这个产品没有可识别的支付事件，价值相关的图表不出；可在报告设置里指定 purchase。",
            "No purchase event was recognised, so figures of value are left out; name one in the settings.",
        )
    return found


def _amount(subject: Subject) -> str:
    _purchase(subject)
    if not subject.amount:
        raise NotComputable(
            "支付事件没有金额属性，金额相关的图表不出；可在报告设置里指定 amount。",
            "The purchase carries no amount, so figures of money are left out; name one in the settings.",
        )
    return subject.amount


def _property(subject: Subject, name: str, of: str = "event") -> dict[str, str]:
    if not subject.has(name, of):
        raise NotComputable(
            f"数据里没有属性“{name}”，这张图不出。", f"There is no property “{name}” in the data."
        )
    return {"property": name, "of": of}


def main_segment(subject: Subject) -> tuple[str, str]:
    """The property by which groups are told apart, the channel where there is one."""
    found = subject.segments()
    if not found:
        raise NotComputable(
            "数据里没有渠道、平台、城市等可分群的属性。",
            "There is no channel, platform, city or the like to tell groups apart.",
        )
    return found[0]


def segment_breakdown(subject: Subject) -> list[dict[str, str]]:
    name, of = main_segment(subject)
    return [{"property": name, "of": of}]


def coarse(subject: Subject) -> str:
    """A unit of which the period has few, for questions about the whole of it."""
    return (
        "week" if subject.period.days <= 92 else "month" if subject.period.days < 1100 else "year"
    )


def lasting(subject: Subject) -> str:
    """The unit of retention: about thirty steps of it fit the period."""
    return "day" if subject.period.days <= 92 else "week" if subject.period.days <= 200 else "month"


# data


def volume(subject: Subject) -> Question:
    series = [{"event": ANY, "measure": "users"}, {"event": ANY}]
    return {"kind": "trend", "unit": subject.unit, "series": series}


def sources(subject: Subject) -> Question:
    series = [{"event": ANY}, {"event": ANY, "measure": "users"}]
    return {
        "kind": "trend", "unit": coarse(subject), "series": series, "breakdown": ["source"], "limit": GROUPS,
    }  # fmt: skip


def gaps(subject: Subject) -> Question:
    """Series A counts all events; then one for each property, of the events that lack it."""
    names = [each for each in COMMON if subject.has(each)][:10]
    if not names:
        raise NotComputable(
            "没有可检查缺失的标准属性。", "There is no standard property to check for gaps."
        )
    lacking = [
        {"event": ANY, "filters": [{"property": name, "op": "not_set"}], "name": name}
        for name in names
    ]
    return {"kind": "trend", "unit": coarse(subject), "series": [{"event": ANY}, *lacking]}


def test_users(subject: Subject) -> Question:
    _property(subject, "is_test", "user")
    tests = [{"property": "is_test", "of": "user", "op": "is", "value": ["true", "1", "True"]}]
    series = [
        {"event": ANY, "measure": "users"},
        {"event": ANY, "measure": "users", "filters": tests},
        {"event": ANY},
        {"event": ANY, "filters": tests},
    ]
    return {"kind": "trend", "unit": coarse(subject), "series": series}


def busiest(subject: Subject) -> Question:
    """Persons by their number of events: those far out are machines."""
    cuts = [1, 10, 50, 100, 500, 1000, 2000]
    return {"kind": "distribution", "event": ANY, "measure": "times", "cuts": cuts}


# size and composition


def active(subject: Subject) -> Question:
    unit = "day" if subject.unit == "day" else subject.unit
    compare = {"compare": "previous_period"} if subject.before_is_whole else {}
    series = [{"event": ANY, "measure": "users"}]
    return {"kind": "trend", "unit": unit, "series": series, **compare}


def active_year(subject: Subject) -> Question:
    if not subject.year_known:
        raise NotComputable(
            "历史不足 13 个月，暂无同比。",
            "There are less than 13 months of data: no comparison with last year.",
        )
    series = [{"event": ANY, "measure": "users"}]
    return {
        "kind": "trend", "unit": subject.unit, "series": series, "compare": "same_period_last_year",
    }  # fmt: skip


def users_by(name: str, of: str = "event", limit: int = GROUPS) -> Any:
    """A question of the active users by a property."""

    def ask(subject: Subject) -> Question:
        series = [{"event": ANY, "measure": "users"}]
        return {
            "kind": "trend", "unit": coarse(subject), "series": series,
            "breakdown": [_property(subject, name, of)], "limit": limit,
        }  # fmt: skip

    return ask


def users_by_segment(subject: Subject) -> Question:
    series = [{"event": ANY, "measure": "users"}]
    return {
        "kind": "trend", "unit": coarse(subject), "series": series,
        "breakdown": segment_breakdown(subject), "limit": GROUPS,
    }  # fmt: skip


# behaviour


def lifecycle(subject: Subject) -> Question:
    days = subject.period.days
    unit = "day" if days <= 21 else "week" if days <= 200 else "month"
    return {"kind": "lifecycle", "unit": unit, "event": ANY}


def retention(subject: Subject) -> Question:
    unit = lasting(subject)
    return {
        "kind": "retention", "start": ANY, "return": ANY, "unit": unit, "periods": RETAINED[unit],
    }  # fmt: skip


def retention_cohorts(subject: Subject) -> Question:
    """Fewer, larger cohorts, so that a heat map of them can be read."""
    unit = "week" if subject.period.days <= 120 else "month"
    return {"kind": "retention", "start": ANY, "return": ANY, "unit": unit, "periods": 8}


def retention_by_segment(subject: Subject) -> Question:
    return {
        **retention(subject),
        "breakdown": segment_breakdown(subject),
        "breakdown_limit": GROUPS,
    }


def newcomers(subject: Subject) -> Question:
    """New users of each day by group: the sizes of daily cohorts."""
    if subject.period.days > 200:
        raise NotComputable(
            "周期超过 200 天，不按日看拉新波动。",
            "The period is over 200 days: new users are not read by day.",
        )
    return {
        "kind": "retention", "start": ANY, "return": ANY, "unit": "day", "periods": 1,
        "breakdown": segment_breakdown(subject), "breakdown_limit": GROUPS,
    }  # fmt: skip


def funnel(subject: Subject) -> Question:
    if not subject.funnel:
        raise NotComputable(
            "没有识别出主漏斗（浏览、加购、结算、支付中至少两步）；可在报告设置里指定 funnel。",
            "No main funnel was recognised (at least two of browse, cart, checkout, purchase); name one in "
            "the settings.",
        )
    return {"kind": "funnel", "steps": list(subject.funnel), "window": "1d"}


def pay_by_version(subject: Subject) -> Question:
    """From the step before the purchase to the purchase, by platform and version."""
    purchase = _purchase(subject)
    if len(subject.funnel) < 2 or subject.funnel[-1] != purchase:
        raise NotComputable("没有通向支付的漏斗。", "There is no funnel that ends with a purchase.")
    breakdown = [_property(subject, "platform"), _property(subject, "app_version")]
    return {
        "kind": "funnel", "steps": list(subject.funnel[-2:]), "window": "1d", "breakdown": breakdown,
        "breakdown_limit": 20,
    }  # fmt: skip


def crashes(subject: Subject) -> Question:
    crash = subject.role("crash")
    if not crash:
        raise NotComputable("没有崩溃事件。", "There is no crash event.")
    breakdown = [_property(subject, "platform"), _property(subject, "app_version")]
    visit = subject.role("visit") or ANY
    measure = {} if subject.role("visit") else {"measure": "users"}
    series = [{"event": crash, **measure}, {"event": visit, **measure}]
    return {
        "kind": "trend", "unit": coarse(subject), "series": series, "breakdown": breakdown, "limit": 20,
    }  # fmt: skip


def paths(subject: Subject) -> Question:
    hidden = [each for each in subject.events if each.startswith("$")]
    exclude = {"exclude": sorted(hidden)[:20]} if hidden else {}
    return {"kind": "paths", "max_steps": 5, "top": 6, "view": "flow", **exclude}


def hours(subject: Subject) -> Question:
    series = [{"event": ANY, "measure": "users"}, {"event": ANY}]
    return {
        "kind": "trend", "unit": coarse(subject), "series": series, "breakdown": ["$hour"], "limit": 24,
    }  # fmt: skip


def weekdays(subject: Subject) -> Question:
    series = [{"event": ANY, "measure": "users"}, {"event": ANY}]
    return {
        "kind": "trend", "unit": coarse(subject), "series": series, "breakdown": ["$weekday"], "limit": 7,
    }  # fmt: skip


def sessions(subject: Subject) -> Question:
    compare = {"compare": "previous_period"} if subject.before_is_whole else {}
    return {"kind": "sessions", "unit": subject.unit, **compare}


def stickiness(subject: Subject) -> Question:
    unit = (
        "day" if subject.period.days <= 100 else "week" if subject.period.days <= 800 else "month"
    )
    return {"kind": "stickiness", "unit": unit}


def early_habits(subject: Subject) -> Question:
    properties = ["channel"] if subject.has("channel") else []
    return {"kind": "correlation", "start": ANY, "properties": properties}


# incidents


def pay_hours(subject: Subject) -> Question:
    purchase, failed = _purchase(subject), subject.role("pay_failed")
    if not failed:
        raise NotComputable("没有支付失败事件。", "There is no event of a failed payment.")
    if subject.period.days > 92:
        raise NotComputable(
            "周期超过 92 天，不按小时查异常。", "The period is over 92 days: no search by hour."
        )
    return {"kind": "trend", "unit": "hour", "series": [{"event": purchase}, {"event": failed}]}


def pay_errors(subject: Subject) -> Question:
    pay_hours(subject)
    error = subject.role("error")
    if not error:
        raise NotComputable("支付失败没有错误码。", "Failed payments carry no error code.")
    return {
        "kind": "trend", "unit": "hour", "series": [{"event": subject.role("pay_failed")}],
        "breakdown": [error], "limit": GROUPS,
    }  # fmt: skip


# value


def rfm(subject: Subject) -> Question:
    order = (
        {"frequency": "orders", "order_id": {"property": subject.order}} if subject.order else {}
    )
    return {
        "kind": "rfm", "event": _purchase(subject), "monetary": {"property": _amount(subject)}, **order,
    }  # fmt: skip


def buyers(subject: Subject) -> Question:
    """A: persons who bought, B: what they paid, C: orders; then what one paid and what an order is worth."""
    purchase, amount = _purchase(subject), _amount(subject)
    series = [
        {"event": purchase, "measure": "users"},
        {"event": purchase, "measure": "sum", "property": amount},
        {"event": purchase},
    ]
    compare = {"compare": "previous_period"} if subject.before_is_whole else {}
    formulas = [{"formula": "B/A"}, {"formula": "B/C"}]
    return {
        "kind": "trend",
        "unit": subject.unit,
        "series": series,
        "formulas": formulas,
        **compare,
    }


def revenue_by_segment(subject: Subject) -> Question:
    series = [
        {"event": _purchase(subject), "measure": "sum", "property": _amount(subject)},
        {"event": _purchase(subject), "measure": "users"},
    ]
    return {
        "kind": "trend", "unit": coarse(subject), "series": series,
        "breakdown": segment_breakdown(subject), "limit": GROUPS,
    }  # fmt: skip


def spread_of_spending(subject: Subject) -> Question:
    return {
        "kind": "distribution", "event": _purchase(subject), "measure": "sum", "property": _amount(subject),
    }  # fmt: skip


def value_over_time(subject: Subject) -> Question:
    unit = "week" if subject.period.days <= 100 else "month"
    return {
        "kind": "ltv", "start": ANY, "purchase": {"event": _purchase(subject), "property": _amount(subject)},
        "unit": unit, "periods": 8,
    }  # fmt: skip


def predicted_value(subject: Subject) -> Question:
    purchase = {"event": _purchase(subject), "property": _amount(subject)}
    return {"kind": "value", "purchase": purchase, "range": _since_the_first(subject)}


def _since_the_first(subject: Subject) -> dict[str, str]:
    """All customers there were up to the end of the period."""
    first = min(subject.first_day or subject.period.first, subject.period.first)
    return {"from": first.isoformat(), "to": subject.period.last.isoformat()}


def churn(subject: Subject) -> Question:
    unit = "week" if subject.period.days <= 200 else "month"
    return {"kind": "churn", "event": ANY, "unit": unit}


def risk(subject: Subject) -> Question:
    """Who may be lost next, with chances tested on past days."""
    return {"kind": "risk", "event": ANY, "view": "bands"}


# needs and satisfaction


def needs(subject: Subject) -> Question:
    """What people look for and do not get, of all kinds."""
    if not subject.role("search") and not subject.funnel:
        raise NotComputable(
            "没有搜索事件和主漏斗，看不出未满足的需求。",
            "There is neither a search nor a main funnel: unmet needs cannot be read.",
        )
    return {"kind": "needs"}


def empty_searches(subject: Subject) -> Question:
    search = subject.role("search")
    if not search or not subject.has("result_count") or not subject.has("keyword"):
        raise NotComputable(
            "没有带结果数与搜索词的搜索事件，看不出未满足的需求。",
            "No search carries its keyword and number of results: unmet needs cannot be read.",
        )
    empty = [{"property": "result_count", "op": "eq", "value": 0}]
    series = [
        {"event": search, "measure": "users", "filters": empty},
        {"event": search, "filters": empty},
    ]
    return {
        "kind": "trend", "unit": coarse(subject), "series": series, "breakdown": ["keyword"], "limit": 12,
    }  # fmt: skip


def searches(subject: Subject) -> Question:
    empty_searches(subject)
    search = subject.role("search")
    empty = [{"property": "result_count", "op": "eq", "value": 0}]
    series = [
        {"event": search},
        {"event": search, "filters": empty},
        {"event": search, "measure": "users"},
        {"event": search, "measure": "users", "filters": empty},
    ]
    return {"kind": "trend", "unit": coarse(subject), "series": series}


def recommend(subject: Subject) -> Question:
    nps = subject.role("nps")
    if not nps or not subject.has("score"):
        raise NotComputable("没有推荐度评分。", "There is no NPS answer.")
    score = "score"
    series = [
        {"event": nps, "filters": [{"property": score, "op": "gte", "value": 9}]},
        {"event": nps, "filters": [{"property": score, "op": "lte", "value": 6}]},
        {"event": nps},
    ]
    return {
        "kind": "trend", "unit": coarse(subject), "series": series, "formulas": [{"formula": "(A-B)/C*100"}],
    }  # fmt: skip


def complaints(subject: Subject) -> Question:
    feedback = subject.role("feedback")
    if not feedback or not subject.has("topic"):
        raise NotComputable("没有带主题的反馈事件。", "There is no feedback event with a topic.")
    series = [{"event": feedback}, {"event": feedback, "measure": "users"}]
    return {
        "kind": "trend", "unit": coarse(subject), "series": series, "breakdown": ["topic"], "limit": 10,
    }  # fmt: skip
