"""Background work: reading what comes, learning from what members decide."""

from __future__ import annotations

from huey import crontab

from userops.events.models import Product
from userops.events.tasks import queue
from userops.feedback.following import tell_read
from userops.feedback.tickets.models import Ticket, TicketEvent
from userops.feedback.understanding.batch import go_on, left
from userops.feedback.understanding.learning import (
    EVERY,
    learn_target,
    learned_of,
    lessons_since,
)
from userops.feedback.understanding.models import BatchRun, LearnedModel, Target
from userops.feedback.understanding.reading import read_message, read_tickets
from userops.feedback.understanding.working import load_library


@queue.task()
def get_ready() -> None:
    """What reading needs is loaded when the server starts: the first ticket would wait for it."""
    load_library()
    for product in Product.objects.filter(learned_models__isnull=False).distinct():
        for target in Target.values:
            learned_of(product, target)


@queue.task()
def read_ticket(key: int) -> None:
    ticket = Ticket.objects.select_related("product").filter(pk=key).first()
    if ticket is not None:
        load_library()
        read_tickets(ticket.product, [ticket], apply=True)
        tell_read(ticket)


@queue.task()
def read_again(number: int) -> None:
    event = TicketEvent.objects.select_related("ticket__product", "message").filter(pk=number)
    if found := event.first():
        read_message(found)


@queue.task()
def learn_if_due(product: int, target: str) -> None:
    """After every so many lessons."""
    found = Product.objects.filter(pk=product).first()
    if found is not None and lessons_since(found, target) >= EVERY:
        load_library()
        learn_target(found, target)


@queue.task()
def learn_now(product: int) -> None:
    found = Product.objects.filter(pk=product).first()
    if found is not None:
        load_library()
        for target in Target.values:
            learn_target(found, target)


@queue.task()
def read_all(run: int) -> None:
    found = BatchRun.objects.select_related("product").filter(pk=run).first()
    if found is not None:
        load_library()
        go_on(found)


@queue.periodic_task(crontab(hour="3", minute="40"))
def learn_in_the_night() -> None:
    """Whoever was taught anything since learns, without waiting for the full number."""
    load_library()
    for product in Product.objects.all():
        for target in Target.values:
            if lessons_since(product, target):
                learn_target(product, target)


def resume() -> None:
    """When the server starts: what a stop or a kill left goes on from where it was."""
    if LearnedModel.objects.exists():
        get_ready()
    for run in left():
        read_all(run.pk)
