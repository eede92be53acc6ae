"""Causes that wait for time: when the time is up, and whether it still is so when a rule acts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet

from userops.events.models import Product
from userops.feedback.rules.document import Document, read
from userops.feedback.rules.lives import TALKING, Happened, Past, Spell, unanswered, waiting
from userops.feedback.rules.models import Rule, RuleCause
from userops.feedback.rules.seeing import Eyes
from userops.feedback.rules.vocabulary import CAUSES
from userops.feedback.tickets.models import Status, Ticket, TicketEvent
from userops.worktime.calendar import Calendar
from userops.worktime.clock import due, worked

ONE_TIME = 500
LONGEST_LOOK = timedelta(days=800)
SPELLS = {"unanswered": unanswered, "waiting": waiting}
KINDS = {"unanswered": ("opened", "received", "answered"), "waiting": ("status",)}
STATUSES: dict[str, tuple[str, ...]] = {"unanswered": TALKING, "waiting": (Status.WAITING,)}


def moment_of(since: datetime, document: Document, calendar: Calendar | None) -> datetime:
    """When the hours of a rule are up: around the clock without a calendar."""
    wanted = timedelta(hours=document.hours)
    return since + wanted if calendar is None else due(calendar, since, wanted)


def happened(spell: Spell, document: Document, calendar: Calendar | None) -> Happened:
    """The cause that a spell becomes when its time is up."""
    key = f"{document.cause}:{spell.since:%Y%m%d%H%M%S%f}"
    more = {"since": spell.since.isoformat()}
    return Happened(document.cause, key, moment_of(spell.since, document, calendar), more=more)


def stands(cause: RuleCause, ticket: Ticket) -> bool:
    """Whether a cause of time still is so; others have happened, whatever came after them."""
    if not CAUSES[cause.kind].timed:
        return True
    since = datetime.fromisoformat(cause.more["since"])
    if ticket.status not in STATUSES[cause.kind]:
        return False
    if cause.kind == "unanswered":
        return ticket.spoken is None or ticket.spoken < since
    changes = ticket.events.filter(kind=TicketEvent.Kind.STATUS).order_by("-at", "-pk")
    return changes.values_list("at", flat=True).first() == since


def look_for_time(now: datetime | None = None) -> int:
    """Find tickets whose time is up since the last look; answers how many causes were written."""
    now = now or datetime.now(UTC)
    timed = [name for name, each in CAUSES.items() if each.timed]
    rows = Rule.objects.filter(active=True, cause__in=timed, checked__lt=now)
    return sum(_look(rule, now) for rule in rows.select_related("product"))


@transaction.atomic
def _look(rule: Rule, now: datetime) -> int:
    document = read(rule.document)
    calendars = Eyes(rule.product).calendars
    calendar = calendars.get(document.calendar) if document.calendar is not None else None
    after = rule.checked or now
    found = [
        RuleCause(
            ticket=ticket, rule=rule, kind=each.kind, key=each.key, at=each.at, more=each.more
        )
        for ticket, spell in _lasting(rule.product, document, calendar, after, now)
        if after < (each := happened(spell, document, calendar)).at <= now
    ]
    RuleCause.objects.bulk_create(found)
    Rule.objects.filter(pk=rule.pk).update(checked=now)
    return len(found)


def _lasting(
    product: Product, document: Document, calendar: Calendar | None, after: datetime, now: datetime
) -> Iterator[tuple[Ticket, Spell]]:
    """Tickets in which somebody waits still, with the spell that lasts."""
    rows = list(_candidates(product, document, calendar, after, now))
    for start in range(0, len(rows), ONE_TIME):
        chunk = rows[start : start + ONE_TIME]
        pasts = _pasts([each.pk for each in chunk], KINDS[document.cause])
        for ticket in chunk:
            for spell in SPELLS[document.cause](pasts[ticket.pk]):
                if spell.ended is None:
                    yield ticket, spell


def _candidates(
    product: Product, document: Document, calendar: Calendar | None, after: datetime, now: datetime
) -> QuerySet[Ticket]:
    hours = timedelta(hours=document.hours)
    earliest = after - _reach(hours, calendar, after)
    rows = Ticket.objects.filter(
        product=product, status__in=STATUSES[document.cause], merged_into=None,
        opened__lte=now - hours, updated__gte=earliest,
    )  # fmt: skip
    if document.cause == "unanswered":
        rows = rows.filter(Q(spoken=None) | Q(spoken__lt=F("heard")), heard__gte=earliest)
    return rows.only("pk", "product_id", "opened")


def _reach(hours: timedelta, calendar: Calendar | None, after: datetime) -> timedelta:
    """So far back somebody may have begun to wait whose time is up only after this moment."""
    reach = hours
    while (
        calendar is not None
        and reach < LONGEST_LOOK
        and worked(calendar, after - reach, after) < hours
    ):
        reach *= 2
    return reach


def _pasts(keys: Iterable[int], kinds: tuple[str, ...]) -> dict[int, list[Past]]:
    found: dict[int, list[Past]] = defaultdict(list)
    rows = TicketEvent.objects.filter(ticket__in=list(keys), kind__in=kinds).order_by("at", "pk")
    for key, pk, at, kind, data in rows.values_list("ticket", "pk", "at", "kind", "data"):
        found[key].append(Past(pk, at, kind, data))
    return found
