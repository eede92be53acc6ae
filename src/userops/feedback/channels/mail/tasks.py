"""Background work: mailboxes are read."""

from __future__ import annotations

from huey import crontab

from userops.events.tasks import queue, stopping
from userops.feedback.channels.mail.aside.keeping import drop_old
from userops.feedback.channels.mail.fetching import fetch
from userops.feedback.channels.models import Channel, Kind


@queue.periodic_task(crontab(minute="*"))
@queue.lock_task("mailboxes")
def read_mailboxes() -> None:
    """Every minute, one after the other."""
    for channel in Channel.objects.filter(kind=Kind.MAIL, active=True).select_related("product"):
        if stopping.is_set():
            return
        fetch(channel)


@queue.periodic_task(crontab(hour="4", minute="35"))
def forget_aside() -> None:
    drop_old()
