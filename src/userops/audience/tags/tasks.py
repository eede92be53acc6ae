"""Background work: tags that follow from data, after the facts that some of them are made of."""

from __future__ import annotations

from huey import crontab

from userops.audience.tags.refreshing import refresh_due
from userops.events import store
from userops.events.tasks import queue


@queue.periodic_task(crontab(minute="22"))
def refresh_tags() -> None:
    refresh_due(store.current())
