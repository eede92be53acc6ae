"""Errands of requirements. The machine's own administrator does them."""

from __future__ import annotations

from typing import Any

from userops.events.store import Store
from userops.feedback.requirements import actions
from userops.feedback.requirements.announcing import carry_out
from userops.feedback.requirements.models import Requirement
from userops.feedback.requirements.ranking import ranked
from userops.feedback.requirements.reading import of_product, told, told_whole
from userops.feedback.tickets.reading import numbered
from userops.workspace.setup import local_admin


def listing(store: Store, *, product: str, status: str = "") -> list[dict[str, Any]]:
    """All of them, most asked for first."""
    found = store.product(product)
    rows = ranked(store, found, of_product(found))
    return [told(each) for each in rows if status in ("", each.requirement.status)]


def show(store: Store, *, product: str, number: int) -> dict[str, Any]:
    """One, with who would be told and its history. Raises `NotFound`."""
    return _told(store, actions.found(store.product(product), number))


def create(
    store: Store, *, product: str, title: str, title_en: str = "", description: str = "",
    reference: str = "", address: str = "",
) -> dict[str, Any]:  # fmt: skip
    """A planned one. Raises `Refused`."""
    wanted = actions.Wanted(title, title_en, description, reference, address)
    return _told(store, actions.create(store.product(product), wanted, acting_user=local_admin()))


def link(
    store: Store, *, product: str, number: int, tickets: list[int], away: bool = False
) -> dict[str, Any]:
    """Tickets that ask for it, or (`away`) do so no longer. Raises `Refused`, `NotFound`."""
    row = actions.found(store.product(product), number)
    if away:
        for each in tickets:
            actions.unlink_ticket(row, each, acting_user=local_admin())
    else:
        actions.link_tickets(row, tickets, acting_user=local_admin())
    return _told(store, row)


def move(
    store: Store, *, product: str, number: int, status: str, version: str | None = None
) -> dict[str, Any]:
    """How far it is. Raises `Refused`, `NotFound`."""
    row = actions.found(store.product(product), number)
    row = actions.set_status(row, status, version=version, acting_user=local_admin())
    return _told(store, row)


def tell(
    store: Store, *, product: str, number: int, ticket: int | None = None, again: bool = False
) -> dict[str, Any]:
    """Tell who asked and does not know yet, now; messages leave by the server. `again`: what did not leave, or may not
    have arrived, leaves once more. Raises `Refused`, `NotFound`."""
    row = actions.found(store.product(product), number)
    if again:
        actions.send_again(row, acting_user=local_admin())
        return _told(store, row)
    one = numbered(row.product, ticket) if ticket is not None else None
    carry_out(actions.announce(row, ticket=one, acting_user=local_admin()))
    return _told(store, row)


def _told(store: Store, row: Requirement) -> dict[str, Any]:
    row = actions.found(row.product, row.number)
    return told_whole(ranked(store, row.product, [row])[0])
