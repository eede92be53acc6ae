"""What the data cover, and what is wrong with them."""

from __future__ import annotations

from userops.reports.kinds.user_analysis import tables
from userops.reports.kinds.user_analysis.asking import (
    Question,
    by,
    over_the_whole,
    property_of,
    step_by_step,
    times,
    users,
)
from userops.reports.outline import FigurePlan, NotComputable
from userops.reports.subject import ANY, Subject
from userops.reports.whom import IS_TEST
from userops.words import Words

COMMON = ("channel", "platform", "app_version", "city", "page", "session")
"""Properties of every product that are looked at for gaps."""


def volume(subject: Subject) -> Question:
    return step_by_step(subject, users(), times())


def sources(subject: Subject) -> Question:
    return over_the_whole(subject, times(), users(), **by("source"))


def gaps(subject: Subject) -> Question:
    """Series A counts all events; then one for each property, of the events that lack it."""
    names = [each for each in COMMON if subject.has(each)][:10]
    if not names:
        raise NotComputable(
            "没有可检查缺失的标准属性。", "There is no standard property to check for gaps."
        )
    lacking = [times(ANY, {"property": name, "op": "not_set"}, name=name) for name in names]
    return over_the_whole(subject, times(), *lacking)


def test_users(subject: Subject) -> Question:
    property_of(subject, "is_test", "user")
    return over_the_whole(subject, users(), users(ANY, IS_TEST), times(), times(ANY, IS_TEST))


def busiest(subject: Subject) -> Question:
    """Persons by their number of events: those far out are machines."""
    cuts = [1, 10, 50, 100, 500, 1000, 2000]
    return {"kind": "distribution", "event": ANY, "measure": "times", "cuts": cuts}


FIGURES: tuple[FigurePlan, ...] = (
    FigurePlan("volume", Words("每日用户与事件", "Users and events by day"), volume, shown="evidence"),
    FigurePlan("sources", Words("事件按来源", "Events by source"), sources, shown="evidence"),
    FigurePlan("gaps", Words("属性缺失", "Gaps in properties"), gaps, shown="evidence"),
    FigurePlan(
        "test_users", Words("测试账号", "Test accounts"), test_users, shown="evidence", everybody=True
    ),
    FigurePlan(
        "busiest", Words("用户按事件数", "Users by number of events"), busiest, shown="evidence"
    ),
    FigurePlan(
        "coverage",
        Words("数据覆盖与质量", "Data coverage and quality"),
        compose=tables.coverage,
        shown="table",
        definition=Words(
            "用户与事件为本期全部；缺失为没有该属性的事件；重复与拒收取自本期的质量报告与导入。",
            "All users and events of the period; gaps are events without the property; repeated and refused rows "
            "are those of the quality reports and imports.",
        ),
        shown_rows=20,
    ),
    FigurePlan(
        "calendar",
        Words("期间大事", "What happened when"),
        compose=tables.calendar,
        shown="table",
        definition=Words(
            "团队写在时间轴上的标注。", "Annotations of the team on the time axis."
        ),
        shown_rows=20,
    ),
)  # fmt: skip
