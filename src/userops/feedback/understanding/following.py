"""What happens to a ticket teaches: it is read when it comes, and what members decide is a lesson."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import transaction

from userops.feedback.passing import SOON, after_commit
from userops.feedback.tickets.models import Source, Ticket, TicketEvent
from userops.feedback.understanding.models import Lesson, Reading, Target
from userops.workspace.models import User

Kind = TicketEvent.Kind


def follow(event: TicketEvent) -> None:
    """Called for every event of a ticket, in its transaction."""
    from userops.feedback.understanding import tasks

    key, number = event.ticket_id, event.pk
    if event.kind in (Kind.OPENED, Kind.SPLIT):
        # a file brings thousands: whoever just wrote is read before them
        soon = 0 if event.ticket.channel == Source.IMPORT else SOON
        transaction.on_commit(lambda: tasks.read_ticket(key, priority=soon) and None)
    elif event.kind == Kind.RECEIVED:
        transaction.on_commit(lambda: tasks.read_again(number, priority=SOON) and None)
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
    if not label:
        Lesson.objects.filter(ticket=event.ticket_id, target=target).delete()
        return
    assert event.by is not None
    _keep(event.ticket, target, label, event.by, event.at)


def confirm(ticket: Ticket, target: str, label: str, by: User) -> None:
    """A member says that what the ticket has is right: nothing changes, and it is a lesson."""
    _keep(ticket, target, label, by, datetime.now(UTC))


def _keep(ticket: Ticket, target: str, label: str, by: User, at: datetime) -> None:
    from userops.feedback.understanding import tasks

    reading = Reading.objects.filter(ticket=ticket).first()
    Lesson.objects.update_or_create(
        ticket=ticket,
        target=target,
        defaults={"label": label, "by": by, "at": at, **_suggested(reading, target)},
    )
    product = ticket.product_id
    after_commit(tasks.learn_if_due, product, target)


def _suggested(reading: Reading | None, target: str) -> dict[str, object]:
    if reading is None:
        return {"suggested": "", "chance": None, "method": ""}
    if target == Target.SENTIMENT:
        return {"suggested": reading.feeling, "chance": None, "method": reading.feeling_by}
    suggested = str(reading.category_id or "")
    return {"suggested": suggested, "chance": reading.chance, "method": reading.method}
