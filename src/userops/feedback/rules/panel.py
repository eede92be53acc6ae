"""What rules did to a ticket, beside what was said."""

from __future__ import annotations

from userops.feedback.panels import Panel
from userops.feedback.rules.models import RuleFiring
from userops.feedback.rules.options import Options
from userops.feedback.rules.showing import firing_shown
from userops.feedback.tickets.models import Ticket

SHOWN = 5


def panel(ticket: Ticket) -> Panel | None:
    """The last firings, with their reasons."""
    rows = list(RuleFiring.objects.filter(ticket=ticket).order_by("-at", "-pk")[:SHOWN])
    if not rows:
        return None
    options = Options(ticket.product)
    firings = [firing_shown(each, options) for each in rows]
    return Panel("feedback/rules/panel.html", {"firings": firings})
