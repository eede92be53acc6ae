"""Background work of topics: growing, placing new tickets, watching for bursts."""

from __future__ import annotations

from huey import crontab

from userops.events.models import Product
from userops.events.tasks import queue
from userops.feedback.tickets.models import Ticket
from userops.feedback.topics.growing import State, grow, place_ticket, state_of
from userops.feedback.topics.models import TopicState
from userops.feedback.topics.moving import tell_bursts


@queue.task()
def grow_topics_of(product: int) -> None:
    found = Product.objects.filter(pk=product).first()
    if found is not None and state_of(found).state == State.WAITING:
        grow(found)


@queue.task()
def place(ticket: int) -> None:
    found = Ticket.objects.filter(pk=ticket).first()
    if found is not None:
        place_ticket(found)


@queue.periodic_task(crontab(minute="20"))
def watch_bursts() -> None:
    """Every hour."""
    for state in TopicState.objects.exclude(grown=None).select_related("product"):
        tell_bursts(state.product)


@queue.periodic_task(crontab(day_of_week="1", hour="4", minute="10"))
def grow_again() -> None:
    """Every week, for whoever has grown topics once; what a stop of the server left begins anew."""
    for state in TopicState.objects.exclude(grown=None).select_related("product"):
        grow(state.product)
