"""A model's summary of a ticket: a card of its page, where a model is switched on or has written."""

from __future__ import annotations

from userops.feedback.panels import Panel
from userops.feedback.tickets.models import Ticket
from userops.feedback.wording.models import Kind
from userops.feedback.wording.using import is_on
from userops.feedback.wording.writing import words_about


def panel_of(ticket: Ticket) -> Panel | None:
    words, on = (
        words_about(ticket.product_id, Kind.TICKET, str(ticket.number)),
        is_on(ticket.product),
    )
    if words is None and not on:
        return None
    context = {"words": words, "on": on, "kind": Kind.TICKET.value, "key": ticket.number}
    return Panel("feedback/wording/card.html", context)
