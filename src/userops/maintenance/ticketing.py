"""Errands of tickets: found, shown, answered, noted, changed. The machine's own administrator does them."""

from __future__ import annotations

from typing import Any

from userops.events.store import Store
from userops.feedback.inbox import listing
from userops.feedback.inbox.filters import Filters
from userops.feedback.tickets import actions
from userops.feedback.tickets.actions import Change, Incoming
from userops.feedback.tickets.reading import numbered, told, told_whole
from userops.workspace.setup import local_admin


def found(
    store: Store, *, product: str, limit: int = 50, after: str = "", **filters: str
) -> dict[str, Any]:
    """A page of tickets, as the inbox finds them, and the cursor of the next."""
    page = listing.page(
        Filters.exactly(filters), store.product(product), local_admin(), after=after, limit=limit
    )
    items = [told(each, whole=True) for each in page.rows]
    return {"total": page.total, "after": page.after, "items": items}


def show(store: Store, *, product: str, ticket: int) -> dict[str, Any]:
    """With messages, history and links. Raises `NotFound`."""
    return told_whole(numbered(store.product(product), ticket), whole=True)


def make(store: Store, *, product: str, text: str, **known: Any) -> dict[str, Any]:
    """A new ticket, written down for a user. Raises `Refused`."""
    words = Incoming(text, **known)
    made = actions.open_ticket(store.product(product), words, acting_user=local_admin())
    return told(made, whole=True)


def answer(
    store: Store, *, product: str, ticket: int, text: str, status: str = ""
) -> dict[str, Any]:
    """Words to the user. Raises `NotFound`, `Refused`."""
    row = numbered(store.product(product), ticket)
    actions.answer(row, text, status=status, acting_user=local_admin())
    return told(row, whole=True)


def add_note(store: Store, *, product: str, ticket: int, text: str) -> dict[str, Any]:
    """Words among members. Raises `NotFound`, `Refused`."""
    row = numbered(store.product(product), ticket)
    actions.add_note(row, text, acting_user=local_admin())
    return told(row, whole=True)


def change(store: Store, *, product: str, ticket: int, **wanted: Any) -> dict[str, Any]:
    """Change what is given. Raises `NotFound`, `Refused`."""
    row = numbered(store.product(product), ticket)
    actions.change_ticket(row, Change(**wanted), acting_user=local_admin())
    return told(row, whole=True)


def merge(store: Store, *, product: str, ticket: int, others: list[int]) -> dict[str, Any]:
    """The matter of the others goes on in this one. Raises `NotFound`, `Refused`."""
    home = store.product(product)
    row = numbered(home, ticket)
    actions.merge(row, [numbered(home, each) for each in others], acting_user=local_admin())
    return told(row, whole=True)


def unmerge(store: Store, *, product: str, ticket: int) -> dict[str, Any]:
    """A merged ticket goes on by itself again. Raises `NotFound`, `Refused`."""
    row = numbered(store.product(product), ticket)
    actions.unmerge(row, acting_user=local_admin())
    return told(row, whole=True)
