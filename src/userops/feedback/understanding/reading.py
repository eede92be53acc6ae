"""Reads tickets: what each says is kept beside it, and its empty fields are filled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from userops.events.models import Product
from userops.feedback.tickets.actions import Change, change_ticket
from userops.feedback.tickets.models import Severity, Ticket, TicketEvent
from userops.feedback.understanding.learning import learned_of
from userops.feedback.understanding.models import Method, Reading, Target
from userops.feedback.understanding.suggesting import Suggested, suggesting_for
from userops.feedback.understanding.words_of import words_of
from userops.text.reading import TextReading, read
from userops.text.sentiment import sentiment_of
from userops.text.severity import read as read_severity

_GRAVITY = {Severity.URGENT: 3, Severity.HIGH: 2, Severity.NORMAL: 1, Severity.LOW: 0}
_FIELDS = [field.name for field in Reading._meta.fields if field.name not in ("ticket", "applied")]


def read_tickets(product: Product, tickets: Sequence[Ticket], *, apply: bool) -> list[Reading]:
    """Read tickets of one product, all at once. `apply`: also set severity, complaint and a sure category;
    language and sentiment are filled in wherever they are unknown."""
    found = [read(words_of(ticket)) for ticket in tickets]
    masked = [each.masked for each in found]
    suggested = suggesting_for(product).suggest(masked)
    feelings = _feelings(product, masked, found)
    now = datetime.now(UTC)
    rows = [
        _row(ticket, own, guess, feeling, now)
        for ticket, own, guess, feeling in zip(tickets, found, suggested, feelings, strict=True)
    ]
    with transaction.atomic():
        Reading.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["ticket"], update_fields=_FIELDS
        )
        _fill(tickets, found, feelings)
    if apply:
        for ticket, row, guess in zip(tickets, rows, suggested, strict=True):
            _apply(ticket, row, guess)
    return rows


def read_message(event: TicketEvent) -> None:
    """What a user adds may make his ticket graver, never less grave."""
    if event.message is None:
        return
    found = read_severity(event.message.text, sentiment_of(event.message.text))
    ticket = event.ticket
    if _GRAVITY[Severity(found.level)] > max(_GRAVITY[Severity(ticket.severity)], 1):
        change_ticket(ticket, Change(severity=found.level), acting_user=None)


def _feelings(
    product: Product, masked: Sequence[str], found: Sequence[TextReading]
) -> list[tuple[str, str]]:
    """The feeling of each text and by which method: the lists know nothing of this trade's own words."""
    learned = learned_of(product, Target.SENTIMENT)
    if learned is None:
        return [(each.sentiment.feeling, Method.RULES) for each in found]
    return [(each[0].label, Method.MODEL) for each in learned.suggest(masked, top=1)]


def _row(
    ticket: Ticket, found: TextReading, guess: Suggested, feeling: tuple[str, str], now: datetime
) -> Reading:
    return Reading(
        ticket=ticket,
        at=now,
        score=found.sentiment.score,
        feeling=feeling[0],
        feeling_by=feeling[1],
        severity=found.severity.level,
        reason=found.severity.reason,
        intent=found.severity.intent,
        cues=list(found.severity.cues),
        keywords=list(found.keywords),
        personal=found.personal,
        category_id=guess.category,
        chance=guess.chance,
        method=guess.method,
        others=[list(each) for each in guess.others],
    )


def _fill(
    tickets: Sequence[Ticket], found: Sequence[TextReading], feelings: Sequence[tuple[str, str]]
) -> None:
    """Language and sentiment are not decisions: they are filled in without a line of history."""
    changed = []
    for ticket, own, (feeling, _method) in zip(tickets, found, feelings, strict=True):
        before = ticket.language, ticket.sentiment
        ticket.language = ticket.language or own.language or ""
        ticket.sentiment = ticket.sentiment or feeling
        if (ticket.language, ticket.sentiment) != before:
            changed.append(ticket)
    Ticket.objects.bulk_update(changed, ["language", "sentiment"], batch_size=500)


def _apply(ticket: Ticket, row: Reading, guess: Suggested) -> None:
    wanted: dict[str, Any] = {}
    if row.intent == "complaint" and not ticket.complaint:
        wanted["complaint"] = True
    if ticket.severity == Severity.NORMAL and row.severity != Severity.NORMAL:
        wanted["severity"] = row.severity
    if ticket.category_id is None and guess.sure and guess.category is not None:
        wanted["category"] = guess.category
    if not wanted:
        return
    change_ticket(ticket, Change(**wanted), acting_user=None)
    row.applied = sorted(wanted)
    row.save(update_fields=["applied"])
