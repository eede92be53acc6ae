"""Background work: persona sets that are due or were asked for."""

from __future__ import annotations

from datetime import datetime

from huey import crontab

from userops.audience.personas.models import PersonaSet
from userops.audience.personas.refreshing import refresh, refresh_due
from userops.events import store
from userops.events.tasks import queue


@queue.periodic_task(crontab(minute="35"))
def refresh_personas() -> None:
    refresh_due(store.current())


@queue.task()
def run_personas(key: int, asked_by: str = "", before: str = "") -> None:
    """One set, asked for by its page. `before`: a moment (ISO) as of which it is run first, so that the run now
    says who moved since."""
    found = PersonaSet.objects.select_related("product").filter(pk=key).first()
    if found is None:
        return
    if before:
        refresh(store.current(), found, asked_by, datetime.fromisoformat(before))
    refresh(store.current(), found, asked_by)
