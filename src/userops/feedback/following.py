"""Who is told of everything that happens to a ticket: one list, in this order.

Each follower is a function of one `TicketEvent`, called in the transaction that wrote it: what it writes
stands or falls with the event, and what takes long it puts into the queue (`transaction.on_commit`).
"""

from __future__ import annotations

from typing import Any

from django.utils.module_loading import import_string

from userops.feedback.tickets.models import Ticket, TicketEvent

FOLLOWERS: tuple[str, ...] = (
    "userops.feedback.tickets.searching.follow",
    "userops.feedback.tickets.sending.follow",
    "userops.feedback.clocks.keeping.follow",
    "userops.feedback.telling.following.follow",
    "userops.feedback.tickets.telling.follow",
    "userops.feedback.understanding.following.follow",
    "userops.feedback.topics.following.follow",
    "userops.feedback.rules.following.follow",
)
READ: tuple[str, ...] = ("userops.feedback.rules.following.follow_reading",)
"""Functions of a ticket whose first words have been read (`understanding`)."""
ALARMED: tuple[str, ...] = ("userops.feedback.rules.following.follow_alarm",)
"""Functions of an alarm of a deadline (`clocks/alarming.py`), in its transaction."""


def tell_followers(event: TicketEvent) -> None:
    for name in FOLLOWERS:
        import_string(name)(event)


def tell_read(ticket: Ticket) -> None:
    for name in READ:
        import_string(name)(ticket)


def tell_alarmed(alarm: Any) -> None:
    for name in ALARMED:
        import_string(name)(alarm)
