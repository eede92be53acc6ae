"""Background work of tickets: answers that leave."""

from __future__ import annotations

from huey import crontab

from userops.events.tasks import queue
from userops.feedback.tickets.sending import send_due


@queue.task()
def send_answers() -> None:
    """At once, for what was written just now."""
    send_due()


@queue.periodic_task(crontab(minute="*"))
def send_answers_again() -> None:
    """Every minute: what failed before, and what a stop of the server left."""
    send_due()
