"""Writes: imports of tickets."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from django.db import transaction

from userops.events.models import Product
from userops.feedback.channels.importing.mapping import TicketMapping
from userops.feedback.channels.models import TicketImport
from userops.workspace.access import check
from userops.workspace.log import note
from userops.workspace.models import User
from userops.workspace.roles import Permission

State = TicketImport.State


@transaction.atomic
def start_ticket_import(
    product: Product, path: Path, mapping: TicketMapping, *, acting_user: User
) -> TicketImport:
    """Open the tickets of a file, in the background."""
    from userops.feedback.channels.importing.tasks import import_tickets

    made = begin(product, path, mapping, acting_user=acting_user)
    transaction.on_commit(lambda: import_tickets(made.pk) and None)
    return made


@transaction.atomic
def begin(
    product: Product, path: Path, mapping: TicketMapping, *, acting_user: User
) -> TicketImport:
    """The import as a row that waits."""
    check(acting_user, product, Permission.HANDLE_TICKETS)
    check(acting_user, product, Permission.MANAGE_DATA)
    made = TicketImport.objects.create(
        product=product,
        file_name=path.name[:255],
        path=str(path),
        mapping=written(mapping),
        started_by=acting_user.email,
    )
    note(acting_user, "ticket_import.started", product=product, target=path.name)
    return made


def written(mapping: TicketMapping) -> dict[str, Any]:
    """A mapping as it is kept."""
    kept: dict[str, Any] = msgspec.to_builtins(mapping)
    return kept


@transaction.atomic
def cancel_ticket_import(found: TicketImport, *, acting_user: User) -> None:
    """Stop reading; what was opened stays until the import is taken back."""
    check(acting_user, found.product, Permission.MANAGE_DATA)
    going = TicketImport.objects.filter(pk=found.pk, state__in=TicketImport.GOING_ON)
    going.update(state=State.CANCELLED, finished=datetime.now(UTC))
    note(acting_user, "ticket_import.cancelled", product=found.product, target=found.file_name)


@transaction.atomic
def undo_ticket_import(found: TicketImport, *, acting_user: User) -> None:
    """Take back, in the background, the tickets that came from the file and on which nobody has worked since.
    Raises `Refused`."""
    from userops.feedback.channels.importing.tasks import take_back

    begin_undo(found, acting_user=acting_user)
    transaction.on_commit(lambda: take_back(found.pk) and None)


@transaction.atomic
def begin_undo(found: TicketImport, *, acting_user: User) -> None:
    """From now on it counts as taken back (`undoing.py` does it). Raises `Refused`."""
    check(acting_user, found.product, Permission.MANAGE_DATA)
    check(acting_user, found.product, Permission.HANDLE_TICKETS)
    found.begin_undo()
    note(acting_user, "ticket_import.undone", product=found.product, target=found.file_name)
