"""The clocks of a ticket are computed and kept; what has ended stays as it was judged."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from django.db import transaction

from userops.calendars.models import WorkCalendar
from userops.events.models import Product
from userops.events.tasks import stopping
from userops.feedback.clocks.instances import Instance, step_moments
from userops.feedback.clocks.models import Alarm, Clock, Recomputing
from userops.feedback.clocks.reading import instances_of, promises_of
from userops.feedback.clocks.terms import Promises
from userops.feedback.passing import after_commit
from userops.feedback.tickets.models import Ticket, TicketEvent

T = TypeVar("T")
FIELDS = (
    "team_id", "started", "target", "due", "state", "ended", "reopened", "pauses", "paused_since",
    "paused_seconds", "policy_id", "policy_version", "calendar_id", "calendar_version", "next_step",
)  # fmt: skip
_REST = 0.01
"""Seconds between two tickets of background work: SQLite lets in who waits to write only when he asks."""
_TOLD_EVERY = 50
_JUDGED = (
    "target",
    "due",
    "state",
    "policy_id",
    "policy_version",
    "calendar_id",
    "calendar_version",
)
_IDLE = frozenset(
    {
        TicketEvent.Kind.NOTED,
        TicketEvent.Kind.RELATED,
        TicketEvent.Kind.ASKED,
        TicketEvent.Kind.SHIPPED,
    }
)


def follow(event: TicketEvent) -> None:
    """Something happened to a ticket: its clocks follow."""
    if event.kind not in _IDLE:
        keep(event.ticket)


def follow_calendar(calendar: WorkCalendar) -> None:
    """Hours changed: all running clocks of the product are computed anew."""
    recompute_later(calendar.product)


def recompute_later(product: Product) -> None:
    """After this transaction, in the background. Changes that come while one waits or goes on ask for one more, all
    of them together."""
    from userops.feedback.clocks.tasks import recompute

    asked = {"asked": datetime.now(UTC), "ended": None}
    rows = Recomputing.objects.filter(product=product)
    with transaction.atomic():
        goes_on = rows.select_for_update().filter(ended=None).exists()
        Recomputing.objects.update_or_create(product=product, defaults=asked)
        if not goes_on:
            after_commit(recompute, product.pk)


def recompute_asked(product: int) -> None:
    """What `recompute_later` asked for, until nobody has asked since it was begun, or the server stops."""
    rows = Recomputing.objects.filter(product=product, ended=None).select_related("product")
    while (row := rows.first()) is not None:
        recompute_open(row.product)
        if stopping.is_set():
            return  # the next start goes on with it
        rows.filter(asked=row.asked).update(ended=datetime.now(UTC))


def recompute_open(product: Product) -> int:
    """Compute the running clocks of a product anew, until the server stops; answers of how many tickets."""
    promises, done = promises_of(product), 0
    rows = Ticket.objects.filter(product=product, clocks__ended=None, clocks__isnull=False)
    keys = list(rows.order_by("pk").values_list("pk", flat=True).distinct())
    kept = Recomputing.objects.filter(product=product)
    kept.update(done=0, total=len(keys))
    for key in unhurried(keys):
        with transaction.atomic():
            ticket = Ticket.objects.select_for_update().filter(pk=key).first()
            if ticket is None:
                continue  # taken back meanwhile
            ticket.product = product
            keep(ticket, promises)
        done += 1
        if done % _TOLD_EVERY == 0:
            kept.update(done=done)
    kept.update(done=done)
    return done


def unhurried(given: Iterable[T]) -> Iterator[T]:
    """One after the other, with rests in which others may write, until the server stops."""
    for each in list(given):
        if stopping.is_set():
            return
        yield each
        time.sleep(_REST)


def keep(ticket: Ticket, promises: Promises | None = None) -> list[tuple[Clock, Instance]]:
    """Compute the clocks of a ticket from its history, keep them, and its next due time."""
    known = {(row.kind, row.number): row for row in Clock.objects.filter(ticket=ticket)}
    told = _told(known.values())
    found = [(_row(ticket, each), each) for each in instances_of(ticket, promises)]
    fresh, changed = [], []
    for row, instance in found:
        old = known.pop((row.kind, row.number), None)
        if old is not None:
            row.pk = old.pk
            if _ended_alike(old, row):
                for name in _JUDGED:
                    setattr(row, name, getattr(old, name))
        row.next_step = next_step(row, instance, told)
        if old is None:
            fresh.append(row)
        elif any(getattr(old, name) != getattr(row, name) for name in FIELDS):
            changed.append(row)
    Clock.objects.bulk_create(fresh)
    if changed:
        Clock.objects.bulk_update(changed, FIELDS)
    if known:  # a history that was undone
        Clock.objects.filter(pk__in=[row.pk for row in known.values()]).delete()
    due = min((row.due for row, _ in found if row.ended is None and row.due), default=None)
    if due != ticket.due:
        ticket.due = due
        Ticket.objects.filter(pk=ticket.pk).update(due=due)
    return found


def next_step(row: Clock, instance: Instance, told: set[tuple[int, int, int]]) -> datetime | None:
    """When the next step that nobody was told of comes."""
    moments = step_moments(instance).items()
    ahead = (at for percent, at in moments if (row.pk, percent, row.target) not in told)
    return min(ahead, default=None)


def _told(rows: Iterable[Clock]) -> set[tuple[int, int, int]]:
    """Clock, percent and target of which somebody was told."""
    running = [row.pk for row in rows if row.ended is None]
    if not running:
        return set()
    alarms = Alarm.objects.filter(clock__in=running)
    return set(alarms.values_list("clock", "percent", "target"))


def _ended_alike(old: Clock, row: Clock) -> bool:
    cancelled = Clock.State.CANCELLED in (old.state, row.state)
    return old.ended is not None and old.ended == row.ended and not cancelled


def _row(ticket: Ticket, each: Instance) -> Clock:
    stretch, terms = each.stretch, each.terms
    return Clock(
        ticket=ticket,
        kind=stretch.kind,
        number=stretch.number,
        team_id=stretch.team,
        started=stretch.started,
        target=int(each.target / timedelta(minutes=1)) if each.target else None,
        due=each.due,
        state=each.state,
        ended=stretch.ended,
        reopened=stretch.reopened,
        pauses=len(stretch.pauses) + (stretch.paused_since is not None),
        paused_since=stretch.paused_since,
        paused_seconds=int(sum((b - a).total_seconds() for a, b in stretch.pauses)),
        policy_id=terms.policy,
        policy_version=terms.policy_version,
        calendar_id=terms.calendar_key,
        calendar_version=terms.calendar_version,
    )
