"""What a list of tickets shows of their clocks: the one that is due next, for each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from userops.feedback.clocks.models import Clock
from userops.feedback.tickets.models import Ticket


@dataclass(frozen=True, slots=True)
class Badge:
    """`tone`: bad (over), warn (80% used), nothing; `paused`: it stands still."""

    kind: str
    due: datetime | None
    tone: str
    paused: bool


def badges_of(tickets: Iterable[Ticket], now: datetime | None = None) -> dict[int, Badge]:
    """By ticket key, in one query; tickets without a running clock are left out."""
    now = now or datetime.now(UTC)
    rows = Clock.objects.filter(ticket__in=[each.pk for each in tickets], ended=None)
    found: dict[int, Badge] = {}
    for clock in rows.exclude(target=None).order_by("due", "pk"):
        if clock.ticket_id in found and found[clock.ticket_id].due is not None:
            continue
        found[clock.ticket_id] = badge_of(clock, now)
    return found


def badge_of(clock: Clock, now: datetime) -> Badge:
    paused = clock.paused_since is not None
    tone = ""
    if clock.overdue(now):
        tone = "bad"
    elif clock.due is not None and not paused:
        # by the wall clock: exact shares are told by the steps
        tone = "warn" if (now - clock.started) >= 0.8 * (clock.due - clock.started) else ""
    return Badge(clock.get_kind_display(), clock.due, tone, paused)
