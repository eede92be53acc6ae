"""Background work of schedules: every minute what is due, once a day what is old."""

from __future__ import annotations

from huey import crontab

from userops.events import store
from userops.events.tasks import queue
from userops.reports.schedules import files
from userops.reports.schedules.running import carry_out_due


@queue.task()
def carry_out_now() -> None:
    """At once, for what was asked for just now."""
    carry_out_due(store.current())


@queue.periodic_task(crontab(minute="*"))
def carry_out_again() -> None:
    """What is due, what failed before, and what a stop of the server left."""
    carry_out_due(store.current())


@queue.periodic_task(crontab(hour="4", minute="40"))
def clear_old_files() -> None:
    files.clear_old()
