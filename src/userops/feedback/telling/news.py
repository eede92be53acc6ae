"""Who wants no news of what he once asked for."""

from __future__ import annotations

from collections.abc import Callable

from userops.events.identity import Forest
from userops.events.models import Product
from userops.feedback.telling.models import OptOut
from userops.feedback.tickets.models import Ticket
from userops.feedback.tickets.users import Key, keys_of


def refused_keys(product: Product, forest: Forest) -> set[Key]:
    """All that those who want no news are known by, persons as they are now."""
    rows = list(OptOut.objects.filter(product=product).values_list("kind", "value"))
    forest.load([int(value) for kind, value in rows if kind == "person"])
    root: Callable[[str], str] = lambda value: str(forest.root(int(value)))  # noqa: E731
    return {(kind, root(value) if kind == "person" else value) for kind, value in rows}


def wants_no_news(ticket: Ticket) -> bool:
    forest = Forest(ticket.product_id)
    refused = refused_keys(ticket.product, forest)
    forest.load([] if ticket.person is None else [ticket.person])
    return not refused.isdisjoint(keys_of(ticket, forest.root))
