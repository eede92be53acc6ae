"""Pages of tickets: each begins after the last row of the one before, so the last is as fast as the first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Q, QuerySet

from userops.events.models import Product
from userops.feedback.inbox.filters import ORDERS, Filters
from userops.feedback.tickets.models import Ticket
from userops.workspace.models import User

PAGE = 50
COUNTED = 1_000
"""More are not counted: “1,000+” says enough, and stays fast."""


@dataclass(frozen=True, slots=True)
class Found:
    """A page. `after` is the cursor of the next one; `total` counts to `COUNTED`."""

    rows: list[Ticket]
    after: str
    total: int

    @property
    def more(self) -> bool:
        return self.total > COUNTED


def page(
    filters: Filters, product: Product, user: User, *, after: str = "", limit: int = PAGE
) -> Found:
    """The tickets after a cursor; from the start for a cursor that is none."""
    tickets = filters.tickets(product, user)
    total = counted(tickets)
    column, _key = ORDERS[filters.order]
    rows = tickets.order_by(*ORDERS[filters.order]).filter(_beyond(column, after))
    rows = rows.select_related("owner", "team", "category").defer("text", "solution", "device")
    found = list(rows[: limit + 1])
    last = found[limit - 1] if len(found) > limit else None
    return Found(found[:limit], _cursor(last, column) if last else "", total)


def counted(tickets: QuerySet[Ticket]) -> int:
    """How many, up to one more than `COUNTED`."""
    return tickets.order_by()[: COUNTED + 1].count()


def _cursor(ticket: Ticket, column: str) -> str:
    moment: datetime = getattr(ticket, column.lstrip("-"))
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%S.%f}_{ticket.pk}"


def _beyond(column: str, cursor: str) -> Q:
    written, _mark, key = cursor.partition("_")
    try:
        moment = datetime.strptime(written, "%Y%m%dT%H%M%S.%f").replace(tzinfo=UTC)
        last = int(key)
    except ValueError:
        return Q()
    name, way = column.lstrip("-"), "lt" if column.startswith("-") else "gt"
    tie = Q(**{name: moment, f"pk__{way}": last})
    # the first part lets the index find the place at once
    return Q(**{f"{name}__{way}e": moment}) & (Q(**{f"{name}__{way}": moment}) | tie)


def version(product: Product) -> str:
    """Changes with every change of a ticket: what open pages compare."""
    newest = Ticket.objects.filter(product=product).order_by("-updated", "-pk")
    row = newest.values_list("pk", "updated").first()
    return f"{row[0]}.{row[1].timestamp():.6f}" if row else ""


@dataclass(frozen=True, slots=True)
class Pile:
    """A tab of the inbox."""

    name: str
    filters: Filters
    total: int


PILES: dict[str, Filters] = {
    "all": Filters(),
    "mine": Filters(owner="me"),
    "team": Filters(team="me"),
    "unassigned": Filters(owner="none"),
    "late": Filters(late="yes", order="due"),
}


def piles(product: Product, user: User) -> list[Pile]:
    """The tabs with how many wait in each."""
    return [
        Pile(name, filters, counted(filters.tickets(product, user)))
        for name, filters in PILES.items()
    ]
