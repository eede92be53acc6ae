"""T1: the register of what was received, one row for each ticket."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from userops.analyses.table import Column, Table
from userops.feedback.figures.deadlines import Deadline, deadlines_of
from userops.feedback.figures.selecting import (
    CHANNEL_WORDS,
    SEVERITY_WORDS,
    STATUS_WORDS,
    UNSORTED,
    TicketQuery,
    address,
    described,
    received,
)
from userops.feedback.requirements.linking import asked_for
from userops.feedback.telling.models import Rating
from userops.feedback.tickets.models import Ticket
from userops.records.figure import RecordFigure, Span
from userops.text.personal_data import mask
from userops.words import Words

LONGEST = 80
"""Characters of the user's words in a cell."""


class Register(TicketQuery):
    kind: Literal["tickets.register"] = "tickets.register"
    limit: int = Field(default=5_000, ge=1, le=20_000)


def run(query: Register, span: Span) -> dict[str, Any]:
    rows = (
        received(query, span).select_related("category", "team", "owner").order_by("opened", "pk")
    )
    total, shown = rows.count(), list(rows[: query.limit])
    keys = [row.pk for row in shown]
    scores = dict(
        Rating.objects.filter(ticket__in=keys).order_by("at").values_list("ticket", "score")
    )
    due = deadlines_of(span.product, keys, span.now)
    asked = asked_for(span.product)
    return {
        "tickets": total,
        "shown": len(shown),
        "rows": [
            _line(row, span, due.get(row.pk), scores.get(row.pk))
            | {"requirement": ", ".join(f"R{each}" for each in asked.get(row.number, [])) or None}
            for row in shown
        ],
    }


def _line(row: Ticket, span: Span, deadline: Deadline | None, score: int | None) -> dict[str, Any]:
    return {
        "number": row.number,
        "channel": row.channel,
        "tier": row.tier or None,
        "text": short(row.subject),
        "category": row.category.path if row.category else "",
        "severity": row.severity,
        "complaint": row.complaint,
        "opened": _moment(row.opened, span),
        "due": _moment(deadline.due, span) if deadline else None,
        "answered": _moment(row.answered, span),
        "ended": _moment(row.solved or row.closed, span),
        "status": row.status,
        "in_time": deadline.in_time if deadline else None,
        "team": row.team.name if row.team else None,
        "owner": str(row.owner) if row.owner else None,
        "root_cause": short(row.root_cause) if row.root_cause else None,
        "solution": short(row.solution) if row.solution else None,
        "score": score,
    }


def short(text: str) -> str:
    """Words of a user as a report may show them: without what tells who he is, and not too long."""
    line = mask(" ".join(text.split()))
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"


def _moment(at: datetime | None, span: Span) -> str | None:
    return f"{at.astimezone(span.zone):%Y-%m-%d %H:%M}" if at else None


def describe(query: Register) -> Words:
    return described(
        query,
        "本期新建的工单，一单一行，按时间排列；联系方式不列，原话里的电话、证件等已遮盖；截止与按时按解决时限",
        "Tickets opened in the period, one row each, by time; contact details are left out, and phone numbers and "
        "the like "
        "are masked; due and in time are of the resolution",
    )


_COLUMNS = (
    Column("number", Words("编号", "Number"), "whole"),
    Column("opened", Words("收到", "Received")),
    Column("channel", Words("渠道", "Channel"), labels=CHANNEL_WORDS),
    Column("tier", Words("客户等级", "Tier")),
    Column("text", Words("内容", "What"), "sentence"),
    Column("category", Words("分类", "Category")),
    Column("severity", Words("严重程度", "Severity"), labels=SEVERITY_WORDS),
    Column("complaint", Words("投诉", "Complaint")),
    Column("status", Words("状态", "Status"), labels=STATUS_WORDS),
    Column("due", Words("截止", "Due")),
    Column("answered", Words("首次答复", "First answer")),
    Column("ended", Words("解决", "Solved")),
    Column("in_time", Words("按时", "In time")),
    Column("team", Words("团队", "Team")),
    Column("owner", Words("负责人", "Owner")),
    Column("root_cause", Words("根因", "Root cause"), "sentence"),
    Column("solution", Words("解决办法", "Solution"), "sentence"),
    Column("requirement", Words("关联需求", "Requirement")),
    Column("score", Words("评分", "Rating"), "whole"),
)


def table(_query: Register, result: dict[str, Any]) -> Table:
    """Without columns in which nothing stands."""
    shown = [c for c in _COLUMNS if any(each.get(c.name) is not None for each in result["rows"])]
    rows = [
        tuple(each[c.name] if c.name != "category" or each["category"] else UNSORTED for c in shown)
        for each in result["rows"]
    ]
    return Table(tuple(shown or _COLUMNS), rows)


REGISTER = RecordFigure(
    "tickets.register", Words("反馈处理记录", "Register"), Register, run, describe, table, records=address
)  # fmt: skip
