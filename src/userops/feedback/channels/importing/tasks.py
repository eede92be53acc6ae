"""Background work: files of tickets are read."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import msgspec

from userops.collect.imports import draft as drafts
from userops.collect.imports.failing import failing
from userops.events.tasks import queue, stopping
from userops.feedback.channels.importing import undoing
from userops.feedback.channels.importing.mapping import TicketMapping
from userops.feedback.channels.importing.running import Outcome, quarantine_path, run
from userops.feedback.channels.models import TicketImport
from userops.workspace.models import User

State = TicketImport.State


@queue.task()
def import_tickets(key: int) -> None:
    """In the background."""
    run_import(key)


@queue.task()
def take_back(key: int) -> None:
    """In the background."""
    undoing.take_back(TicketImport.objects.get(pk=key))


def run_import(key: int) -> None:
    """Run an import that waits or was cut short; rows that are there already count as repeats."""
    rows = TicketImport.objects.filter(pk=key, state__in=TicketImport.GOING_ON)
    if not rows.update(state=State.RUNNING):
        return
    found = TicketImport.objects.select_related("product").get(pk=key)

    def note(outcome: Outcome) -> None:
        rows.update(outcome=outcome.as_dict())

    def cancelled() -> bool:
        return stopping.is_set() or not rows.exists()

    with failing(rows, State.FAILED):
        outcome = run(
            found.product,
            Path(found.path),
            msgspec.convert(found.mapping, TicketMapping),
            of=found,
            acting_user=User.objects.filter(email=found.started_by).first(),
            quarantine=quarantine_path(found.product, found.pk),
            progress=note,
            cancelled=cancelled,
        )
        if stopping.is_set():
            return  # `resume` goes on with it when the server starts again
        drafts.discard_upload(Path(found.path))
        rows.update(state=State.DONE, outcome=outcome.as_dict(), finished=datetime.now(UTC))


def resume() -> None:
    """Go on with what a stop of the server left."""
    going = TicketImport.objects.filter(state__in=TicketImport.GOING_ON)
    for key in going.values_list("pk", flat=True):
        import_tickets(key)
    for found in TicketImport.objects.filter(state=State.UNDONE):
        if undoing.is_left(found):
            take_back(found.pk)
