"""Background work: words asked for; what was sent is forgotten in time."""

from __future__ import annotations

from huey import crontab

from userops.events.tasks import queue
from userops.feedback.wording import writing
from userops.feedback.wording.models import Wording
from userops.feedback.wording.using import forget_old


@queue.task()
def write(key: int) -> None:
    found = Wording.objects.select_related("product", "asked_by").filter(pk=key).first()
    if found is not None and found.state == Wording.State.WAITING:
        writing.write(found)


def resume() -> None:
    """When the server starts: what a kill left waiting says so."""
    writing.end_those_cut_short()


@queue.periodic_task(crontab(hour="4", minute="5"))
def forget_what_was_sent() -> None:
    forget_old()
