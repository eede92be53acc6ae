"""T2: the groups of users beside each other, with how active and how satisfied they are."""

from __future__ import annotations

from collections.abc import Callable

from userops.reports.kinds.user_analysis import tables
from userops.reports.kinds.user_analysis.asking import (
    Question,
    by,
    main_segment,
    over_the_whole,
    times,
    users,
)
from userops.reports.outline import FigurePlan, NotComputable
from userops.reports.subject import ANY, Subject
from userops.words import Words

ANSWERS = 100
"""Groups, or different answers times groups, that are told apart: no group of the matrix is among the others."""


def weekly(subject: Subject) -> Question:
    """Active in the last seven days of the period."""
    last = subject.period.last.isoformat()
    return {
        "kind": "trend", "unit": "day", "series": [times(ANY, measure="wau")],
        "range": {"from": last, "to": last}, **by(main_segment(subject), limit=ANSWERS),
    }  # fmt: skip


def answers_of(fact: str, zh: str, en: str) -> Callable[[Subject], Question]:
    """Users by group and by what they answered."""

    def ask(subject: Subject) -> Question:
        if fact not in subject.facts:
            raise NotComputable(
                f"还没有用户的{zh}：没有问卷回答写成 {fact}，分群矩阵中该列为“–”。",
                f"Nobody's {en} is known: no survey wrote {fact}, and its column in the matrix is a dash.",
            )
        known = {"property": fact, "of": "user", "op": "set"}
        groups = (main_segment(subject), {"property": fact, "of": "user"})
        return over_the_whole(subject, users(ANY, known), **by(*groups, limit=ANSWERS))

    return ask


FIGURES: tuple[FigurePlan, ...] = (
    FigurePlan(
        "weekly_by_segment", Words("期末周活按分群", "Weekly active users by segment"), weekly, shown="evidence"
    ),
    FigurePlan(
        "csat_by_segment", Words("满意度按分群", "Satisfaction by segment"),
        answers_of("$csat", "满意度", "satisfaction"), shown="evidence",
    ),
    FigurePlan(
        "nps_by_segment", Words("推荐度按分群", "Recommendation by segment"),
        answers_of("$nps", "推荐度", "willingness to recommend"), shown="evidence",
    ),
    FigurePlan(
        "segment_matrix",
        Words("分群矩阵", "Segment matrix"),
        compose=tables.segment_matrix,
        shown="table",
        definition=Words(
            "一位用户可在多个群中（例如用过两个平台），在每个群中各计一次；占各群之和以各群人数相加为分母，"
            "合计为 100%，不是占全部用户的比例；周活为期末前 7 天活跃的用户；留存只计已到期的新用户；人均"
            "金额为金额除以活跃用户；满意度为本期活跃且答过的用户最近一次回答的平均，推荐度为其中 9–10 分"
            "占比减 0–6 分占比。",
            "A user may be in several groups (who used two platforms, say) and counts once in each; the share is of "
            "the groups’ users added up, so it sums to 100% and is no share of all users; weekly active users are "
            "those of the last seven days; retention counts new users whose day has come; value per user is sales over "
            "active users; satisfaction is the mean of the last answers of active users, NPS the share of 9–10 less "
            "that of 0–6.",
        ),
    ),
)  # fmt: skip
