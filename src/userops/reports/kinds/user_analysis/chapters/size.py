"""How many users, and of what kinds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from userops.reports.kinds.user_analysis import tabulating
from userops.reports.kinds.user_analysis.asking import (
    Question,
    against_before,
    against_last_year,
    by,
    by_main_segment,
    main_segment,
    over_the_whole,
    property_of,
    step_by_step,
    users,
)
from userops.reports.outline import FigurePlan, NotComputable
from userops.reports.subject import ANY, Subject
from userops.words import Words


def active(subject: Subject) -> Question:
    if subject.year_known and subject.period.before == subject.period.year_before:
        raise NotComputable(
            "上一期就是去年同期，见“活跃用户同比”。",
            "The period before is that of last year: see “Active users, year on year”.",
        )
    return step_by_step(subject, users(), **against_before(subject))


def active_year(subject: Subject) -> Question:
    return step_by_step(subject, users(), **against_last_year(subject))


def users_by(name: str, of: str = "event") -> Callable[[Subject], Question]:
    """A question of the active users by a property."""

    def ask(subject: Subject) -> Question:
        if subject.segments()[:1] == [(name, of)]:
            raise NotComputable(
                "主要分群就是按它，不再重复。",
                "The main segments are by it: it is not told a second time.",
            )
        return over_the_whole(subject, users(), **by(property_of(subject, name, of)))

    return ask


def users_by_segment(subject: Subject) -> Question:
    return over_the_whole(subject, users(), **by(main_segment(subject)))


def newcomers(subject: Subject) -> Question:
    """New users of each day by group: the sizes of daily cohorts."""
    if subject.period.days > 200:
        raise NotComputable(
            "周期超过 200 天，不按日看拉新波动。",
            "The period is over 200 days: new users are not read by day.",
        )
    return {
        "kind": "retention", "start": ANY, "return": ANY, "unit": "day", "periods": 1,
        "breakdown": [main_segment(subject)], "breakdown_limit": 8,
    }  # fmt: skip


ACTIVE = Words("活跃用户", "Active users")
_BEFORE, _YEAR = Words("上一周期", "Previous period"), Words("去年同期", "Last year")
_CALLED = {
    "任意事件 · 用户数 · 上一周期": _BEFORE,
    "Any event · Users · previous period": _BEFORE,
    "任意事件 · 用户数 · 去年同期": _YEAR,
    "Any event · Users · last year": _YEAR,
    "任意事件 · 用户数": ACTIVE,
    "Any event · Users": ACTIVE,
}
"""What the trend of all events is called by itself, in either language; a line has little room for its name."""


def _composition(key: str, zh: str, en: str, ask: Callable[[Subject], Question]) -> FigurePlan:
    return FigurePlan(
        key, Words(zh, en), ask, table=tabulating.by_users, draw=tabulating.bars()
    )  # fmt: skip


FIGURES: tuple[FigurePlan, ...] = (
    FigurePlan("active", ACTIVE, active, names=_CALLED),
    FigurePlan(
        "active_year", Words("活跃用户同比", "Active users, year on year"), active_year, names=_CALLED
    ),
    FigurePlan(
        "newcomers",
        Words("每日新用户（按来源）", "New users by day and group"),
        newcomers,
        shown="evidence",
    ),
    replace(
        _composition("users_by_segment", "活跃用户按主要分群", "Active users by main segment", users_by_segment),
        titled=by_main_segment(Words("活跃用户按", "Active users by")),
    ),
    _composition("users_by_platform", "活跃用户按平台", "Active users by platform", users_by("platform")),
    _composition("users_by_version", "活跃用户按版本", "Active users by version", users_by("app_version")),
    _composition("users_by_city", "活跃用户按城市", "Active users by city", users_by("city")),
    _composition(
        "users_by_level", "活跃用户按会员等级", "Active users by member level",
        users_by("member_level", "user"),
    ),
)  # fmt: skip
