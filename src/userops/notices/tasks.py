"""Background work of notices: sending what is due, clearing what is old."""

from __future__ import annotations

from datetime import UTC, datetime

from huey import crontab

from userops.events.tasks import queue
from userops.notices.delivering import KEPT, deliver_due
from userops.notices.models import Delivery, Notice
from userops.notices.outbox import take_up


@queue.task()
def deliver() -> None:
    """At once, for what was written just now."""
    deliver_due()


@queue.periodic_task(crontab(minute="*"))
def deliver_again() -> None:
    """Every minute: what failed before, and what a stop of the server left."""
    deliver_due()


@queue.periodic_task(crontab(hour="4", minute="10"))
def clear_old() -> None:
    before = datetime.now(UTC) - KEPT
    Notice.objects.filter(created__lt=before).delete()
    Delivery.objects.filter(created__lt=before).delete()


def resume() -> None:
    """When the server starts: what a kill left is taken up at once."""
    take_up(Delivery)
    deliver()
