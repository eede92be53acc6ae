"""Who is told of everything that happens to a ticket: one list, in this order.

Each follower is a function of one `TicketEvent`, called in the transaction that wrote it: what it writes
stands or falls with the event, and what takes long it puts into the queue (`transaction.on_commit`).
"""

from __future__ import annotations

from django.utils.module_loading import import_string

from userops.feedback.tickets.models import TicketEvent

FOLLOWERS: tuple[str, ...] = (
    "userops.feedback.tickets.searching.follow",
    "userops.feedback.tickets.sending.follow",
    "userops.feedback.clocks.keeping.follow",
    "userops.feedback.telling.following.follow",
    "userops.feedback.tickets.telling.follow",
    "userops.feedback.understanding.following.follow",
    "userops.feedback.topics.following.follow",
)


def tell_followers(event: TicketEvent) -> None:
    for name in FOLLOWERS:
        import_string(name)(event)
