"""A new ticket joins the topic nearest to it."""

from __future__ import annotations

from django.db import transaction

from userops.feedback.tickets.models import TicketEvent
from userops.feedback.topics.models import TopicState


def follow(event: TicketEvent) -> None:
    """Called for every event of a ticket, in its transaction."""
    from userops.feedback.topics import tasks

    if event.kind not in (TicketEvent.Kind.OPENED, TicketEvent.Kind.SPLIT):
        return
    product, ticket = event.ticket.product_id, event.ticket_id
    if TopicState.objects.filter(product=product).exclude(grown=None).exists():
        transaction.on_commit(lambda: tasks.place(ticket) and None)
