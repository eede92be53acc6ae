"""Background work of rules: what happened, what waits for time, and dry runs."""

from __future__ import annotations

import time

from huey import crontab

from userops.events.tasks import queue
from userops.feedback.passing import SOON
from userops.feedback.rules.firing import work_off
from userops.feedback.rules.models import DryRun
from userops.feedback.rules.standing import look_for_time
from userops.feedback.rules.trying import go_on


@queue.task(priority=SOON)
def fire() -> None:
    """At once, for what happened just now."""
    work_off()


@queue.periodic_task(crontab(minute="*"))
def fire_again() -> None:
    """Every minute: whose time is up, and what a stop of the server left."""
    look_for_time()
    work_off()


@queue.task()
def try_over_the_past(run: int) -> None:
    found = DryRun.objects.select_related("rule__product").filter(pk=run).first()
    if found is not None:
        go_on(found)


@queue.periodic_task(crontab(minute="*"))
def resume_dry_runs() -> None:
    """What a stop of the server put aside."""
    for run in DryRun.objects.filter(state=DryRun.State.RUNNING).select_related("rule__product"):
        time.sleep(5)
        if DryRun.objects.filter(pk=run.pk, last=run.last, state=run.state).exists():
            go_on(run)
