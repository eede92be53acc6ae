"""Takes an import back: its tickets go, but for those on which somebody has worked since."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from userops.events.tasks import stopping
from userops.feedback.channels.importing.running import BLOCK
from userops.feedback.channels.models import ImportedTicket, TicketImport
from userops.feedback.tickets.models import Ticket, TicketEvent


def _worked_on() -> Exists:
    """Whether a member did something with a ticket, or the user wrote more."""
    later = TicketEvent.objects.filter(ticket=OuterRef("pk")).exclude(kind=TicketEvent.Kind.OPENED)
    return Exists(later.filter(Q(by__isnull=False) | Q(message__isnull=False)))


def _left(found: TicketImport) -> QuerySet[Ticket]:
    return Ticket.objects.filter(~_worked_on(), imported__of=found)


def is_left(found: TicketImport) -> bool:
    """Whether taking back was cut short."""
    return _left(found).exists()


def take_back(found: TicketImport) -> dict[str, int]:
    """All in blocks, until the server stops; how many are taken back, and how many stay because of work on them."""
    while not stopping.is_set():
        with transaction.atomic():
            keys = list(_left(found).select_for_update().values_list("pk", flat=True)[:BLOCK])
            Ticket.objects.filter(pk__in=keys).delete()
            told = {
                "undone": found.outcome.get("undone", 0) + len(keys),
                "kept": ImportedTicket.objects.filter(of=found).count(),
            }
            found.outcome |= told
            found.save(update_fields=["outcome"])
        if len(keys) < BLOCK:
            break
    return {name: found.outcome.get(name, 0) for name in ("undone", "kept")}
