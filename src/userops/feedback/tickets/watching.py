"""Who looks at a ticket now, and who is writing: open pages say so by the way, as they ask for news."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from userops.feedback.tickets.models import Ticket, Watching
from userops.workspace.models import User

STANDS = timedelta(seconds=45)
SAID_AGAIN = timedelta(seconds=20)
"""A page asks more often than it is worth a write."""


@dataclass(frozen=True, slots=True)
class Watcher:
    name: str
    writing: bool


def watch(ticket: Ticket, user: User, *, writing: bool = False) -> None:
    """The user's page of the ticket is open."""
    now = datetime.now(UTC)
    mine = Watching.objects.filter(ticket=ticket, user=user)
    known = mine.values_list("seen", "writing").first()
    if known is None:
        Watching.objects.filter(user=user, seen__lt=now - STANDS).delete()
        Watching.objects.update_or_create(
            ticket=ticket, user=user, defaults={"seen": now, "writing": writing}
        )
    elif known[1] != writing or now - known[0] > SAID_AGAIN:
        mine.update(seen=now, writing=writing)


def watchers(ticket: Ticket, but: User) -> list[Watcher]:
    """The others, those who write first."""
    rows = Watching.objects.filter(ticket=ticket, seen__gte=datetime.now(UTC) - STANDS)
    others = rows.exclude(user=but).select_related("user").order_by("-writing", "pk")
    return [Watcher(str(each.user), each.writing) for each in others]
