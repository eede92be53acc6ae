"""What happens to tickets becomes causes that rules are tried on, each in the transaction of its event."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from userops.feedback.clocks.models import Alarm
from userops.feedback.passing import after_commit, once_in_a_pass
from userops.feedback.rules.lives import cause_of
from userops.feedback.rules.models import Rule, RuleCause
from userops.feedback.rules.seeing import past_of
from userops.feedback.tickets.models import Ticket, TicketEvent

STALE = timedelta(days=7)
"""Words that are brought in so much later are history: no rule acts upon them."""


@dataclass(slots=True)
class Acting:
    """A rule at work: how deep it stands, and the events that it has written so far."""

    depth: int
    events: list[int] = field(default_factory=list)


ACTING: ContextVar[Acting | None] = ContextVar("acting_rule", default=None)


def follow(event: TicketEvent) -> None:
    """Called for each event of a ticket."""
    acting = ACTING.get()
    if acting is not None:
        acting.events.append(event.pk)
    found = cause_of(past_of(event))
    if found is None or datetime.now(UTC) - event.at > STALE:
        return
    depth = acting.depth + 1 if acting is not None else 0
    more = {name: value for name, value in found.more.items() if name != "message"}
    _wait(event.ticket, found.kind, found.key, event.at, event=event, depth=depth, more=more)


def follow_reading(ticket: Ticket) -> None:
    """The first words of a ticket have been read."""
    if datetime.now(UTC) - ticket.opened <= STALE:
        _wait(ticket, "read", "read", datetime.now(UTC))


def follow_alarm(alarm: Alarm) -> None:
    """Somebody was told of a deadline."""
    kind = "late" if alarm.percent >= 100 else "warned"
    more = {"clock": alarm.clock.kind, "percent": alarm.percent}
    _wait(alarm.clock.ticket, kind, f"alarm:{alarm.pk}", alarm.at, more=more)


def _wait(ticket: Ticket, kind: str, key: str, at: datetime, **given: Any) -> None:
    if not _is_wanted(ticket.product_id, kind, by_rules=bool(given.get("depth"))):
        return
    from userops.feedback.rules.tasks import fire

    RuleCause.objects.create(ticket=ticket, kind=kind, key=key, at=at, **given)
    after_commit(fire)


@once_in_a_pass
def _is_wanted(product: int, kind: str, *, by_rules: bool) -> bool:
    wanted = Rule.objects.filter(product=product, active=True, cause=kind)
    return (wanted.filter(after_rules=True) if by_rules else wanted).exists()
