"""Pages of clocks: how deadlines were kept and which were not, and one ticket's ledger."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from userops.calendars.reading import calendar_of, unpublished_years
from userops.events.models import Product
from userops.feedback.clocks.instances import Instance
from userops.feedback.clocks.lifeline import KINDS
from userops.feedback.clocks.models import Alarm, Clock, Policy
from userops.feedback.clocks.ontime import missed_in, on_time
from userops.feedback.clocks.reading import instances_of
from userops.feedback.tickets.models import Ticket
from userops.workspace.access import product_page
from userops.workspace.roles import Permission
from userops.worktime.ledger import ledger, uncertain

SHOWN, SHOWN_RUNNING = 100, 50
DAYS = 30


@product_page(Permission.HANDLE_TICKETS)
def deadlines(request: HttpRequest, product: Product) -> HttpResponse:
    """`from`, `to`: due in these days, by default the last thirty; `kind`: whose misses are listed."""
    now = datetime.now(UTC)
    first, last = _days(request, product, now)
    kind = request.GET.get("kind", "resolution")
    kind = kind if kind in KINDS else "resolution"
    context = {
        "first": first,
        "last": last,
        "kind": kind,
        "kinds": Clock.Kind.choices,
        "figures": [
            (Clock.Kind(each).label, on_time(product, first, last, each, now)) for each in KINDS
        ],
        "missed": missed_in(product, first, last, kind, now, SHOWN),
        "running": _running(product),
        "now": now,
        "policies": Policy.objects.filter(product=product, active=True).count(),
        "unpublished": unpublished_years(calendar_of(product), now),
    }
    return render(request, "feedback/clocks/deadlines.html", context)


def _days(request: HttpRequest, product: Product, now: datetime) -> tuple[date, date]:
    today = now.astimezone(ZoneInfo(product.timezone)).date()
    try:
        first = date.fromisoformat(request.GET.get("from", ""))
        last = date.fromisoformat(request.GET.get("to", ""))
    except ValueError:
        return today - timedelta(days=DAYS - 1), today
    return min(first, last), max(first, last)


def _running(product: Product) -> list[Clock]:
    rows = Clock.objects.filter(ticket__product=product, ended=None, due__isnull=False)
    return list(
        rows.select_related("ticket__owner", "ticket__team").order_by("due")[:SHOWN_RUNNING]
    )


@product_page(Permission.HANDLE_TICKETS)
def ticket(request: HttpRequest, product: Product, number: int) -> HttpResponse:
    """Why each due time is what it is, day by day, and who was told of it."""
    found = get_object_or_404(Ticket, product=product, number=number)
    found.product = product
    now = datetime.now(UTC)
    kept = {(row.kind, row.number): row for row in Clock.objects.filter(ticket=found)}
    alarms = Alarm.objects.filter(clock__ticket=found).prefetch_related("told", "channels")
    context = {
        "ticket": found,
        "clocks": [_explained(each, kept, now) for each in instances_of(found)],
        "alarms": alarms.select_related("clock"),
    }
    return render(request, "feedback/clocks/ticket.html", context)


def _explained(each: Instance, kept: dict[tuple[str, int], Clock], now: datetime) -> dict[str, Any]:
    """One clock as it was kept, with the ledger of its time."""
    stretch, calendar = each.stretch, each.terms.calendar
    clock = kept.get((stretch.kind, stretch.number))
    end = max(stretch.ended or now, each.due or stretch.started)
    if stretch.ended is not None:
        end = stretch.ended
    pauses = [*stretch.pauses]
    if stretch.paused_since is not None:
        pauses.append((stretch.paused_since, end))
    target = each.target
    return {
        "clock": clock,
        "kind": Clock.Kind(stretch.kind).label,
        "overdue": each.overdue(now),
        "instance": each,
        "taken": each.taken(now),
        "zone": str(calendar.zone),
        "policy": clock.policy if clock else None,
        "lines": ledger(calendar, stretch.started, end, target, pauses) if target else (),
        "supposed": uncertain(calendar, stretch.started, end),
        "judged_otherwise": clock is not None and clock.due != each.due,
    }
