"""What happens to a ticket teaches: it is read when it comes, and what members decide is a lesson."""

from __future__ import annotations

from django.db import transaction

from userops.feedback.tickets.models import TicketEvent
from userops.feedback.understanding.models import Lesson, Reading, Target

Kind = TicketEvent.Kind


def follow(event: TicketEvent) -> None:
    """Called for every event of a ticket, in its transaction."""
    from userops.feedback.understanding import tasks

    key, number = event.ticket_id, event.pk
    if event.kind in (Kind.OPENED, Kind.SPLIT):
        transaction.on_commit(lambda: tasks.read_ticket(key) and None)
    elif event.kind == Kind.RECEIVED:
        transaction.on_commit(lambda: tasks.read_again(number) and None)
    if event.by_id is not None:
        _remember(event)


def _remember(event: TicketEvent) -> None:
    """A member chose a category or corrected a sentiment."""
    ticket = event.ticket
    if event.kind == Kind.OPENED and ticket.category_id is not None:
        teach(event, Target.CATEGORY, str(ticket.category_id))
    elif event.kind == Kind.CHANGED and event.data.get("field") in Target.values:
        teach(event, event.data["field"], str(event.data["to"] or ""))


def teach(event: TicketEvent, target: str, label: str) -> None:
    """Keep what was decided beside what had been suggested; nothing chosen takes the lesson away."""
    from userops.feedback.understanding import tasks

    if not label:
        Lesson.objects.filter(ticket=event.ticket_id, target=target).delete()
        return
    reading = Reading.objects.filter(ticket=event.ticket_id).first()
    Lesson.objects.update_or_create(
        ticket=event.ticket,
        target=target,
        defaults={"label": label, "by": event.by, "at": event.at, **_suggested(reading, target)},
    )
    product = event.ticket.product_id
    transaction.on_commit(lambda: tasks.learn_if_due(product, target) and None)


def _suggested(reading: Reading | None, target: str) -> dict[str, object]:
    if reading is None:
        return {"suggested": "", "chance": None, "method": ""}
    if target == Target.SENTIMENT:
        return {"suggested": reading.feeling, "chance": None, "method": reading.feeling_by}
    suggested = str(reading.category_id or "")
    return {"suggested": suggested, "chance": reading.chance, "method": reading.method}
