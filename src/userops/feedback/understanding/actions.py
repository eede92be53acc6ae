"""Writes: settings, learning now, reading everything, and agreeing with a suggestion."""

from __future__ import annotations

from datetime import date
from typing import Any

from userops.errors import Refused
from userops.events.models import Product
from userops.feedback.tickets.actions import Change, change_ticket
from userops.feedback.tickets.models import Ticket
from userops.feedback.understanding import tasks
from userops.feedback.understanding.batch import period, tickets_of
from userops.feedback.understanding.following import confirm
from userops.feedback.understanding.learning import state_of
from userops.feedback.understanding.models import BatchRun, Reading, Target, UnderstandingState
from userops.feedback.understanding.reading import read_tickets
from userops.feedback.understanding.working import is_left
from userops.words import Words
from userops.workspace.access import check
from userops.workspace.log import note
from userops.workspace.models import User
from userops.workspace.roles import Permission

State = BatchRun.State


def set_auto_apply(product: Product, auto_apply: bool, *, acting_user: User) -> UnderstandingState:
    """Whether sure suggestions sort tickets by themselves from now on."""
    check(acting_user, product, Permission.MANAGE_DESK)
    state = state_of(product)
    state.auto_apply = auto_apply
    state.save(update_fields=["auto_apply"])
    note(acting_user, "understanding.configured", product=product, auto_apply=auto_apply)
    return state


def learn_again(product: Product, *, acting_user: User) -> None:
    """In the background, from all lessons."""
    check(acting_user, product, Permission.MANAGE_DESK)
    note(acting_user, "understanding.learned", product=product)
    tasks.learn_now(product.pk)


def start_batch(
    product: Product, *, first: date | None = None, last: date | None = None, acting_user: User
) -> BatchRun:
    """Read tickets anew in the background: all, or those opened from one day to another, both included.
    Raises `Refused`, also while that is going on."""
    check(acting_user, product, Permission.MANAGE_DESK)
    if _going_on(product):
        raise Refused(
            Words("正在读取全部工单。", "All tickets are being read already."), code="batch_running"
        )
    if first and last and first > last:
        raise Refused(
            Words("开始日期晚于结束日期。", "The first day is after the last."), code="period_empty"
        )
    since, until = period(product, first, last)
    run = BatchRun(product=product, by=acting_user, since=since, until=until)
    run.total = tickets_of(run).count()
    run.save()
    note(acting_user, "understanding.batch_started", product=product, tickets=run.total)
    tasks.read_all(run.pk)
    return run


def _going_on(product: Product) -> bool:
    """What a kill left running and nobody took up is cancelled: the new run takes its place."""
    found = BatchRun.objects.filter(product=product).going_on()
    for run in found:
        if run.state == State.RUNNING and is_left(run.worker):
            run.end(State.CANCELLED)
    return bool(found.all())


def cancel_batch(run: BatchRun, *, acting_user: User) -> BatchRun:
    """What was read stays. One that has ended stays as it is."""
    check(acting_user, run.product, Permission.MANAGE_DESK)
    if run.end(State.CANCELLED):
        note(acting_user, "understanding.batch_cancelled", product=run.product, done=run.done)
    run.refresh_from_db()
    return run


def read_now(ticket: Ticket, *, acting_user: User) -> Reading:
    """Read one ticket again; nothing that was decided changes."""
    check(acting_user, ticket.product, Permission.HANDLE_TICKETS)
    note(
        acting_user, "understanding.read_again", product=ticket.product, target=f"#{ticket.number}"
    )
    return read_tickets(ticket.product, [ticket], apply=False)[0]


def correct(
    ticket: Ticket,
    *,
    category: int | None = None,
    sentiment: str | None = None,
    severity: str | None = None,
    complaint: bool | None = None,
    acting_user: User,
) -> Ticket:
    """What a member knows better: the ticket changes, and category and sentiment are lessons. What is None stays.
    What agrees with the ticket already is a lesson all the same. Raises `Refused`."""
    given = {"category": category, "sentiment": sentiment, "severity": severity}
    wanted: dict[str, Any] = {
        name: value
        for name, value in (given | {"complaint": complaint}).items()
        if value is not None
    }
    if not wanted:
        raise Refused(Words("没有要纠正的内容。", "Nothing is corrected."), code="correction_empty")
    if not Reading.objects.filter(ticket=ticket).exists():
        read_tickets(ticket.product, [ticket], apply=False)  # a lesson stands beside a suggestion
    same = {"category": ticket.category_id, "sentiment": ticket.sentiment}
    ticket = change_ticket(ticket, Change(**wanted), acting_user=acting_user)
    for target in Target.values:
        if target in wanted and wanted[target] == same[target]:
            confirm(ticket, target, str(wanted[target]), acting_user)
    return ticket


def accept_suggestion(ticket: Ticket, *, acting_user: User) -> Ticket:
    """Sort the ticket as suggested: a lesson that the suggestion was right. Raises `Refused`."""
    reading = Reading.objects.filter(ticket=ticket).first()
    if reading is None or reading.category_id is None:
        raise Refused(
            Words("这张工单没有分类建议。", "No category is suggested for this ticket."),
            code="nothing_suggested",
        )
    return change_ticket(ticket, Change(category=reading.category_id), acting_user=acting_user)
