"""用户分析报告: who the users are, what they do, how they stay, what they are worth, what to do."""

from __future__ import annotations

from datetime import date, timedelta

from userops.reports.kinds.user_analysis.chapters import CHAPTERS
from userops.reports.kinds.user_analysis.concluding import conclude
from userops.reports.kinds.user_analysis.findings import RULES
from userops.reports.outline import ReportKind
from userops.words import Words


def last_month(today: date) -> str:
    return f"{today.replace(day=1) - timedelta(days=1):%Y-%m}"


USER_ANALYSIS = ReportKind(
    name="user-analysis",
    words=Words("用户分析报告", "User analysis report"),
    about=Words(
        "用户是谁、做什么、留不留得住、值多少，接下来该做什么：画像、行为模型、价值分层与建议。",
        "Who the users are, what they do, whether they stay, what they are worth, and what to do next.",
    ),
    chapters=CHAPTERS,
    rules=RULES,
    conclude=conclude,
    suggested=last_month,
)
