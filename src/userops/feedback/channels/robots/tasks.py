"""Background work of robots: pictures are fetched; what was said long ago is forgotten."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from huey import crontab

from userops.events.tasks import queue
from userops.feedback.channels.models import Channel, Spoken
from userops.feedback.channels.robots.pictures import TRIES, fetch_one
from userops.feedback.tickets.models import Message

KEPT = timedelta(days=180)


class PictureNotThere(Exception):  # noqa: N818
    """The queue tries again."""


@queue.task(retries=TRIES, retry_delay=60, context=True)
def fetch_picture(
    channel: int, message: int, number: int, named: dict[str, str], task: object = None
) -> None:
    """One picture, now or within some minutes."""
    row = Channel.objects.select_related("product").filter(pk=channel).first()
    words = Message.objects.select_related("ticket__product").filter(pk=message).first()
    if row is None or words is None:
        return
    last = getattr(task, "retries", 0) == 0
    if not fetch_one(row, words, number, named, last=last):
        raise PictureNotThere


@queue.periodic_task(crontab(hour="4", minute="25"))
def forget_spoken() -> None:
    Spoken.objects.filter(at__lt=datetime.now(UTC) - KEPT).delete()
