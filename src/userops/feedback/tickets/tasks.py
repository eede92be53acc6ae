"""Background work of tickets: answers that leave."""

from __future__ import annotations

from huey import crontab

from userops.events.tasks import queue
from userops.feedback.passing import SOON
from userops.feedback.tickets.models import Sending
from userops.feedback.tickets.sending import send_due
from userops.notices.outbox import take_up


@queue.task(priority=SOON)
def send_answers() -> None:
    """At once, for what was written just now."""
    send_due()


@queue.periodic_task(crontab(minute="*"))
def send_answers_again() -> None:
    """Every minute: what failed before, and what a stop of the server left."""
    send_due()


def resume() -> None:
    """When the server starts: what a kill left is taken up at once."""
    take_up(Sending)
    send_answers()
