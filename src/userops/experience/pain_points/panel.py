"""The pain points that a ticket shows: a card of its page."""

from __future__ import annotations

from django.db.models import Q

from userops.evidence.linking import Thing, links_of
from userops.experience.pain_points.models import OPEN, PainPoint
from userops.feedback.panels import Panel
from userops.feedback.sorting.actions import BETWEEN
from userops.feedback.tickets.models import Ticket
from userops.feedback.topics.models import TopicTicket


def panel(ticket: Ticket) -> Panel | None:
    """Always there: a ticket is where a pain point begins."""
    points = points_of(ticket)
    others = PainPoint.objects.filter(product=ticket.product, status__in=OPEN)
    context = {"points": points, "others": [each for each in others if each not in points][:50]}
    return Panel("experience/pain_points/panel.html", context)


def points_of(ticket: Ticket) -> list[PainPoint]:
    """By its topic, its category or one above it, or a link."""
    linked = [
        other.key
        for _relation, other, _from in links_of(
            ticket.product, Thing("ticket", str(ticket.number)), relation="shown_by"
        )
        if other.kind == "pain_point" and other.key.isdecimal()
    ]
    which = Q(number__in=linked)
    topic = TopicTicket.objects.filter(ticket=ticket).values_list("topic", flat=True).first()
    if topic is not None:
        which |= Q(topic=topic)
    if ticket.category is not None:
        parts = ticket.category.path.split(BETWEEN)
        paths = [BETWEEN.join(parts[:depth]) for depth in range(1, len(parts) + 1)]
        which |= Q(category__path__in=paths)
    return list(PainPoint.objects.filter(which, product=ticket.product).distinct())
