"""Tickets of a product read anew, in steps: it can be watched, cancelled, and goes on after a stop or a kill."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from userops.events.models import Product
from userops.events.tasks import stopping
from userops.feedback.tickets.models import Ticket
from userops.feedback.understanding.models import BatchRun
from userops.feedback.understanding.reading import read_tickets
from userops.feedback.understanding.working import PROCESS, is_left, worker

STEP = 500
State = BatchRun.State


def go_on(run: BatchRun, shown: Callable[[float], None] | None = None) -> None:
    """Read from where the run is until it ends, is cancelled, or the server stops. Nothing happens where this
    process works on it already. What goes wrong ends the run with its reason. `shown` is told the share done."""
    free = BatchRun.objects.filter(pk=run.pk).going_on().exclude(worker__startswith=PROCESS)
    if not free.update(state=State.RUNNING, worker=worker()):
        return
    with run.guarded():
        _read_on(run, shown or (lambda _share: None))


def _read_on(run: BatchRun, shown: Callable[[float], None]) -> None:
    while not stopping.is_set():
        run.refresh_from_db()
        if run.state != State.RUNNING:
            return
        tickets = list(tickets_of(run).filter(pk__gt=run.last).order_by("pk")[:STEP])
        if not tickets:
            run.end(State.DONE)
            return
        read_tickets(run.product, tickets, apply=False)
        done = run.done + len(tickets)
        BatchRun.objects.filter(pk=run.pk).update(last=tickets[-1].pk, done=done)
        shown(min(1.0, done / max(run.total, 1)))
    # the next start goes on with it
    BatchRun.objects.filter(pk=run.pk, state=State.RUNNING).update(worker="")


def tickets_of(run: BatchRun) -> QuerySet[Ticket]:
    """Those of its period."""
    rows = Ticket.objects.filter(product=run.product)
    if run.since:
        rows = rows.filter(opened__gte=run.since)
    return rows.filter(opened__lt=run.until) if run.until else rows


def period(
    product: Product, first: date | None, last: date | None
) -> tuple[datetime | None, datetime | None]:
    """From the start of the first day to the end of the last, in the product's time zone."""
    zone = ZoneInfo(product.timezone)
    since = datetime.combine(first, time.min, zone) if first else None
    until = datetime.combine(last + timedelta(days=1), time.min, zone) if last else None
    return since, until


def left() -> list[BatchRun]:
    """Runs on which nobody works any more."""
    return [run for run in BatchRun.objects.going_on() if is_left(run.worker)]
