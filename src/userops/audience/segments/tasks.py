"""Background work of segments: following the data, telling hooks, clearing what is old."""

from __future__ import annotations

from datetime import UTC, datetime

from huey import crontab

from userops.audience.segments.hooks import KEPT, deliver_due
from userops.audience.segments.models import HookDelivery, Segment
from userops.audience.segments.refreshing import backfill, backfill_all, refresh, refresh_all
from userops.events import store
from userops.events.tasks import queue
from userops.notices.outbox import take_up


@queue.periodic_task(crontab(minute="*/10"))
def refresh_segments() -> None:
    refresh_all(store.current())
    deliver_due()
    backfill_all(store.current())


@queue.periodic_task(crontab(minute="*"))
def deliver_again() -> None:
    deliver_due()


@queue.task()
def refresh_segment(key: int) -> None:
    """One segment, new or asked for by its page; its earlier sizes too."""
    found = Segment.objects.select_related("product").filter(pk=key).first()
    if found is not None:
        refresh(store.current(), found, force=True)
        deliver_due()
        backfill(store.current(), found)


@queue.periodic_task(crontab(hour="4", minute="40"))
def clear_old_deliveries() -> None:
    HookDelivery.objects.filter(created__lt=datetime.now(UTC) - KEPT).delete()


def resume() -> None:
    """When the server starts: what a kill left is taken up at once."""
    take_up(HookDelivery)
    deliver_again()
