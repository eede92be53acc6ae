"""Dry runs: a rule over past tickets in steps, so that it can be watched, cancelled, and goes on after a stop."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from userops.events.tasks import stopping
from userops.feedback.clocks.models import Alarm
from userops.feedback.rules.document import Document, read
from userops.feedback.rules.lives import Happened, Past
from userops.feedback.rules.models import DryRun
from userops.feedback.rules.replaying import Told, replay
from userops.feedback.rules.seeing import Eyes, past_of
from userops.feedback.tickets.models import Ticket, TicketEvent
from userops.feedback.understanding.models import Reading

STEP = 200
SHOWN = 200
State = DryRun.State


def span_of(run: DryRun) -> tuple[datetime, datetime]:
    """From the first moment of the first day to the end of the last one."""
    zone = ZoneInfo(run.rule.product.timezone)
    begin = datetime.combine(run.first, time(), zone)
    return begin, datetime.combine(run.until + timedelta(days=1), time(), zone)


def tickets_of(run: DryRun) -> QuerySet[Ticket]:
    """Those that were alive in its days."""
    begin, end = span_of(run)
    rows = Ticket.objects.filter(product=run.rule.product, opened__lt=end)
    # what waits for time happens without anything being written
    return rows if run.document["when"].get("hours") else rows.filter(updated__gte=begin)


def go_on(run: DryRun) -> None:
    """From where the run is until it ends, is cancelled, or the server stops."""
    DryRun.objects.filter(pk=run.pk, state=State.WAITING).update(state=State.RUNNING)
    with run.guarded():
        _try_on(run)


def _try_on(run: DryRun) -> None:
    document, eyes = read(run.document), Eyes(run.rule.product)
    while not stopping.is_set():
        run.refresh_from_db()
        if run.state != State.RUNNING:
            return
        tickets = list(tickets_of(run).filter(pk__gt=run.last).order_by("pk")[:STEP])
        if not tickets:
            run.end(State.DONE)
            return
        _step(run, tickets, document, eyes)


def _step(run: DryRun, tickets: Sequence[Ticket], document: Document, eyes: Eyes) -> None:
    now = datetime.now(UTC)
    pasts, told = _pasts(tickets), _told(tickets, document)
    begin, end = span_of(run)
    failing = run.failing or [0] * len(document.conditions)
    for ticket in tickets:
        fired = False
        for tried in replay(ticket, pasts[ticket.pk], told[ticket.pk], document, eyes, now):
            if not begin <= tried.cause.at < end:
                continue
            run.causes += 1
            for place, check in enumerate(tried.verdict.checks):
                failing[place] += not check.held
            if not tried.verdict.fits:
                continue
            run.fired, fired = run.fired + 1, True
            if len(run.found) < SHOWN:
                checks = [each.row() for each in tried.verdict.checks]
                run.found.append(_line(ticket, tried.cause, checks))
        run.tickets += fired
    DryRun.objects.filter(pk=run.pk).update(
        last=tickets[-1].pk, looked=run.looked + len(tickets), causes=run.causes, fired=run.fired,
        tickets=run.tickets, failing=failing, found=run.found,
    )  # fmt: skip


def _line(ticket: Ticket, cause: Happened, checks: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "ticket": ticket.number, "subject": ticket.subject, "at": cause.at.isoformat(),
        "cause": cause.kind, "key": cause.key, "checks": checks,
    }  # fmt: skip


def _pasts(tickets: Sequence[Ticket]) -> dict[int, list[Past]]:
    found: dict[int, list[Past]] = defaultdict(list)
    rows = TicketEvent.objects.filter(ticket__in=tickets).order_by("at", "pk")
    for event in rows.select_related("message"):
        found[event.ticket_id].append(past_of(event))
    return found


def _told(tickets: Sequence[Ticket], document: Document) -> dict[int, Told]:
    found: dict[int, Told] = defaultdict(Told)
    if document.cause == "read":
        for reading in Reading.objects.filter(ticket__in=tickets):
            found[reading.ticket_id] = Told(read=True, applied=reading.applied)
    elif document.cause in ("warned", "late"):
        alarms: dict[int, list[Happened]] = defaultdict(list)
        rows = Alarm.objects.filter(clock__ticket__in=tickets).select_related("clock")
        # of several steps that had passed at once, only the highest was told
        told = {(alarm.clock_id, alarm.at): alarm for alarm in rows.order_by("percent")}
        for alarm in sorted(told.values(), key=lambda each: (each.at, each.pk)):
            kind = "late" if alarm.percent >= 100 else "warned"
            more = {"clock": alarm.clock.kind, "percent": alarm.percent}
            each = Happened(kind, f"alarm:{alarm.pk}", alarm.at, more=more)
            alarms[alarm.clock.ticket_id].append(each)
        found |= {key: Told(alarms=rows) for key, rows in alarms.items()}
    return found
