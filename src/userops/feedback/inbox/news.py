"""What changed since an open inbox was read: only rows that changed, and only where they belong.

Every change of a ticket adds to its history, so the newest key there says whether there is news at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection
from django.db.models import Q

from userops.events.models import Product
from userops.feedback.inbox.filters import Filters
from userops.feedback.inbox.listing import whole
from userops.feedback.tickets.models import Ticket, TicketEvent
from userops.workspace.models import User

MOST = 200
"""Changes; after more than that the list is read anew."""
OPEN, OPEN_KEYS = timedelta(seconds=15), 200
"""Where writers do not wait for each other, a transaction may end after one that began later: what is as
young as this, and stands so few keys back, is told again."""


@dataclass(frozen=True, slots=True)
class News:
    """Changed tickets that stand in the list, and numbers of those that do not (any more)."""

    here: list[Ticket]
    gone: list[int]


def newest() -> tuple[int, str]:
    """The key to ask from next time, and what names this state of the desk."""
    row = TicketEvent.objects.order_by("-pk").values_list("pk", "at").first()
    return (row[0], f"{row[0]}-{row[1].timestamp():.6f}") if row else (0, "")


def news(filters: Filters, product: Product, user: User, since: int) -> News | None:
    """What changed after the event `since`; nothing when that is too much to tell."""
    after = Q(pk__gt=since)
    if connection.vendor != "sqlite":
        after |= Q(pk__gt=since - OPEN_KEYS, at__gt=datetime.now(UTC) - OPEN)
    events = TicketEvent.objects.filter(after).order_by("pk")
    keys = list(events.values_list("ticket", flat=True)[: MOST + 1])
    if len(keys) > MOST:
        return None
    rows = Ticket.objects.filter(pk__in=set(keys)).values_list("pk", "number", "product")
    changed = {pk: number for pk, number, where in rows if where == product.pk}
    here = list(whole(filters.tickets(product, user, changed.keys()))) if changed else []
    gone = {*changed.values()} - {each.number for each in here}
    return News(here, sorted(gone))
