"""How much was in time: clocks whose due time falls into a period, open ones included.

On time = in time ÷ (in time + late + open and overdue). The resolution of a ticket counts once for each
ticket, and one that was reopened within seven days was not in time. Spam, merged and cancelled ones are
left out. Without anything due there is no rate.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from userops.events.models import Product
from userops.feedback.clocks.models import Clock
from userops.feedback.tickets.models import Status
from userops.stats.proportions import wilson
from userops.words import Words

HOLDS = timedelta(days=7)
"""A solution must hold for so long."""
Verdict = Literal["in_time", "late", "overdue", "reopened", "pending"]
REASONS: dict[str, Words] = {
    "late": Words("超时完成", "Done late"),
    "overdue": Words("超时未完成", "Overdue and open"),
    "reopened": Words("7 天内重新打开", "Reopened within 7 days"),
}


@dataclass(frozen=True, slots=True)
class OnTime:
    """`k` of `n`; `provisional`: of k, those solved less than seven days ago, which may still be reopened;
    `pending`: due in the period but not yet, not in n."""

    kind: str
    k: int
    n: int
    late: int
    overdue: int
    reopened: int
    provisional: int
    pending: int

    @property
    def share(self) -> float | None:
        return self.k / self.n if self.n else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson, 95%."""
        return wilson(self.k, self.n) if self.n else None


@dataclass(frozen=True, slots=True)
class Missed:
    """A clock that was not in time, and why; `over`: by the wall clock."""

    clock: Clock
    reason: Words
    over: timedelta | None


def on_time(
    product: Product, first: date, last: date, kind: str = "resolution", now: datetime | None = None
) -> OnTime:
    """Of clocks due from the day `first` to `last`, both included, in the product's time zone."""
    now = now or datetime.now(UTC)
    by_ticket: dict[int, list[Verdict]] = {}
    provisional: set[int] = set()
    for clock in due_in(product, first, last, kind).iterator():
        key = clock.ticket_id if kind == "resolution" else clock.pk
        verdict = verdict_of(clock, now)
        by_ticket.setdefault(key, []).append(verdict)
        if (
            verdict == "in_time"
            and kind == "resolution"
            and clock.ended
            and clock.ended > now - HOLDS
        ):
            provisional.add(key)
    worst = {key: _worst(found) for key, found in by_ticket.items()}
    counts = {name: sum(each == name for each in worst.values()) for name in _ORDER}
    return OnTime(
        kind=kind,
        k=counts["in_time"],
        n=len(worst) - counts["pending"],
        late=counts["late"],
        overdue=counts["overdue"],
        reopened=counts["reopened"],
        provisional=sum(worst[key] == "in_time" for key in provisional),
        pending=counts["pending"],
    )


_ORDER: tuple[Verdict, ...] = ("overdue", "late", "reopened", "in_time", "pending")


def _worst(found: Iterable[Verdict]) -> Verdict:
    return min(found, key=_ORDER.index)


def verdict_of(clock: Clock, now: datetime) -> Verdict:
    """How one clock counts."""
    if clock.ended is None:
        return "overdue" if clock.overdue(now) else "pending"
    if clock.state == Clock.State.LATE:
        return "late"
    if (
        clock.kind == Clock.Kind.RESOLUTION
        and clock.reopened is not None
        and clock.reopened <= clock.ended + HOLDS
    ):
        return "reopened"
    return "in_time"


def due_in(product: Product, first: date, last: date, kind: str) -> QuerySet[Clock]:
    """The clocks that count for a period."""
    zone = ZoneInfo(product.timezone)
    begin = datetime.combine(first, time(0), tzinfo=zone).astimezone(UTC)
    end = datetime.combine(last + timedelta(days=1), time(0), tzinfo=zone).astimezone(UTC)
    rows = Clock.objects.filter(ticket__product=product, kind=kind, due__gte=begin, due__lt=end)
    left_out = (
        Q(state=Clock.State.CANCELLED)
        | Q(ticket__status=Status.SPAM)
        | Q(ticket__merged_into__isnull=False)
    )
    return rows.exclude(left_out)


def missed_in(
    product: Product, first: date, last: date, kind: str, now: datetime, most: int
) -> list[Missed]:
    """Those that were not in time, the latest due first."""
    rows = due_in(product, first, last, kind).select_related(
        "ticket__owner", "ticket__team", "policy"
    )
    found = []
    for clock in rows.order_by("-due", "-pk"):
        verdict = verdict_of(clock, now)
        if verdict in REASONS:
            end = clock.ended or now
            over = end - clock.due if clock.due and end > clock.due else None
            found.append(Missed(clock, REASONS[verdict], over))
            if len(found) == most:
                break
    return found
