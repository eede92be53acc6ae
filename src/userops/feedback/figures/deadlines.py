"""The deadlines of tickets as the clocks keep them: when each was due, and whether it was kept (`clocks/ontime.py`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from userops.events.models import Product
from userops.feedback.clocks.models import Clock
from userops.feedback.clocks.ontime import Verdict, due_in, verdict_of
from userops.feedback.tickets.models import Status, Ticket, TicketEvent
from userops.records.figure import NoRecords, Span
from userops.words import Words

PROMISES = {
    "first": Words("首次答复", "First response"),
    "next": Words("后续答复", "Next response"),
    "resolution": Words("解决", "Resolution"),
    "team": Words("转交", "Handed over"),
}
WORST: tuple[Verdict, ...] = ("overdue", "late", "reopened", "in_time", "pending")
"""A ticket with several clocks of a kind counts by the first of these."""
REASONS = {
    "untaken": Words("到期时还没有人接手", "nobody had taken it when it was due"),
    "handed_over": Words("到期时在另一团队", "it lay with another team when it was due"),
    "answered": Words("到期时已答复、未解决", "it was answered but not solved when it was due"),
    "silent": Words("到期时有人负责、还没有答复", "it was taken but not answered when it was due"),
    "reopened": Words("7 天内重开", "it was reopened within 7 days"),
}


@dataclass(frozen=True, slots=True)
class Deadline:
    ticket: int
    promise: str
    due: datetime
    ended: datetime | None
    verdict: Verdict

    @property
    def in_time(self) -> bool | None:
        """None while it is neither done nor due."""
        return None if self.verdict == "pending" else self.verdict == "in_time"

    def late(self, now: datetime) -> float | None:
        """Seconds beyond the due time; None where it was kept at first."""
        end = self.ended or now
        return (end - self.due).total_seconds() if end > self.due else None


def reason_words(reason: str) -> Words:
    return REASONS[reason]


def deadlines_in(span: Span) -> list[Deadline]:
    """Those that fall in the range, by due time; of a ticket one resolution. Raises `NoRecords` where nothing was
    promised."""
    if not Clock.objects.filter(ticket__product=span.product).exists():
        raise NoRecords(
            "还没有时限：先在“时限”页面定下规则。",
            "Nothing is promised yet: make a policy on the page of deadlines.",
        )
    product = Product.objects.get(pk=span.product)
    found = [
        each
        for promise in PROMISES
        for each in _read(due_in(product, span.from_day, span.to_day, promise), span.now)
    ]
    return sorted(_once(found), key=lambda each: (each.due, each.ticket))


def deadlines_of(product: int, tickets: Sequence[int], now: datetime) -> dict[int, Deadline]:
    """The resolution of some tickets, as it is due last."""
    rows = Clock.objects.filter(
        ticket__product=product, ticket__in=tickets, kind=Clock.Kind.RESOLUTION, due__isnull=False
    ).exclude(state=Clock.State.CANCELLED)
    return {each.ticket: each for each in _read(rows.order_by("number"), now)}


def _read(clocks: Iterable[Clock], now: datetime) -> list[Deadline]:
    return [
        Deadline(clock.ticket_id, clock.kind, clock.due, clock.ended, verdict_of(clock, now))
        for clock in clocks
        if clock.due is not None
    ]


def _once(found: list[Deadline]) -> list[Deadline]:
    worst: dict[tuple[int, str, int], Deadline] = {}
    for place, each in enumerate(found):
        key = (each.ticket, each.promise, -1 if each.promise == "resolution" else place)
        old = worst.get(key)
        if old is None or WORST.index(each.verdict) < WORST.index(old.verdict):
            worst[key] = each
    return list(worst.values())


def reasons_of(missed: Sequence[Deadline]) -> list[str]:
    """Where each lay when it was due, by its history."""
    keys = [each.ticket for each in missed]
    answered = dict(Ticket.objects.filter(pk__in=keys).values_list("pk", "answered"))
    changes: dict[int, list[tuple[datetime, str]]] = {}
    rows = TicketEvent.objects.filter(ticket__in=keys, kind=TicketEvent.Kind.STATUS)
    for key, at, data in rows.order_by("at", "pk").values_list("ticket", "at", "data"):
        changes.setdefault(key, []).append((at, str(data.get("to"))))
    return [
        _reason(each, changes.get(each.ticket, []), answered.get(each.ticket)) for each in missed
    ]


def _reason(
    missed: Deadline, changes: list[tuple[datetime, str]], answered: datetime | None
) -> str:
    if missed.verdict == "reopened":
        return "reopened"
    status = next((to for at, to in reversed(changes) if at <= missed.due), str(Status.NEW))
    if status == Status.HANDED_OVER:
        return "handed_over"
    if missed.promise == "resolution" and answered is not None and answered <= missed.due:
        return "answered"
    return "untaken" if status == Status.NEW else "silent"
