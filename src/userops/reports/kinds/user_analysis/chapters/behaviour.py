"""What users do: the main funnel, ways, coming back, and their hours."""

from __future__ import annotations

from userops.query.dates import Unit, add_units, start_of
from userops.reports.kinds.user_analysis import tabulating
from userops.reports.kinds.user_analysis.asking import (
    GROUPS,
    Question,
    against_before,
    by,
    by_main_segment,
    main_segment,
    over_the_whole,
    times,
    users,
)
from userops.reports.outline import FigurePlan, NotComputable
from userops.reports.subject import ANY, Subject
from userops.words import Words

RETAINED = {"day": 30, "week": 8, "month": 6}
"""Periods that are looked ahead, by their unit."""


def funnel(subject: Subject) -> Question:
    if not subject.funnel:
        raise NotComputable(
            "没有识别出主漏斗（浏览、加购、结算、支付中至少两步）；可在报告设置里指定 funnel。",
            "No main funnel was recognised (at least two of browse, cart, checkout, purchase); name one in "
            "the settings.",
        )
    return {"kind": "funnel", "steps": list(subject.funnel), "window": "1d"}


def paths(subject: Subject) -> Question:
    hidden = [each for each in subject.events if each.startswith("$")]
    if len(subject.events) - len(hidden) == 1:
        raise NotComputable(
            "只有一种事件，看不出访问路径。",
            "There is one kind of event: no ways can be told apart.",
        )
    exclude = {"exclude": sorted(hidden)[:20]} if hidden else {}
    return {"kind": "paths", "max_steps": 5, "top": 6, "view": "flow", **exclude}


def lasting(subject: Subject) -> str:
    """The unit of retention: about thirty steps of it fit the period."""
    return "day" if subject.period.days <= 92 else "week" if subject.period.days <= 200 else "month"


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
        **retention(subject), "breakdown": [main_segment(subject)], "breakdown_limit": GROUPS,
    }  # fmt: skip


def lifecycle(subject: Subject) -> Question:
    days = subject.period.days
    unit: Unit = "day" if days <= 21 else "week" if days <= 200 else "month"
    return {"kind": "lifecycle", "unit": unit, "event": ANY, **_once_begun(subject, unit)}


def _once_begun(subject: Subject, unit: Unit) -> Question:
    """From the first interval on whose forerunner is whole: before, everybody would have come back, nobody left."""
    first = subject.first_day
    if first is None:
        return {}
    whole = first if start_of(first, unit) == first else add_units(start_of(first, unit), 1, unit)
    begin = add_units(whole, 1, unit)
    if begin <= subject.period.first:
        return {}
    if begin > subject.period.last:
        raise NotComputable(
            "数据开始不久，还没有上一期可以比较，看不出留存、回流与流失。",
            "The data began lately: there is no interval before, so nobody can have stayed, come back or left.",
        )
    return {"range": {"from": begin.isoformat(), "to": subject.period.last.isoformat()}}


def hours(subject: Subject) -> Question:
    return over_the_whole(subject, users(), times(), **by("$hour", limit=24))


def weekdays(subject: Subject) -> Question:
    return over_the_whole(subject, users(), times(), **by("$weekday", limit=7))


def sessions(subject: Subject) -> Question:
    return {"kind": "sessions", "unit": subject.unit, **against_before(subject)}


def stickiness(subject: Subject) -> Question:
    days = subject.period.days
    return {
        "kind": "stickiness",
        "unit": "day" if days <= 100 else "week" if days <= 800 else "month",
    }


def how_often(subject: Subject) -> Words:
    """The title of the figure, by the unit that it counts."""
    return _OFTEN[stickiness(subject)["unit"]]


_OFTEN = {
    "day": Words("活跃天数", "Days active"),
    "week": Words("活跃周数", "Weeks active"),
    "month": Words("活跃月数", "Months active"),
}


def early_habits(subject: Subject) -> Question:
    properties = ["channel"] if subject.has("channel") else []
    return {"kind": "correlation", "start": ANY, "properties": properties}


FIGURES: tuple[FigurePlan, ...] = (
    FigurePlan("funnel", Words("主漏斗", "Main funnel"), funnel),
    FigurePlan(
        "funnel_before", Words("主漏斗（上期）", "Main funnel, period before"), funnel,
        before=True, shown="evidence",
    ),
    FigurePlan("paths", Words("访问路径", "Ways through the product"), paths),
    FigurePlan(
        "retention", Words("新用户留存", "Retention of new users"), retention,
        table=tabulating.retention_by_period, shown_rows=31,
    ),
    FigurePlan(
        "retention_cohorts", Words("留存热力图（按批次）", "Retention heat map by cohort"), retention_cohorts,
        draw=tabulating.heat_map,
    ),
    FigurePlan(
        "retention_before", Words("新用户留存（上期）", "Retention, period before"), retention,
        before=True, shown="evidence",
    ),
    FigurePlan(
        "retention_by_segment", Words("新用户留存按分群", "Retention of new users by segment"),
        retention_by_segment, table=tabulating.retention_by_group, draw=tabulating.groups_of_enough,
        titled=by_main_segment(Words("新用户留存按", "Retention of new users by")),
    ),
    FigurePlan("lifecycle", Words("用户生命周期", "Lifecycle"), lifecycle),
    FigurePlan(
        "hours", Words("一天中的节律", "Rhythm of the day"), hours,
        table=tabulating.by_hour, draw=tabulating.bars(1, lying=False), shown_rows=24,
    ),
    FigurePlan(
        "weekdays", Words("一周中的节律", "Rhythm of the week"), weekdays,
        table=tabulating.by_weekday, draw=tabulating.bars(3, lying=False),
    ),
    FigurePlan("sessions", Words("会话数", "Sessions"), sessions),
    FigurePlan("stickiness", Words("活跃天数", "Days active"), stickiness, titled=how_often),
    FigurePlan(
        "early_habits", Words("留下来的人早期做了什么", "Early habits of those who stay"), early_habits,
        first=(
            "candidate", "times", "did_rate", "not_rate", "difference", "difference_low", "difference_high",
            "did", "not",
        ),
    ),
)  # fmt: skip
