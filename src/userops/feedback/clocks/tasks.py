"""Background work of clocks: who is to be told, and recomputing after a policy or a calendar changed."""

from __future__ import annotations

from huey import crontab

from userops.events.models import Product
from userops.events.tasks import queue, stopping
from userops.feedback.clocks.alarming import tell_due
from userops.feedback.clocks.keeping import recompute_open


@queue.task(retries=10, retry_delay=30)
def recompute(product: int) -> None:
    """The running clocks of a product, anew; from the start when it breaks off."""
    found = Product.objects.filter(pk=product).first()
    if found is not None:
        recompute_open(found)
        if stopping.is_set():
            recompute(product)  # stays in the queue for the next start


@queue.periodic_task(crontab(minute="*"))
def tell() -> None:
    """Every minute: warnings and alarms that are due."""
    tell_due()


def resume() -> None:
    """When the server starts: what fell due while it stood still is told at once."""
    tell()
