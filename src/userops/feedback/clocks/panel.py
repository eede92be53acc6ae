"""The clocks of a ticket beside what was said."""

from __future__ import annotations

from datetime import UTC, datetime

from userops.feedback.clocks.badges import badge_of
from userops.feedback.clocks.models import Clock
from userops.feedback.panels import Panel
from userops.feedback.tickets.models import Ticket


def panel(ticket: Ticket) -> Panel | None:
    """Those that something was promised for."""
    now = datetime.now(UTC)
    rows = Clock.objects.filter(ticket=ticket, target__isnull=False).select_related(
        "team", "policy"
    )
    clocks = [(row, badge_of(row, now), row.overdue(now)) for row in rows]
    return Panel("feedback/clocks/panel.html", {"clocks": clocks}) if clocks else None
