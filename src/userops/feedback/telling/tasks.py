"""Background work: users are told of what happened to their tickets."""

from __future__ import annotations

from huey import crontab

from userops.events.tasks import queue
from userops.feedback.passing import SOON
from userops.feedback.telling.models import Told
from userops.feedback.telling.sending import send_due
from userops.notices.outbox import take_up


@queue.task(priority=SOON)
def tell_users() -> None:
    """At once, for what was written just now."""
    send_due()


@queue.periodic_task(crontab(minute="*"))
def tell_users_again() -> None:
    """Every minute: what failed before, and what a stop of the server left."""
    send_due()


def resume() -> None:
    """When the server starts: what a kill left is taken up at once."""
    take_up(Told)
    tell_users()
