"""What was read in a ticket: a card of its page."""

from __future__ import annotations

from userops.feedback.panels import Panel
from userops.feedback.sorting.models import Category
from userops.feedback.tickets.models import Sentiment, Severity, Ticket
from userops.feedback.understanding.models import Reading
from userops.feedback.understanding.naming import INTENTS, REASONS
from userops.text.personal_data import KINDS


def panel_of(ticket: Ticket) -> Panel | None:
    """Nothing until it is read."""
    reading = Reading.objects.filter(ticket=ticket).select_related("category").first()
    if reading is None:
        return None
    context = {
        "reading": reading,
        "feeling": Sentiment(reading.feeling).label,
        "severity": Severity(reading.severity).label,
        "intent": INTENTS[reading.intent],
        "reason": REASONS.get(reading.reason, ""),
        "others": Category.objects.filter(pk__in=[key for key, _chance in reading.others]),
        "categories": Category.objects.filter(product=ticket.product_id, active=True),
        "feelings": Sentiment.choices,
        "personal": [(KINDS[kind], count) for kind, count in reading.personal.items()],
    }
    return Panel("feedback/understanding/panel.html", context)
