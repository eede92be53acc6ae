"""Pages of tickets: each begins after the last row of the one before, so the last is as fast as the first."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from userops.events.models import Product
from userops.feedback.inbox.filters import ORDERS, Filters, beyond, place_of
from userops.feedback.tickets.models import Ticket
from userops.workspace.models import User

PAGE = 50
COUNTED = 1_000
"""More are not counted: “1,000+” says enough, and stays fast."""


@dataclass(frozen=True, slots=True)
class Found:
    """A page. `after` is the place of its last row where more follow; `total` counts to `COUNTED`."""

    rows: list[Ticket]
    after: str
    total: int

    @property
    def more(self) -> bool:
        return self.total > COUNTED


def page(
    filters: Filters, product: Product, user: User, *, after: str = "", limit: int = PAGE
) -> Found:
    """The tickets after a place; from the start for a place that is none."""
    tickets = filters.tickets(product, user)
    total = counted(tickets)
    rows = whole(tickets).order_by(*ORDERS[filters.order]).filter(beyond(filters.order, after))
    found = list(rows[: limit + 1])
    last = found[limit - 1] if len(found) > limit else None
    return Found(found[:limit], place_of(last, filters.order) if last else "", total)


def whole(tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """With all that a list shows of them, and no more."""
    return tickets.select_related("owner", "team", "category").defer(
        "text", "root_cause", "solution", "prevention", "device"
    )


def counted(tickets: QuerySet[Ticket]) -> int:
    """How many, up to one more than `COUNTED`."""
    return tickets.order_by()[: COUNTED + 1].count()
