"""Background work of pain points: runs that were asked for, and every night those that still hurt."""

from __future__ import annotations

from huey import crontab

from userops.events import store
from userops.events.tasks import queue
from userops.experience.pain_points.models import Run
from userops.experience.pain_points.running import carry_out, compute_daily


@queue.task()
def compute(key: int) -> None:
    run = Run.objects.filter(pk=key).first()
    if run is not None:
        carry_out(store.current(), run)


@queue.periodic_task(crontab(hour="4", minute="25"))
def compute_again() -> None:
    compute_daily(store.current())


def resume() -> None:
    """Go on with what a stop of the server left."""
    for run in Run.objects.going_on():
        compute(run.pk)
