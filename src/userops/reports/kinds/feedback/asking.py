"""The questions of the feedback reports: figures of the desk over the period, with the filters that were chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from userops.analyses.answering import Source
from userops.events.models import Product
from userops.feedback.figures.selecting import CHANNEL_WORDS, SEVERITIES
from userops.feedback.sorting.models import Category, Team
from userops.feedback.tickets.models import Ticket
from userops.reports.outline import NotComputable
from userops.reports.periods import Period
from userops.reports.settings import Setting, number, text
from userops.reports.subject import Subject
from userops.words import Words

FILTERS = ("category", "team", "severity", "channel")
SETTINGS: Mapping[str, Setting] = {
    each.name: each
    for each in (
        text(
            "category", Words("只含分类", "Only the category"),
            lambda product: list(Category.objects.filter(product=product).values_list("path", flat=True)),
            Words("含其下级", "with what is below it"),
        ),
        text(
            "team", Words("只含团队", "Only the team"),
            lambda product: list(Team.objects.filter(product=product).values_list("name", flat=True)),
            Words("", ""),
        ),
        text(
            "severity", Words("只含严重程度", "Only the severity"), lambda _product: list(SEVERITIES),
            Words("urgent、high、normal、low", "urgent, high, normal, low"),
        ),
        text(
            "channel", Words("只含渠道", "Only the channel"), lambda _product: list(CHANNEL_WORDS),
            Words("", ""),
        ),
    )
}  # fmt: skip
TARGETS: Mapping[str, Setting] = {
    each.name: each
    for each in (
        number(
            "target_on_time", Words("按时处理目标", "Target: in time"), 95, 0, 100, Words("百分比", "per cent")
        ),
        number(
            "target_satisfaction", Words("满意度目标", "Target: satisfaction"), 80, 0, 100,
            Words("0–100", "0–100"),
        ),
        number(
            "minimum", Words("下结论的最少样本", "Fewest to conclude from"), 30, 1, 10_000,
            Words("少于此数写“数据不足”", "below it: too few to conclude"),
        ),
    )
}  # fmt: skip


def collected(
    product: Product, _period: Period, _source: Source, _now: datetime
) -> tuple[date | None, date | None]:
    """From the day of the first ticket on."""
    first = (
        Ticket.objects.filter(product=product)
        .order_by("opened")
        .values_list("opened", flat=True)
        .first()
    )
    return (first.astimezone(ZoneInfo(product.timezone)).date() if first else None), None


def of_tickets(kind: str) -> Callable[[Subject], dict[str, Any]]:
    """A figure of the desk with the report's filters."""

    def ask(subject: Subject) -> dict[str, Any]:
        if subject.first_day is None or subject.first_day > subject.period.last:
            raise NotComputable("本期还没有工单。", "There are no tickets in the period.")
        filters = {name: subject.chosen[name] for name in FILTERS if subject.chosen.get(name)}
        return {"kind": kind, **filters}

    return ask


def of_tickets_before(kind: str) -> Callable[[Subject], dict[str, Any]]:
    """The same of the period before, where tickets reach back over all of it."""

    def ask(subject: Subject) -> dict[str, Any]:
        if not subject.before_is_whole:
            raise NotComputable(
                "工单没有覆盖整个上期，不作环比。",
                "Tickets do not reach back over the whole period before.",
            )
        return of_tickets(kind)(subject)

    return ask


def of_all(kind: str) -> Callable[[Subject], dict[str, Any]]:
    """A figure of surveys or pain points. They know nothing of categories, teams and channels: with such a filter there
    is none."""

    def ask(subject: Subject) -> dict[str, Any]:
        if any(subject.chosen.get(name) for name in FILTERS):
            raise NotComputable(
                "报告按工单筛选，这张图表不随之筛选，故不出。",
                "The report is filtered by tickets; this figure is not, so it is left out.",
            )
        return {"kind": kind}

    return ask
