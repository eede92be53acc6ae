"""Background work of topics: growing, placing new tickets, watching for bursts."""

from __future__ import annotations

from huey import crontab

from userops.events.models import Product
from userops.events.tasks import queue
from userops.feedback.tickets.models import Ticket
from userops.feedback.topics.carrying import begin_again
from userops.feedback.topics.growing import State, grow, state_of
from userops.feedback.topics.models import TopicState
from userops.feedback.topics.moving import tell_bursts
from userops.feedback.topics.placing import place_ticket
from userops.feedback.understanding.working import load_library


@queue.task()
def grow_topics_of(product: int) -> None:
    found = Product.objects.filter(pk=product).first()
    if found is not None and state_of(found).state == State.WAITING:
        load_library()
        grow(found)


@queue.task()
def place(ticket: int) -> None:
    found = Ticket.objects.filter(pk=ticket).first()
    if found is not None:
        load_library()
        place_ticket(found)


def resume() -> None:
    """When the server starts: what a stop or a kill left begins anew."""
    begun = TopicState.objects.filter(pk__in=begin_again(TopicState))
    for product in begun.values_list("product", flat=True):
        grow_topics_of(product)


@queue.periodic_task(crontab(minute="20"))
def watch_bursts() -> None:
    """Every hour."""
    for state in TopicState.objects.exclude(grown=None).select_related("product").defer("model"):
        tell_bursts(state.product)


@queue.periodic_task(crontab(day_of_week="1", hour="4", minute="10"))
def grow_again() -> None:
    """Every week, for whoever has grown topics once."""
    load_library()
    for state in TopicState.objects.exclude(grown=None).select_related("product").defer("model"):
        grow(state.product)
