"""Background work of requirements: those who asked are told."""

from __future__ import annotations

from huey import crontab

from userops.events.tasks import queue
from userops.feedback.requirements.announcing import carry_out
from userops.feedback.requirements.models import Announcement


@queue.task()
def announce(key: int) -> None:
    """At once, for what somebody asked just now."""
    found = Announcement.objects.filter(pk=key, finished=None).first()
    if found is not None:
        carry_out(found)


@queue.periodic_task(crontab(minute="*"))
def announce_again() -> None:
    """Every minute: what a stop of the server left."""
    for found in Announcement.objects.filter(finished=None):
        carry_out(found)


def resume() -> None:
    """When the server starts: what a kill left goes on at once."""
    announce_again()
