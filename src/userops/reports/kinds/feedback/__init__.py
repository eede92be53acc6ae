"""The reports of the desk (D6): 反馈处理记录, the register, and 问题解决总结, what it came to."""

from __future__ import annotations

from datetime import date, timedelta

from userops.reports.kinds.feedback import kpis
from userops.reports.kinds.feedback.asking import (
    SETTINGS,
    TARGETS,
    collected,
    of_all,
    of_tickets,
    of_tickets_before,
)
from userops.reports.kinds.feedback.before import drawn_before, known_before
from userops.reports.kinds.feedback.concluding import conclude_register, conclude_summary
from userops.reports.kinds.feedback.findings import REGISTER_RULES, SUMMARY_RULES
from userops.reports.outline import Chapter, FigurePlan, ReportKind
from userops.words import Words


def last_month(today: date) -> str:
    return f"{today.replace(day=1) - timedelta(days=1):%Y-%m}"


FLOW = FigurePlan(
    "flow", Words("收到、结束与未结", "Received, ended, open"), of_tickets("tickets.flow")
)
CATEGORIES = FigurePlan(
    "categories", Words("反馈分类（帕累托）", "Categories (Pareto)"), of_tickets("tickets.categories"), shown_rows=15,
    table=known_before,
)  # fmt: skip

REGISTER = ReportKind(
    name="feedback-register",
    words=Words("反馈处理记录", "Feedback register"),
    about=Words(
        "本期每一条反馈：何时收到、怎么分类、谁处理、何时答复与解决、是否按时、用户怎么评价；可按分类、团队、严重程度、渠道筛选。",
        "Each ticket of the period: when it came, what it is, who handled it, when it was answered and solved, whether "
        "in time, and how it was rated; by category, team, severity and channel.",
    ),
    chapters=(
        Chapter("conclusion", Words("概要", "At a glance")),
        Chapter(
            "register",
            Words("反馈处理记录", "Register"),
            (
                FLOW,
                FigurePlan(
                    "register", Words("反馈处理记录", "Register"), of_tickets("tickets.register"), shown="table",
                    shown_rows=1_000, parts=8,
                    on_slides=(
                        "number", "opened", "text", "category", "severity", "status", "in_time", "team", "score",
                    ),
                ),
            ),
        ),
    ),
    rules=REGISTER_RULES,
    conclude=conclude_register,
    suggested=last_month,
    settings=SETTINGS,
    collected=collected,
)  # fmt: skip

SUMMARY = ReportKind(
    name="feedback-summary",
    words=Words("问题解决总结", "Problem-solving summary"),
    about=Words(
        "反馈处理得如何：收到与按时、热点、重大问题、重开、闭环与改进；及时处理率和满意度对照目标，写明证据强弱。",
        "How feedback was handled: received and in time, hot spots, serious problems, reopened, closed loop, and "
        "what to "
        "mend; timeliness and satisfaction against their targets, with how sure it is.",
    ),
    chapters=(
        Chapter(
            "conclusion",
            Words("结论", "Conclusions"),
        ),
        Chapter(
            "due",
            Words("收到、到期、按时与超时", "Received, due, in time, overdue"),
            (
                FigurePlan(
                    "scorecard", Words("KPI 与目标", "KPIs and targets"), compose=kpis.scorecard, shown="table",
                    definition=Words(
                        "状态看数值是否达到目标；证据看 95% 区间：不跨过目标为“充分”，跨过为“弱”，"
                        "样本少于下限为“不足”，此时不判断状态。",
                        "The status says whether the value reaches the target; the evidence is clear where the 95% "
                        "interval does not hold the target, weak where it does, and too little below the least "
                        "number, where nothing is judged.",
                    ),
                ),
                FLOW,
                FigurePlan(
                    "on_time", Words("按时处理（按分类与团队）", "In time, by category and team"),
                    of_tickets("tickets.on_time"), shown_rows=30,
                ),
                FigurePlan(
                    "on_time_before", Words("按时处理（上期）", "In time, period before"),
                    of_tickets_before("tickets.on_time"), before=True, shown="evidence",
                ),
                FigurePlan(
                    "overdue", Words("超时清单", "Overdue"), of_tickets("tickets.overdue"), shown="table",
                    shown_rows=40, parts=3,
                ),
                FigurePlan("closing", Words("解决用时", "Time to solve"), of_tickets("tickets.closing")),
                FigurePlan(
                    "satisfaction", Words("处理满意度", "Satisfaction"), of_tickets("tickets.satisfaction")
                ),
                FigurePlan(
                    "satisfaction_before", Words("处理满意度（上期）", "Satisfaction, period before"),
                    of_tickets_before("tickets.satisfaction"), before=True, shown="evidence",
                ),
            ),
        ),
        Chapter("voice", Words("问卷里的用户声音", "What users say when asked"), (
                FigurePlan(
                    "voice", Words("NPS、满意度与费力度", "NPS, satisfaction and effort"),
                    of_all("surveys.scores"), shown="table",
                ),
            )),
        Chapter("topics", Words("分类与热点", "Categories and hot spots"), (
                CATEGORIES,
                FigurePlan(
                    "hot_topics", Words("热点主题", "Topics"), of_tickets("tickets.topics"), table=known_before,
                    draw=drawn_before,
                ),
                FigurePlan(
                    "pain_points", Words("痛点排序", "Pain points, ranked"), of_all("pain_points.ranking"),
                    shown="table", table=known_before,
                ),
            )),
        Chapter(
            "serious",
            Words("重大问题复盘", "Serious problems, looked back on"),
            (
                FigurePlan(
                    "serious", Words("紧急工单", "Urgent tickets"), of_tickets("tickets.serious"), shown="table",
                    parts=5,
                ),
            ),
        ),
        Chapter(
            "reopened",
            Words("重复与重开", "Reopened"),
            (
                FigurePlan("reopening", Words("重开率", "Reopened"), of_tickets("tickets.reopening")),
                FigurePlan(
                    "reopening_before", Words("重开率（上期）", "Reopened, period before"),
                    of_tickets_before("tickets.reopening"), before=True, shown="evidence",
                ),
            ),
        ),
        Chapter(
            "loop",
            Words("转需求与回访", "Needs, and users told"),
            (
                FigurePlan(
                    "closed_loop", Words("闭环", "Closed loop"), of_tickets("tickets.closed_loop"), shown="table"
                ),
                FigurePlan(
                    "requirements", Words("需求与告知", "Requirements, and users told"),
                    of_tickets("tickets.requirements"), shown="table",
                ),
            ),
        ),
        Chapter("knowledge", Words("知识库", "Knowledge")),
        Chapter("advice", Words("改进项", "What to mend")),
    ),
    rules=SUMMARY_RULES,
    conclude=conclude_summary,
    suggested=last_month,
    settings={**SETTINGS, **TARGETS},
    collected=collected,
)  # fmt: skip
