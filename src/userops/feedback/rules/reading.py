"""Rules as pages and programs find them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Count, Max, Q, QuerySet

from userops.errors import NotFound
from userops.events.models import Product
from userops.feedback.rules.models import Rule, RuleFiring
from userops.words import Words

LATELY = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Counts:
    """Of the last 30 days."""

    fired: int = 0
    partly: int = 0
    held: int = 0
    last: datetime | None = None


def counts_of(product: Product, now: datetime | None = None) -> dict[int, Counts]:
    """By rule, in one question."""
    since = (now or datetime.now(UTC)) - LATELY
    rows = RuleFiring.objects.filter(product=product, at__gt=since, rule__isnull=False)
    held = Q(state=RuleFiring.State.HELD)
    found = rows.order_by().values("rule").annotate(
        fired=Count("pk", filter=~held), partly=Count("pk", filter=Q(state="partly")),
        held=Count("pk", filter=held), last=Max("at"),
    )  # fmt: skip
    return {
        each["rule"]: Counts(each["fired"], each["partly"], each["held"], each["last"])
        for each in found
    }


def rule_named(product: Product, name: str) -> Rule:
    """By its name, or its key as digits. Raises `NotFound`."""
    rows = Rule.objects.filter(product=product).select_related("product")
    found = rows.filter(name=name).first()
    if found is None and name.isdecimal() and len(name) < 16:
        found = rows.filter(pk=int(name)).first()
    if found is None:
        raise NotFound(
            Words(f"没有规则“{name[:60]}”。", f"There is no rule “{name[:60]}”."),
            code="rule_not_found",
            hint=Words(
                "可用的规则可在规则列表中查看。", "The list of rules tells which there are."
            ),
        )
    return found


def log_of(
    product: Product, *, rule: int | None = None, ticket: int | None = None, state: str = ""
) -> QuerySet[RuleFiring]:
    """What fired, the newest first."""
    rows = RuleFiring.objects.filter(product=product).select_related("ticket", "rule")
    if rule is not None:
        rows = rows.filter(rule=rule)
    if ticket is not None:
        rows = rows.filter(ticket__number=ticket)
    return rows.filter(state=state) if state else rows
