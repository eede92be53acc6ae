"""How a ticket is changed: allowed, locked, changed, told. Every action goes this way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from userops.feedback.following import tell_followers
from userops.feedback.passing import once_in_a_pass
from userops.feedback.tickets.models import Message, Ticket, TicketEvent
from userops.workspace.access import check
from userops.workspace.log import note
from userops.workspace.models import User
from userops.workspace.roles import Permission

Kind = TicketEvent.Kind
_ON_BEHALF: ContextVar[Mapping[str, Any] | None] = ContextVar("on_behalf", default=None)


@contextmanager
def on_behalf_of(**who: Any) -> Iterator[None]:
    """What the desk itself writes meanwhile says whose doing it is, such as `rule`."""
    token = _ON_BEHALF.set(who)
    try:
        yield
    finally:
        _ON_BEHALF.reset(token)


def take(ticket: Ticket, acting_user: User | None) -> Ticket:
    """The ticket as it is now, kept from others until the transaction ends. Without `acting_user` it is
    the desk itself that acts. Raises `NotAllowed`, `NotFound`."""
    product = ticket.product
    if acting_user is not None:
        _check(acting_user, product, Permission.HANDLE_TICKETS)
    ticket.refresh_from_db(from_queryset=Ticket.objects.select_for_update())
    ticket.product = product  # a ticket never moves to another one
    return ticket


_check = once_in_a_pass(check)


def record(
    ticket: Ticket,
    kind: str,
    *,
    by: User | None,
    at: datetime | None = None,
    message: Message | None = None,
    data: Mapping[str, Any] | None = None,
) -> TicketEvent:
    """Write what happened into the history and the log, and tell those who follow."""
    details = {**(data or {}), **(_ON_BEHALF.get() or {})}
    event = TicketEvent.objects.create(
        ticket=ticket, kind=kind, by=by, at=at or datetime.now(UTC), message=message, data=details
    )
    note(by, f"ticket.{kind}", product=ticket.product, target=f"#{ticket.number}", **details)
    tell_followers(event)
    return event
