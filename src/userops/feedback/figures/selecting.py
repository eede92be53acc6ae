"""Which tickets a figure counts: those of a product that a filter lets through, without spam; what was merged counts
once, with the ticket in which it goes on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Literal

from django.db.models import Q, QuerySet
from django.urls import reverse
from pydantic import Field

from userops.feedback.sorting.actions import BETWEEN
from userops.feedback.tickets.models import ACTIVE, Severity, Source, Status, Ticket, TicketEvent
from userops.records.document import RecordQuery
from userops.records.figure import Span
from userops.words import Words

SEVERITIES = tuple(Severity.values)
SEVERITY_WORDS = {
    "urgent": Words("紧急", "Urgent"), "high": Words("高", "High"),
    "normal": Words("普通", "Normal"), "low": Words("低", "Low"),
}  # fmt: skip
CHANNEL_WORDS = {
    "form": Words("网页表单", "Web form"), "widget": Words("站内组件", "Widget"),
    "mail": Words("邮件", "E-mail"), "api": Words("API", "API"), "import": Words("导入", "Import"),
    "wecom": Words("企业微信", "WeCom"), "dingtalk": Words("钉钉", "DingTalk"),
    "feishu": Words("飞书", "Feishu"), "manual": Words("人工录入", "Written by a member"),
    "survey": Words("问卷", "Survey"),
}  # fmt: skip
STATUS_WORDS = {
    "new": Words("新建", "New"), "open": Words("处理中", "In progress"),
    "waiting": Words("待用户补充", "Waiting for the user"),
    "handed_over": Words("已转交", "With another team"), "solved": Words("已解决", "Solved"),
    "closed": Words("已关闭", "Closed"), "spam": Words("垃圾", "Spam"),
}  # fmt: skip
UNSORTED = Words("未分类", "Not sorted")
NO_TEAM = Words("未分配", "No team")
COUNTED = Words("合并的工单计一次，垃圾不计", "merged tickets count once, spam is left out")


class TicketQuery(RecordQuery):
    """Tickets of a branch of the categories, a team, a severity, a channel; of all where nothing is said."""

    category: str = Field(default="", max_length=400)
    team: str = Field(default="", max_length=100)
    severity: Literal["", "urgent", "high", "normal", "low"] = ""
    channel: str = Field(default="", max_length=20)


def selected(query: TicketQuery, span: Span) -> QuerySet[Ticket]:
    rows = Ticket.objects.filter(product=span.product, merged_into=None, opened__lt=span.end)
    rows = rows.exclude(status=Status.SPAM)
    if query.category:
        branch = Q(category__path=query.category) | Q(
            category__path__startswith=f"{query.category}{BETWEEN}"
        )
        rows = rows.filter(branch)
    if query.team:
        rows = rows.filter(team__name=query.team)
    if query.severity:
        rows = rows.filter(severity=query.severity)
    if query.channel:
        rows = rows.filter(channel=query.channel)
    return rows


def received(query: TicketQuery, span: Span) -> QuerySet[Ticket]:
    return selected(query, span).filter(opened__gte=span.first)


def only(query: TicketQuery) -> Words:
    """The filters in words; empty where there are none."""
    said = [
        Words(f"分类“{query.category}”", f"category “{query.category}”")
        if query.category
        else None,
        Words(f"团队“{query.team}”", f"team “{query.team}”") if query.team else None,
        _named("严重程度为", "severity", SEVERITY_WORDS, query.severity),
        _named("渠道为", "channel", CHANNEL_WORDS, query.channel),
    ]
    found = [each for each in said if each is not None]
    if not found:
        return Words("", "")
    return Words(
        f"（只含{'、'.join(each.zh for each in found)}）",
        f" (only {', '.join(each.en for each in found)})",
    )


def _named(zh: str, en: str, words: dict[str, Words], value: str) -> Words | None:
    named = words.get(value)
    return Words(f"{zh}“{named.zh}”", f"{en} “{named.en}”") if named else None


def described(query: TicketQuery, zh: str, en: str) -> Words:
    """A definition with its filters and how tickets are counted."""
    filters = only(query)
    return Words(f"{zh}{filters.zh}；{COUNTED.zh}。", f"{en}{filters.en}; {COUNTED.en}.")


def address(query: TicketQuery) -> str:
    """The inbox, where the tickets themselves are."""
    return reverse("inbox:list", args=[query.product])


def ended(event: TicketEvent) -> bool:
    """Whether a change of status ended the work on a ticket."""
    was, now = event.data.get("from"), event.data.get("to")
    return was in ACTIVE and now in (Status.SOLVED, Status.CLOSED)


def resumed(event: TicketEvent) -> bool:
    """Whether work began anew."""
    was, now = event.data.get("from"), event.data.get("to")
    return was in (Status.SOLVED, Status.CLOSED) and now in ACTIVE


def status_changes(query: TicketQuery, span: Span, since: datetime) -> Iterator[TicketEvent]:
    """From a moment on, in order of tickets and time."""
    rows = TicketEvent.objects.filter(
        kind=TicketEvent.Kind.STATUS, at__gte=since, ticket__in=selected(query, span)
    )
    return rows.order_by("ticket_id", "at", "pk").only("ticket_id", "at", "data").iterator(5_000)


def speaker(ticket: Ticket) -> str:
    """Who speaks, as far as it is known: the person, else the id or address; else the ticket alone."""
    return next(
        (
            f"{name}:{value}"
            for name in ("person", "distinct_id", "email", "phone")
            if (value := getattr(ticket, name))
        ),
        f"ticket:{ticket.pk}",
    )


__all__ = [
    "ACTIVE",
    "CHANNEL_WORDS",
    "COUNTED",
    "NO_TEAM",
    "SEVERITIES",
    "SEVERITY_WORDS",
    "STATUS_WORDS",
    "UNSORTED",
    "Source",
    "TicketQuery",
    "address",
    "described",
    "ended",
    "only",
    "received",
    "resumed",
    "selected",
    "speaker",
    "status_changes",
]  # fmt: skip
