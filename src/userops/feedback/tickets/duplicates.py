"""Tickets that may be about the same matter: those whose words overlap, and those of the same user."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from userops.feedback.tickets.models import Status, Ticket
from userops.feedback.tickets.searching import newest_with_any, tokens

ALIKE = 0.35
"""Share of words in common (of all words of the two) from which two tickets are shown as alike."""
LOOKED_AT = 200
SHOWN = 5
ASKED = 12
"""Words that are looked for: the longest, which say most."""


@dataclass(frozen=True, slots=True)
class Alike:
    """`overlap`: words in common over all words of both, from 0 to 1."""

    ticket: Ticket
    overlap: float


def duplicates_of(ticket: Ticket) -> list[Alike]:
    """The newest tickets with words like these, the most alike first; merged ones and spam are not."""
    own = set(tokens(f"{ticket.subject}\n{ticket.text}"))
    if not own:
        return []
    asked = sorted(own, key=lambda each: (-len(each), each))[:ASKED]
    candidates = _others(ticket).filter(pk__in=newest_with_any(asked, LOOKED_AT))
    # two columns of many, and the tickets of the few that are shown
    overlaps = {
        key: _overlap(own, set(tokens(f"{subject}\n{text}")))
        for key, subject, text in candidates.values_list("pk", "subject", "text")
    }
    near = [key for key, overlap in overlaps.items() if overlap >= ALIKE]
    first = sorted(near, key=lambda key: (-overlaps[key], -key))[:SHOWN]
    found = Ticket.objects.in_bulk(first)
    return [Alike(found[key], overlaps[key]) for key in first if key in found]


def _overlap(own: set[str], theirs: set[str]) -> float:
    return len(own & theirs) / len(own | theirs)


def same_speaker(ticket: Ticket) -> list[Ticket]:
    """The newest other tickets of the same user, by person, id or contact."""
    rows = Ticket.objects.filter(product=ticket.product_id).exclude(pk=ticket.pk)
    found: dict[int, datetime] = {}
    # one question for each, so that each takes its own index; put in order here, or SQLite walks all by their time
    for name in ("person", "distinct_id", "email", "phone"):
        value = getattr(ticket, name)
        if value not in (None, ""):
            same = rows.filter(**{name: value}).order_by().values_list("pk", "opened")
            found |= dict(same)
    newest = sorted(found, key=lambda key: (found[key], key), reverse=True)[:SHOWN]
    tickets = Ticket.objects.in_bulk(newest)
    return [tickets[key] for key in newest if key in tickets]


def _others(ticket: Ticket) -> QuerySet[Ticket]:
    rows = Ticket.objects.filter(product=ticket.product_id, merged_into=None)
    return rows.exclude(pk=ticket.pk).exclude(status=Status.SPAM)
