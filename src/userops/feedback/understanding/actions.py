"""Writes: settings, learning now, reading everything, and agreeing with a suggestion."""

from __future__ import annotations

from datetime import UTC, datetime

from userops.errors import Refused
from userops.events.models import Product
from userops.feedback.tickets.actions import Change, change_ticket
from userops.feedback.tickets.models import Ticket
from userops.feedback.understanding import tasks
from userops.feedback.understanding.learning import state_of
from userops.feedback.understanding.models import BatchRun, Reading, UnderstandingState
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


def start_batch(product: Product, *, acting_user: User) -> BatchRun:
    """Read all tickets anew. Raises `Refused` while that is going on."""
    check(acting_user, product, Permission.MANAGE_DESK)
    if BatchRun.objects.filter(product=product, state__in=[State.WAITING, State.RUNNING]).exists():
        raise Refused(
            Words("正在读取全部工单。", "All tickets are being read already."), code="batch_running"
        )
    total = Ticket.objects.filter(product=product).count()
    run = BatchRun.objects.create(product=product, by=acting_user, total=total)
    note(acting_user, "understanding.batch_started", product=product, tickets=total)
    tasks.read_all(run.pk)
    return run


def cancel_batch(run: BatchRun, *, acting_user: User) -> BatchRun:
    """What was read stays. One that has ended stays as it is."""
    check(acting_user, run.product, Permission.MANAGE_DESK)
    changed = BatchRun.objects.filter(pk=run.pk, state__in=[State.WAITING, State.RUNNING]).update(
        state=State.CANCELLED, ended=datetime.now(UTC)
    )
    if changed:
        note(acting_user, "understanding.batch_cancelled", product=run.product, done=run.done)
    run.refresh_from_db()
    return run


def accept_suggestion(ticket: Ticket, *, acting_user: User) -> Ticket:
    """Sort the ticket as suggested: a lesson that the suggestion was right. Raises `Refused`."""
    reading = Reading.objects.filter(ticket=ticket).first()
    if reading is None or reading.category_id is None:
        raise Refused(
            Words("这张工单没有分类建议。", "No category is suggested for this ticket."),
            code="nothing_suggested",
        )
    return change_ticket(ticket, Change(category=reading.category_id), acting_user=acting_user)
