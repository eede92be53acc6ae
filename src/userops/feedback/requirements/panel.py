"""The requirements that a ticket asks for: a card of its page."""

from __future__ import annotations

from userops.feedback.panels import Panel
from userops.feedback.requirements.asking import NOT_TOLD, Askers
from userops.feedback.requirements.linking import requirements_of
from userops.feedback.requirements.models import OPEN, Requirement, Status
from userops.feedback.tickets.family import members_of
from userops.feedback.tickets.models import Ticket
from userops.words import Words

OFFERED = 100


def panel(ticket: Ticket) -> Panel | None:
    """Always there: a ticket is where a requirement begins. Of one that has shipped it says whether this user was
    told, or why not; where he was not, the answer is offered."""
    linked = requirements_of(members_of(ticket))
    others = Requirement.objects.filter(product=ticket.product).exclude(
        pk__in=[each.pk for each in linked]
    )
    offered = sorted(others[:OFFERED], key=lambda each: each.status not in OPEN)
    rows = [(each, *_standing(each, ticket)) for each in linked]
    return Panel("feedback/requirements/panel.html", {"rows": rows, "others": offered})


def _standing(requirement: Requirement, ticket: Ticket) -> tuple[str, Words | None]:
    """How the user of the ticket stands to one that shipped: a state, and why he is not told."""
    if requirement.status != Status.SHIPPED:
        return "", None
    requirement.product = ticket.product
    askers = Askers(ticket.product).of(requirement)
    mine = next((each for each in askers if any(one.pk == ticket.pk for one in each.tickets)), None)
    return (mine.state, NOT_TOLD.get(mine.state)) if mine else ("", None)
