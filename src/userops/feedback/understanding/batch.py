"""All tickets of a product read anew, in steps: it can be watched, cancelled, and goes on after a stop."""

from __future__ import annotations

from datetime import UTC, datetime

from userops.events.tasks import stopping
from userops.feedback.tickets.models import Ticket
from userops.feedback.understanding.models import BatchRun
from userops.feedback.understanding.reading import read_tickets

STEP = 500


def go_on(run: BatchRun) -> None:
    """Read from where the run is until it ends, is cancelled, or the server stops."""
    BatchRun.objects.filter(pk=run.pk, state=BatchRun.State.WAITING).update(
        state=BatchRun.State.RUNNING
    )
    while not stopping.is_set():
        run.refresh_from_db()
        if run.state != BatchRun.State.RUNNING:
            return
        rows = Ticket.objects.filter(product=run.product, pk__gt=run.last).order_by("pk")
        tickets = list(rows[:STEP])
        if not tickets:
            _end(run)
            return
        read_tickets(run.product, tickets, apply=False)
        BatchRun.objects.filter(pk=run.pk).update(last=tickets[-1].pk, done=run.done + len(tickets))


def _end(run: BatchRun) -> None:
    BatchRun.objects.filter(pk=run.pk, state=BatchRun.State.RUNNING).update(
        state=BatchRun.State.DONE, ended=datetime.now(UTC)
    )
