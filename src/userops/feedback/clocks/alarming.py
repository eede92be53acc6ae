"""Warnings and alarms: who is told, once, and only in working time."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import transaction
from django.urls import reverse

from userops.events.models import Product
from userops.feedback.clocks.instances import Instance, step_moments
from userops.feedback.clocks.keeping import keep, unhurried
from userops.feedback.clocks.models import Alarm, Clock
from userops.feedback.clocks.reading import promises_of
from userops.feedback.clocks.steps import Step
from userops.feedback.clocks.terms import Promises
from userops.feedback.following import tell_alarmed
from userops.feedback.tickets.models import Ticket
from userops.notices.models import Channel
from userops.notices.telling import Message, tell
from userops.publishing.numbers import span
from userops.words import Words
from userops.workspace.access import members_with
from userops.workspace.models import User
from userops.workspace.roles import Permission
from userops.worktime.clock import next_open

ONE_TIME = 500
"""Tickets that are looked at in one go."""
KINDS = {
    "first": Words("首次响应", "First response"),
    "next": Words("后续响应", "Next response"),
    "resolution": Words("解决", "Resolution"),
    "team": Words("转交处理", "Handed over"),
}


def tell_due(now: datetime | None = None) -> int:
    """Tell what is due; answers of how many steps."""
    now = now or datetime.now(UTC)
    due = Clock.objects.filter(next_step__lte=now, ended=None).order_by("next_step")
    rows = dict.fromkeys(due.values_list("ticket", "ticket__product")[:ONE_TIME])
    products = Product.objects.in_bulk({product for _key, product in rows})
    promises = {key: promises_of(product) for key, product in products.items()}
    return sum(_tell_of(key, promises[product], now) for key, product in unhurried(rows))


@transaction.atomic
def _tell_of(key: int, promises: Promises, now: datetime) -> int:
    ticket = Ticket.objects.select_for_update().filter(pk=key).first()
    if ticket is None:
        return 0  # taken back meanwhile
    found = keep(ticket, promises)
    return sum(
        _tell_step(ticket, row, each, now)
        for row, each in found
        if row.next_step is not None and row.next_step <= now
    )


def _tell_step(ticket: Ticket, row: Clock, instance: Instance, now: datetime) -> int:
    """Of several steps that have passed, the highest is told; all count as told."""
    calendar, target = instance.terms.calendar, row.target or 0
    if not calendar.open_at(now):
        row.next_step = next_open(calendar, now)
        Clock.objects.filter(pk=row.pk).update(next_step=row.next_step)
        return 0
    told = set(Alarm.objects.filter(clock=row, target=target).values_list("percent", flat=True))
    moments = {p: at for p, at in step_moments(instance).items() if p not in told}
    steps = [step for step in instance.terms.steps if step.percent in moments]
    passed = [step for step in steps if moments[step.percent] <= now]
    for step in passed[:-1]:
        Alarm.objects.create(clock=row, percent=step.percent, target=row.target or 0, at=now)
    if passed:
        _tell(ticket, row, instance, passed[-1], now)
    ahead = [at for at in moments.values() if at > now]
    Clock.objects.filter(pk=row.pk).update(next_step=min(ahead, default=None))
    return len(passed[-1:])


def _tell(ticket: Ticket, row: Clock, instance: Instance, step: Step, now: datetime) -> None:
    members = readers_of(ticket, step)
    channels = list(
        Channel.objects.filter(product=ticket.product, pk__in=step.channels, active=True)
    )
    alarm = Alarm.objects.create(clock=row, percent=step.percent, target=row.target or 0, at=now)
    alarm.told.set(members)
    alarm.channels.set(channels)
    tell_alarmed(alarm)
    message = message_of(ticket, row, instance, step, now)
    tell(ticket.product, message, members=members, mail=step.percent >= 100, channels=channels)


def readers_of(ticket: Ticket, step: Step) -> list[User]:
    """The members that a step tells; a ticket without an owner tells its team instead."""
    wanted = set(step.tell)
    if "owner" in wanted and ticket.owner is None:
        wanted.add("team")
    found: dict[int, User] = {}
    if "owner" in wanted and ticket.owner is not None:
        found[ticket.owner.pk] = ticket.owner
    if "team" in wanted and ticket.team is not None:
        found |= {user.pk: user for user in ticket.team.members.filter(is_active=True)}
    if "managers" in wanted or not found:
        found |= {user.pk: user for user in managers_of(ticket)}
    return list(found.values())


def managers_of(ticket: Ticket) -> list[User]:
    """Those who manage the desk of a ticket's product."""
    return members_with(Permission.MANAGE_DESK, ticket.product)


def message_of(
    ticket: Ticket, row: Clock, instance: Instance, step: Step, now: datetime
) -> Message:
    """What is told of a step."""
    kind, late = KINDS[row.kind], step.percent >= 100
    name = f"#{ticket.number} {ticket.subject}"
    local = row.due.astimezone(instance.terms.calendar.zone) if row.due else now
    left = abs((instance.target or instance.taken(now)) - instance.taken(now))
    title = Words(
        f"{kind.zh}{'超时' if late else f'时限已用 {step.percent}%'}：{name}",
        f"{kind.en} {'is late' if late else f'has used {step.percent}% of its time'}: {name}",
    )
    body = Words(
        f"到期时间 {local:%Y-%m-%d %H:%M}，{'已超' if late else '还剩'} {span(left, 'zh')}（工作时间）。",
        f"Due {local:%Y-%m-%d %H:%M}, {span(left, 'en')} of working time {'over' if late else 'left'}.",
    )
    link = reverse("clocks:ticket", args=[ticket.product.slug, ticket.number])
    key = f"clock:{row.pk}:{step.percent}:{row.target}"
    return Message(key=key, title=title, body=body, link=link, tone="bad" if late else "")
