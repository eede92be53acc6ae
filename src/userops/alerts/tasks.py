"""Background work of alerts: every minute those that are due, and once a day what is old."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from huey import crontab

from userops.alerts.evaluating import evaluate_due
from userops.alerts.models import Check
from userops.events import store
from userops.events.tasks import queue

KEPT = timedelta(days=800)


@queue.periodic_task(crontab(minute="*"))
def watch() -> None:
    """Judge the periods that are over. What was missed while the server was down is made up for."""
    evaluate_due(store.current())


@queue.periodic_task(crontab(hour="4", minute="30"))
def clear_old_checks() -> None:
    Check.objects.filter(ended__lt=datetime.now(UTC) - KEPT).delete()
