"""What weighed most: urgent tickets with the course of each."""

from __future__ import annotations

from typing import Any, Literal

from django.db.models import Count

from userops.analyses.table import Column, Table
from userops.feedback.figures.register import short
from userops.feedback.figures.selecting import (
    STATUS_WORDS,
    UNSORTED,
    TicketQuery,
    address,
    described,
    received,
)
from userops.feedback.tickets.models import Severity
from userops.records.figure import NoRecords, RecordFigure, Span
from userops.words import Words

MOST = 20
WRITTEN = ("root_cause", "solution", "prevention")


class Serious(TicketQuery):
    kind: Literal["tickets.serious"] = "tickets.serious"


def run(query: Serious, span: Span) -> dict[str, Any]:
    rows = received(query, span).filter(severity=Severity.URGENT)
    total = rows.count()
    if not total:
        raise NoRecords(
            "本期没有紧急工单，不作复盘。",
            "No ticket was urgent: there is nothing to look back on.",
        )
    with_merged = rows.annotate(along=Count("merged")).select_related("category", "team")
    return {
        "tickets": total,
        "solved": rows.exclude(solved=None, closed=None).count(),
        "explained": rows.exclude(root_cause="").count(),
        "rows": [
            {
                "number": row.number,
                "text": short(row.subject),
                "category": row.category.path if row.category else "",
                "along": row.along,
                "opened": f"{row.opened.astimezone(span.zone):%Y-%m-%d %H:%M}",
                "answered": (row.answered - row.opened).total_seconds() if row.answered else None,
                "ended": (end - row.opened).total_seconds()
                if (end := row.solved or row.closed)
                else None,
                "status": row.status,
                "team": row.team.name if row.team else None,
                **{name: short(text) if (text := getattr(row, name)) else None for name in WRITTEN},
            }
            for row in with_merged.order_by("-along", "opened")[:MOST]
        ],
    }


def describe(query: Serious) -> Words:
    return described(
        query,
        f"本期新建的紧急工单，合并进来的多者在前，最多 {MOST} 单；用时为自然时间",
        f"Urgent tickets opened in the period, those with most merged into them first, at most {MOST}; times are "
        "wall-clock",
    )


def table(_query: Serious, result: dict[str, Any]) -> Table:
    columns = (
        Column("number", Words("编号", "Number"), "whole"),
        Column("text", Words("内容", "What"), "sentence"),
        Column("category", Words("分类", "Category")),
        Column("along", Words("合并", "Merged"), "whole"),
        Column("opened", Words("发生", "Opened")),
        Column("answered", Words("首次答复用时", "Answered after"), "seconds"),
        Column("ended", Words("解决用时", "Solved after"), "seconds"),
        Column("status", Words("状态", "Status"), labels=STATUS_WORDS),
        Column("team", Words("团队", "Team")),
        Column("root_cause", Words("根因", "Root cause"), "sentence"),
        Column("solution", Words("修复", "Mended by"), "sentence"),
        Column("prevention", Words("预防", "Prevention"), "sentence"),
    )
    rows = [
        tuple(
            each[c.name] if c.name != "category" or each["category"] else UNSORTED for c in columns
        )
        for each in result["rows"]
    ]
    return Table(columns, rows)


SERIOUS = RecordFigure(
    "tickets.serious", Words("重大问题", "Serious problems"), Serious, run, describe, table, records=address
)  # fmt: skip
