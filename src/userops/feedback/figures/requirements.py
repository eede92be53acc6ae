"""T5: what the tickets ask for: planned, shipped or declined, how many users asked, and how many of them were told."""

from __future__ import annotations

from typing import Any, Literal

from django.urls import reverse

from userops.analyses.table import Column, Table
from userops.events.models import Product
from userops.feedback.figures.rates import rate
from userops.feedback.figures.selecting import TicketQuery, described, only, received
from userops.feedback.requirements.asking import Askers
from userops.feedback.requirements.linking import numbers_by_requirement
from userops.feedback.requirements.models import STATUS_WORDS, Requirement, Status
from userops.records.figure import NoRecords, RecordFigure, Span
from userops.words import Words

MOST = 15


class Requirements(TicketQuery):
    kind: Literal["tickets.requirements"] = "tickets.requirements"


def run(query: Requirements, span: Span) -> dict[str, Any]:
    product = Product.objects.get(pk=span.product)
    now = set(received(query, span).values_list("number", flat=True))
    numbers = numbers_by_requirement(product)
    askers, rows = Askers(product), []
    for each in Requirement.objects.filter(product=product):
        came = each.shipped is not None and span.first <= each.shipped < span.end
        fresh = not now.isdisjoint(numbers.get(each.number, []))
        if fresh or (came and not only(query).zh):
            rows.append(_row(each, askers, now, shipped=came))
    if not rows:
        raise NoRecords(
            "本期的工单没有关联需求，也没有需求上线。",
            "No ticket of the period asks for a requirement, and none shipped.",
        )
    rows.sort(key=lambda row: (-row["users_now"], -row["users"], row["number"]))
    shipped = [row for row in rows if row["status"] == Status.SHIPPED]
    return {
        "requirements": rows[:MOST],
        "count": len(rows),
        "shipped": sum(row["shipped_now"] for row in rows),
        "users_told": rate(
            sum(row["told"] for row in shipped), sum(row["users"] for row in shipped)
        ),
    }


def _row(
    requirement: Requirement, askers: Askers, now: set[int], *, shipped: bool
) -> dict[str, Any]:
    users = askers.of(requirement)
    return {
        "number": requirement.number,
        "title": requirement.title,
        "title_en": requirement.title_en,
        "status": requirement.status,
        "version": requirement.version or None,
        "reference": requirement.reference or None,
        "shipped_now": shipped,
        "users": len(users),
        "users_now": sum(any(one.number in now for one in each.tickets) for each in users),
        "told": sum(each.state == "told" for each in users),
    }


def describe(query: Requirements) -> Words:
    return described(
        query,
        f"本期收到的工单所关联的需求，以及本期上线的需求，最多 {MOST} 个；同一用户的多张工单只算一次；"
        "“已告知”为上线后通知过的提出用户",
        f"Requirements that tickets received in the period ask for, and those that shipped in it, at most {MOST}; "
        "several tickets of one user count once; “told” are those who asked and were told that it shipped",
    )


_COLUMNS = (
    Column("number", Words("编号", "Number")),
    Column("title", Words("需求", "Requirement"), "sentence"),
    Column("status", Words("状态", "Status"), labels=STATUS_WORDS),
    Column("version", Words("上线版本", "Shipped in")),
    Column("reference", Words("外部编号", "Reference")),
    Column("users_now", Words("本期提出的用户", "Asked in the period"), "whole"),
    Column("users", Words("累计提出的用户", "Asked in all"), "whole"),
    Column("told", Words("已告知", "Told"), "whole"),
)


def table(_query: Requirements, result: dict[str, Any]) -> Table:
    """Without columns in which nothing stands; who was told is of what has shipped."""
    rows = [
        {
            **each,
            "number": f"R{each['number']}",
            "title": Words(each["title"], each["title_en"] or each["title"]),
            "told": each["told"] if each["status"] == Status.SHIPPED else None,
        }
        for each in result["requirements"]
    ]
    shown = tuple(c for c in _COLUMNS if any(row[c.name] is not None for row in rows))
    return Table(shown, [tuple(row[c.name] for c in shown) for row in rows])


REQUIREMENTS = RecordFigure(
    "tickets.requirements", Words("需求与告知", "Requirements, and users told"), Requirements, run, describe,
    table, records=lambda query: reverse("requirements:list", args=[query.product]),
)  # fmt: skip
