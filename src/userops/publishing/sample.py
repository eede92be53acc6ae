"""A rich report of the demo company, to look at and to test with: a figure of every kind of analysis.

`sample.json` holds answers of the demo company: columns, rows and options, in both languages.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from userops.publishing.content import (
    Block,
    Card,
    Cards,
    Column,
    Fact,
    Facts,
    Figure,
    Grid,
    Paragraph,
    Publication,
    Section,
)
from userops.words import Words

SNAPSHOT = "UR-2026-10-v1 · 9f2c4d1be07a6c35"
CHAPTERS = (
    ("overview", Words("一页结论", "Conclusion on one page"), ("trend", "trend_by")),
    (
        "acquisition",
        Words("获客与激活", "Acquisition and activation"),
        ("funnel", "attribution", "correlation"),
    ),
    (
        "retention",
        Words("留存与活跃", "Retention and activity"),
        ("retention", "lifecycle", "stickiness", "sessions"),
    ),
    ("value", Words("价值分层", "Value"), ("rfm", "ltv", "distribution")),
    ("behaviour", Words("行为路径", "Behaviour"), ("paths", "interval")),
    ("why", Words("变化与差异", "Changes and differences"), ("change", "traits")),
)
TITLES = {
    "trend": Words("搜索与支付用户", "Users who search and pay"),
    "trend_by": Words("各渠道的活跃用户", "Active users by channel"),
    "funnel": Words("从打开到支付的转化", "Conversion from opening to paying"),
    "attribution": Words("支付的归因", "Attribution of payments"),
    "correlation": Words("与次周回访相伴的早期行为", "Early behaviour that goes with coming back"),
    "retention": Words("周留存", "Weekly retention"),
    "lifecycle": Words("用户生命周期", "Lifecycle"),
    "stickiness": Words("活跃天数分布", "Days active"),
    "sessions": Words("会话数", "Sessions"),
    "rfm": Words("RFM 分群的人数与金额", "People and money of RFM groups"),
    "ltv": Words("人均累计价值", "Cumulative value of a user"),
    "distribution": Words("支付次数分布", "Payments of a user"),
    "paths": Words("打开应用之后的路径", "Paths after opening the app"),
    "interval": Words("从加购到支付的时间", "Time from cart to payment"),
    "change": Words("支付转化率的变化出在哪里", "Where payment conversion moved"),
    "traits": Words("结算后放弃的人有何不同", "What sets abandoners apart"),
}


@cache
def answers() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        (Path(__file__).parent / "sample.json").read_text(encoding="utf-8")
    )
    return found


def publication(language: str = "zh-hans") -> Publication:
    """The sample report in `zh-hans` or `en`."""

    def text(zh: str, en: str) -> str:
        return Words(zh, en).text(language)

    figures = _figures(language)
    sections = tuple(
        Section(
            key,
            title.text(language),
            (
                *_opening(key, language),
                *(figures[name] for name in names),
                *_closing(key, language),
            ),
        )
        for key, title, names in CHAPTERS
    )
    return Publication(
        language=language,
        title=text("用户分析报告", "User analysis report"),
        subtitle=text("拾光集 · 2026 年 10 月", "Shiguang · October 2026"),
        company=text("拾光集（演示）", "Shiguang (demo)"),
        facts=(
            (text("周期", "Period"), text("2026-10-01 至 2026-10-31", "2026-10-01 to 2026-10-31")),
            (text("版本", "Version"), "v1"),
            (text("数据时间", "Data time"), "2026-11-01 08:00 UTC+8"),
            (text("撰写", "Written by"), "王小明"),
            (text("审核", "Reviewed by"), "李芳"),
            (text("批准", "Approved by"), "陈立 Chen Li"),
        ),
        snapshot=SNAPSHOT,
        status=text("已签发", "issued"),
        sections=sections,
        definitions=tuple(
            (each.title, each.definition) for each in figures.values() if each.definition
        ),
        correction=text(
            "v1 更正：9 月的支付用户由 1,204 改为 1,198（剔除测试账号）。",
            "v1 corrects September's paying users from 1,204 to 1,198 (test accounts are left out).",
        ),
        link="https://userops.example.com/reports/12/",
    )


def _figures(language: str) -> dict[str, Figure]:
    short = "zh" if language.startswith("zh") else "en"
    found = {}
    for at, (name, answer) in enumerate(answers().items(), start=1):
        title = TITLES[name].text(language)
        found[name] = Figure(
            key=name,
            number=Words(f"图 {at}", f"Figure {at}").text(language),
            title=title,
            message=Words(f"{title}：本期 30 天的完整结果", f"{title}: all of these 30 days").text(
                language
            ),
            grid=Grid(
                tuple(
                    Column(column, zh if short == "zh" else en, type_)
                    for column, zh, en, type_ in answer["columns"]
                ),
                tuple(tuple(row) for row in answer["rows"].get(short, answer["rows"]["zh"])),
                int(answer["whole"]),
            ),
            definition=answer["definition"][short],
            source=Words(
                f"演示公司，数据截至 2026-11-01 08:00，查询 {answer['hash']}",
                f"Demo company, data as of 2026-11-01 08:00, query {answer['hash']}",
            ).text(language),
            chart=answer["charts"][short],
            alt=Words(
                f"{title}的图，数据见下表。", f"Chart of {title}; its data are in the table."
            ).text(language),
            query=answer["query"],
        )
    return found


def _opening(key: str, language: str) -> tuple[Block, ...]:
    def text(zh: str, en: str) -> str:
        return Words(zh, en).text(language)

    if key != "overview":
        return (
            Paragraph(
                text(
                    "本章的数字均为冻结快照，可从在线版本逐一下钻到用户。",
                    "All figures of this chapter are frozen; the online version leads from each to its users.",
                ),
                "body",
            ),
        )
    return (
        Paragraph(
            text(
                "10 月活跃用户 4,093 人，环比 +6.2%；支付转化率 88.2%，较基期 +2.9 个百分点，回升主要出在 3.2.0 版本。",
                "4,093 users were active in October (+6.2% on September); payment conversion was 88.2%, "
                "2.9 points above the base, mostly by version 3.2.0.",
            ),
            "lead",
            ("trend", "change"),
            "good",
        ),
        Facts(
            (
                Fact(
                    text("活跃用户", "Active users"),
                    "4,093",
                    text("环比 +6.2%", "+6.2% on last month"),
                    "good",
                    ("trend_by",),
                ),
                Fact(
                    text("支付转化率", "Payment conversion"),
                    "88.2%",
                    text("目标 90%，差 1.8 个百分点", "target 90%, short by 1.8 points"),
                    "bad",
                    ("change",),
                ),
                Fact(
                    text("次周留存", "Week 1 retention"),
                    "64.1%",
                    text("95% 区间 61.0%–67.1%", "95% interval 61.0%–67.1%"),
                    "weak",
                    ("retention",),
                ),
                Fact(
                    text("人均累计价值", "Value of a user"),
                    "¥38.0",
                    text("6 周", "6 weeks"),
                    "",
                    ("ltv",),
                ),
            )
        ),
        Paragraph(
            text(
                "重要价值用户占 11.4%，贡献金额的 28.5%；一般挽留占 34.6%，仅贡献 12.3%。",
                "Champions are 11.4% of the people and 28.5% of the money; the lapsed are 34.6% and 12.3%.",
            ),
            "finding",
            ("rfm",),
        ),
        Paragraph(text("样本中测试账号已剔除。", "Test accounts are left out."), "note"),
    )


def _closing(key: str, language: str) -> tuple[Block, ...]:
    def text(zh: str, en: str) -> str:
        return Words(zh, en).text(language)

    if key != "value":
        return ()
    cards = tuple(
        Card(
            text(zh, en),
            text(f"占活跃用户 {part}", f"{part} of active users"),
            (
                (text("规模", "Size"), people),
                (
                    text("特征", "Features"),
                    text(
                        "晚间 20–23 点活跃，多在 iOS，偏好家居类目",
                        "Active from 20 to 23, mostly on iOS, prefers home goods",
                    ),
                ),
                (
                    text("留存", "Retention"),
                    text("次周 71.2%（k/n 312/438）", "week 1: 71.2% (312/438)"),
                ),
                (
                    text("诉求", "Needs"),
                    text(
                        "搜索后无结果 18.4%，建议补齐同义词",
                        "18.4% of searches find nothing: add synonyms",
                    ),
                ),
            ),
            ("rfm",),
        )
        for zh, en, part, people in (
            ("夜间家居党", "Evening home shoppers", "21.4%", "3,120"),
            ("优惠猎手", "Coupon hunters", "17.9%", "2,610"),
            ("直播常客", "Live stream regulars", "9.6%", "1,398"),
        )
    )
    return (
        Cards(cards),
        Paragraph(
            text(
                "“搜‘收纳’出来的都是大件，我只想要抽屉分隔。”",
                "“I searched for storage and got wardrobes; I wanted drawer dividers.”",
            ),
            "quote",
        ),
    )
