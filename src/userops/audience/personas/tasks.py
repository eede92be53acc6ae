"""Background work: persona sets that are due or were asked for."""

from __future__ import annotations

from huey import crontab

from userops.audience.personas.models import PersonaSet
from userops.audience.personas.refreshing import refresh, refresh_due
from userops.events import store
from userops.events.tasks import queue


@queue.periodic_task(crontab(minute="35"))
def refresh_personas() -> None:
    refresh_due(store.current())


@queue.task()
def run_personas(key: int, asked_by: str = "") -> None:
    """One set, asked for by its page."""
    found = PersonaSet.objects.select_related("product").filter(pk=key).first()
    if found is not None:
        refresh(store.current(), found, asked_by)
