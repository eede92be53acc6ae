"""Background work of clocks: who is to be told, and recomputing after a policy or a calendar changed."""

from __future__ import annotations

from huey import crontab

from userops.events.tasks import queue
from userops.feedback.clocks.alarming import tell_due
from userops.feedback.clocks.keeping import recompute_asked
from userops.feedback.clocks.models import Recomputing


@queue.task(retries=10, retry_delay=30)
def recompute(product: int) -> None:
    """The running clocks of a product, anew; from the start when it breaks off."""
    recompute_asked(product)


@queue.periodic_task(crontab(minute="*"))
def tell() -> None:
    """Every minute: warnings and alarms that are due."""
    tell_due()


def resume() -> None:
    """When the server starts: what was cut short is done, and what fell due while it stood still is told at once."""
    for product in Recomputing.objects.filter(ended=None).values_list("product", flat=True):
        recompute(product)
    tell()
