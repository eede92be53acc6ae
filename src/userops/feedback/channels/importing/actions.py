"""Writes: imports of tickets."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import msgspec
from django.db import transaction

from userops.events.models import Product
from userops.feedback.channels.importing.mapping import TicketMapping
from userops.feedback.channels.models import TicketImport
from userops.workspace.access import check
from userops.workspace.log import note
from userops.workspace.models import User
from userops.workspace.roles import Permission


@transaction.atomic
def start_ticket_import(
    product: Product, path: Path, mapping: TicketMapping, *, acting_user: User
) -> TicketImport:
    """Open the tickets of a file, in the background."""
    from userops.feedback.channels.importing.tasks import import_tickets

    check(acting_user, product, Permission.HANDLE_TICKETS)
    check(acting_user, product, Permission.MANAGE_DATA)
    made = TicketImport.objects.create(
        product=product,
        file_name=path.name[:255],
        path=str(path),
        mapping=msgspec.to_builtins(mapping),
        started_by=acting_user.email,
    )
    note(acting_user, "ticket_import.started", product=product, target=path.name)
    transaction.on_commit(lambda: import_tickets(made.pk) and None)
    return made


@transaction.atomic
def cancel_ticket_import(found: TicketImport, *, acting_user: User) -> None:
    """Stop reading; what was opened stays."""
    check(acting_user, found.product, Permission.MANAGE_DATA)
    going = [TicketImport.State.WAITING, TicketImport.State.RUNNING]
    TicketImport.objects.filter(pk=found.pk, state__in=going).update(
        state=TicketImport.State.CANCELLED, finished=datetime.now(UTC)
    )
    note(acting_user, "ticket_import.cancelled", product=found.product, target=found.file_name)
