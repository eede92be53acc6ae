"""The outline of the user analysis report (D1): chapters and their figures, in order."""

from __future__ import annotations

from userops.reports.kinds.user_analysis import figures, personas, tables, tabulating
from userops.reports.outline import Chapter, FigurePlan
from userops.words import Words

CHAPTERS: tuple[Chapter, ...] = (
    Chapter("conclusion", Words("结论", "Conclusions")),
    Chapter(
        "data",
        Words("数据范围与质量", "Data: scope and quality"),
        (
            FigurePlan(
                "volume",
                Words("每日用户与事件", "Users and events by day"),
                figures.volume,
                shown="evidence",
            ),
            FigurePlan(
                "sources",
                Words("事件按来源", "Events by source"),
                figures.sources,
                shown="evidence",
            ),
            FigurePlan(
                "gaps", Words("属性缺失", "Gaps in properties"), figures.gaps, shown="evidence"
            ),
            FigurePlan(
                "test_users",
                Words("测试账号", "Test accounts"),
                figures.test_users,
                shown="evidence",
            ),
            FigurePlan(
                "busiest",
                Words("用户按事件数", "Users by number of events"),
                figures.busiest,
                shown="evidence",
            ),
            FigurePlan(
                "coverage",
                Words("数据覆盖与质量", "Data coverage and quality"),
                compose=tables.coverage,
                shown="table",
                definition=Words(
                    "用户与事件为本期全部；缺失为没有该属性的事件；重复与拒收取自本期的质量报告与导入。",
                    "All users and events of the period; gaps are events without the property; repeated and refused "
                    "rows "
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
        ),
    ),
    Chapter(
        "size",
        Words("用户规模与构成", "Size and composition"),
        (
            FigurePlan("active", Words("活跃用户", "Active users"), figures.active),
            FigurePlan(
                "active_year",
                Words("活跃用户同比", "Active users, year on year"),
                figures.active_year,
            ),
            FigurePlan(
                "newcomers",
                Words("每日新用户（按来源）", "New users by day and group"),
                figures.newcomers,
                shown="evidence",
            ),
            FigurePlan(
                "users_by_segment",
                Words("活跃用户按主要分群", "Active users by main segment"),
                figures.users_by_segment,
                table=tabulating.by_users,
                draw=tabulating.bars(),
            ),
            FigurePlan(
                "users_by_platform",
                Words("活跃用户按平台", "Active users by platform"),
                figures.users_by("platform"),
                table=tabulating.by_users,
                draw=tabulating.bars(),
            ),
            FigurePlan(
                "users_by_version",
                Words("活跃用户按版本", "Active users by version"),
                figures.users_by("app_version"),
                table=tabulating.by_users,
                draw=tabulating.bars(),
            ),
            FigurePlan(
                "users_by_city",
                Words("活跃用户按城市", "Active users by city"),
                figures.users_by("city"),
                table=tabulating.by_users,
                draw=tabulating.bars(),
            ),
            FigurePlan(
                "users_by_level",
                Words("活跃用户按会员等级", "Active users by member level"),
                figures.users_by("member_level", "user"),
                table=tabulating.by_users,
                draw=tabulating.bars(),
            ),
        ),
    ),
    Chapter(
        "personas",
        Words("用户画像", "Personas"),
        (
            FigurePlan(
                "personas",
                Words("画像", "Personas"),
                personas.question,
                table=personas.groups_table,
                cards=personas.cards,
            ),
            FigurePlan(
                "lifts",
                Words("画像特征的倍数", "What sets personas apart"),
                compose=personas.lifts,
                shown="table",
                definition=Words(
                    "本组活跃日中有该特征的占比，除以其他组的占比；区间按人计算，按错误发现率 5% 校正后才列出。",
                    "Share of a group’s active days with the trait over that of the other groups; intervals treat "
                    "people as "
                    "independent; listed at a false discovery rate of 5 %.",
                ),
                shown_rows=25,
            ),
        ),
    ),
    Chapter(
        "behaviour",
        Words("行为模型", "Behaviour model"),
        (
            FigurePlan("funnel", Words("主漏斗", "Main funnel"), figures.funnel),
            FigurePlan(
                "funnel_before",
                Words("主漏斗（上期）", "Main funnel, period before"),
                figures.funnel,
                before=True,
                shown="evidence",
            ),
            FigurePlan("paths", Words("访问路径", "Ways through the product"), figures.paths),
            FigurePlan(
                "retention",
                Words("新用户留存", "Retention of new users"),
                figures.retention,
                table=tabulating.retention_by_period,
                shown_rows=31,
            ),
            FigurePlan(
                "retention_cohorts",
                Words("留存热力图（按批次）", "Retention heat map by cohort"),
                figures.retention_cohorts,
                draw=tabulating.heat_map,
            ),
            FigurePlan(
                "retention_before",
                Words("新用户留存（上期）", "Retention, period before"),
                figures.retention,
                before=True,
                shown="evidence",
            ),
            FigurePlan(
                "retention_by_segment",
                Words("新用户留存按分群", "Retention of new users by segment"),
                figures.retention_by_segment,
                table=tabulating.retention_by_group,
            ),
            FigurePlan("lifecycle", Words("用户生命周期", "Lifecycle"), figures.lifecycle),
            FigurePlan(
                "hours",
                Words("一天中的节律", "Rhythm of the day"),
                figures.hours,
                table=tabulating.by_hour,
                draw=tabulating.bars(2, lying=False),
                shown_rows=24,
            ),
            FigurePlan(
                "weekdays",
                Words("一周中的节律", "Rhythm of the week"),
                figures.weekdays,
                table=tabulating.by_weekday,
                draw=tabulating.bars(2, lying=False),
            ),
            FigurePlan("sessions", Words("访问", "Sessions"), figures.sessions),
            FigurePlan("stickiness", Words("活跃天数", "Days active"), figures.stickiness),
            FigurePlan(
                "early_habits",
                Words("留下来的人早期做了什么", "Early habits of those who stay"),
                figures.early_habits,
            ),
        ),
    ),
    Chapter(
        "value",
        Words("价值分层", "Value"),
        (
            FigurePlan("buyers", Words("付费用户与金额", "Buyers and sales"), figures.buyers),
            FigurePlan(
                "rfm", Words("RFM 八群与策略", "Eight RFM groups with strategy"), figures.rfm
            ),
            FigurePlan(
                "spread_of_spending",
                Words("消费金额分布", "How much buyers spend"),
                figures.spread_of_spending,
            ),
            FigurePlan(
                "value_over_time",
                Words("用户价值随时间", "Value of users over time"),
                figures.value_over_time,
            ),
            FigurePlan(
                "predicted_value", Words("预期价值", "Predicted value"), figures.predicted_value
            ),
            FigurePlan(
                "revenue_by_segment",
                Words("金额按分群", "Sales by segment"),
                figures.revenue_by_segment,
                shown="evidence",
            ),
        ),
    ),
    Chapter(
        "segments",
        Words("关键分群", "Key segments"),
        (
            FigurePlan(
                "segment_matrix",
                Words("分群矩阵", "Segment matrix"),
                compose=tables.segment_matrix,
                shown="table",
                definition=Words(
                    "用户可属多个分群，占比以各群合计为分母；留存只计已到期的新用户；人均金额为金额除以活跃用户。",
                    "A user may be in several segments, shares are of the sum of all; retention counts new users "
                    "whose day has "
                    "come; value per user is sales over active users.",
                ),
            ),
        ),
    ),
    Chapter(
        "churn",
        Words("流失与机会", "Losses and opportunities"),
        (
            FigurePlan("churn", Words("回归曲线与流失", "Return curve and churn"), figures.churn),
            FigurePlan("risk", Words("流失风险", "Risk of churn"), figures.risk),
            FigurePlan("needs", Words("未满足的需求", "Unmet needs"), figures.needs, shown_rows=20),
            FigurePlan(
                "crashes",
                Words("崩溃按平台与版本", "Crashes by platform and version"),
                figures.crashes,
                table=tabulating.crash_rates,
                draw=tabulating.bars(),
            ),
            FigurePlan(
                "pay_by_version",
                Words("支付转化按平台与版本", "Payment by platform and version"),
                figures.pay_by_version,
                table=tabulating.payment_rates,
                draw=tabulating.bars(),
            ),
            FigurePlan(
                "pay_hours",
                Words("支付成败按小时", "Payments by hour"),
                figures.pay_hours,
                shown="evidence",
            ),
            FigurePlan(
                "pay_errors",
                Words("支付失败按错误码", "Failed payments by error"),
                figures.pay_errors,
                shown="evidence",
            ),
            FigurePlan("searches", Words("搜索", "Searches"), figures.searches, shown="evidence"),
            FigurePlan(
                "empty_searches",
                Words("搜而不得", "Searched in vain"),
                figures.empty_searches,
                table=tabulating.by_keyword,
                draw=tabulating.bars(),
            ),
            FigurePlan("recommend", Words("推荐度", "Recommendation"), figures.recommend),
            FigurePlan(
                "complaints",
                Words("反馈主题", "Topics of feedback"),
                figures.complaints,
                table=tabulating.by_topic,
                draw=tabulating.bars(),
            ),
        ),
    ),
    Chapter("advice", Words("建议", "Recommendations")),
)
