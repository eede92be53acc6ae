"""Background work: the facts of every product, once an hour where anything has changed."""

from __future__ import annotations

from huey import crontab

from userops.audience.facts.refreshing import refresh, refresh_all
from userops.events import store
from userops.events.models import Product
from userops.events.tasks import queue


@queue.periodic_task(crontab(minute="12"))
def refresh_facts() -> None:
    refresh_all(store.current())


@queue.task()
def refresh_facts_of(product: int) -> None:
    """One product, asked for by its page."""
    found = Product.objects.filter(pk=product).first()
    if found is not None:
        refresh(store.current(), found, force=True)
