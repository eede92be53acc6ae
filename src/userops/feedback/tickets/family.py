"""Tickets that were merged: a tree under the one in which the matter goes on."""

from __future__ import annotations

from userops.feedback.tickets.models import Ticket

DEEPEST = 50


def top_of(ticket: Ticket) -> Ticket:
    """The ticket in which this matter goes on: itself, unless it was merged."""
    for _step in range(DEEPEST):
        if ticket.merged_into is None:
            break
        ticket = ticket.merged_into
    return ticket


def members_of(ticket: Ticket) -> list[Ticket]:
    """A ticket and all that were merged into it, directly or through others; itself first."""
    found = [ticket]
    level = [ticket.pk]
    for _step in range(DEEPEST):
        children = list(Ticket.objects.filter(merged_into__in=level).order_by("number"))
        if not children:
            break
        found += children
        level = [each.pk for each in children]
    return found
