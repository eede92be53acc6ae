"""Words: a user opens a ticket or writes more, a member answers or notes something."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from django.db import transaction

from userops.errors import Refused
from userops.events.models import Product, UserId
from userops.feedback.hints import CHECK_KEY
from userops.feedback.sorting.models import Category
from userops.feedback.tickets.actions.changing import move
from userops.feedback.tickets.family import members_of, top_of
from userops.feedback.tickets.history import Kind, record, take
from userops.feedback.tickets.incoming import File, Incoming, checked_text, known, subject_of
from userops.feedback.tickets.models import (
    Attachment,
    Message,
    Severity,
    Source,
    Status,
    Ticket,
)
from userops.feedback.tickets.numbers import next_number
from userops.words import Words
from userops.workspace.access import check
from userops.workspace.models import User
from userops.workspace.roles import Permission

REOPENED_WITHIN = timedelta(days=30)
"""What a user writes later on a closed ticket is a matter of its own, related to the old one."""
Direction = Message.Direction


@transaction.atomic
def open_ticket(product: Product, incoming: Incoming, *, acting_user: User | None) -> Ticket:
    """A new ticket with its first words. Raises `Refused`."""
    if acting_user is not None:
        check(acting_user, product, Permission.HANDLE_TICKETS)
    text = checked_text(incoming.text)
    at = _moment(incoming.at)
    ticket = Ticket(
        product=product,
        number=next_number(product),
        subject=subject_of(incoming.subject, text),
        text=text,
        category=_category(product, incoming.category),
        severity=known("severity", incoming.severity, Severity.values),
        complaint=incoming.complaint,
        channel=known("channel", incoming.channel, Source.values),
        status=_first_status(incoming),
        opened=at,
        heard=at,
        updated=at,
    )
    for name in (
        "language", "tier", "distinct_id", "name", "email", "phone", "device", "channel_key", "area",
        "app_version",
    ):  # fmt: skip
        setattr(ticket, name, incoming.clipped(name))
    ticket.person = _person(product, ticket.distinct_id or ticket.email or ticket.phone)
    ticket.team = ticket.category.team if ticket.category else None
    ticket.save()
    message = _say(ticket, Direction.IN, incoming, text, at, None)
    # what a file brings was said long ago: the desk owes an answer from now on
    data = {"taken_in": datetime.now(UTC).isoformat()} if ticket.channel == Source.IMPORT else {}
    record(ticket, Kind.OPENED, by=acting_user, at=at, message=message, data=data)
    return ticket


def _first_status(incoming: Incoming) -> Status:
    if incoming.spam:
        return Status.SPAM
    return Status.CLOSED if incoming.closed else Status.NEW


@transaction.atomic
def receive(ticket: Ticket, incoming: Incoming, *, acting_user: User | None = None) -> Message:
    """More words of the user. A ticket that waits for him or is solved goes on by itself, and so does one
    closed not long ago; after that a new one, related to the old, is opened. Raises `Refused`."""
    ticket = take(top_of(ticket), acting_user)
    at = _moment(incoming.at)
    if ticket.status == Status.CLOSED and ticket.closed and at > ticket.closed + REOPENED_WITHIN:
        return _follow_up(ticket, incoming, acting_user)
    message = _say(ticket, Direction.IN, incoming, checked_text(incoming.text), at, None)
    ticket.heard, ticket.updated = at, at
    ticket.save(update_fields=["heard", "updated"])
    record(ticket, Kind.RECEIVED, by=acting_user, at=at, message=message)
    if ticket.status in (Status.WAITING, Status.SOLVED, Status.CLOSED):
        move(ticket, Status.OPEN, by=None, at=at)
    return message


@transaction.atomic
def answer(
    ticket: Ticket,
    text: str,
    *,
    status: str = "",
    html: str = "",
    files: Iterable[File] = (),
    external_id: str = "",
    at: datetime | None = None,
    seen: int | None = None,
    acting_user: User | None,
) -> Message:
    """Words to the user, which leave by the channel he came by; then the ticket moves to `status`, or
    from new to open. `seen`: key of the newest message that the writer has read: when the user wrote or
    was answered since, nothing is sent. Raises `Refused`."""
    ticket = take(ticket, acting_user)
    _check_alive(ticket)
    if seen is not None:
        _check_nothing_said(ticket, seen)
    at = _moment(at)
    words = Incoming(text, html=html, files=tuple(files), external_id=external_id)
    message = _say(ticket, Direction.OUT, words, checked_text(text), at, acting_user)
    ticket.answered = ticket.answered or at
    ticket.spoken, ticket.updated = at, at
    ticket.save(update_fields=["answered", "spoken", "updated"])
    record(ticket, Kind.ANSWERED, by=acting_user, at=at, message=message)
    wanted = status or (Status.OPEN if ticket.status == Status.NEW else "")
    if wanted:
        move(ticket, wanted, by=acting_user, at=at)
    return message


@transaction.atomic
def add_note(
    ticket: Ticket,
    text: str,
    *,
    files: Iterable[File] = (),
    at: datetime | None = None,
    acting_user: User | None,
) -> Message:
    """Words among members, which never leave the house. Raises `Refused`."""
    ticket = take(ticket, acting_user)
    at = _moment(at)
    words = Incoming(text, files=tuple(files))
    message = _say(ticket, Direction.NOTE, words, checked_text(text), at, acting_user)
    ticket.updated = at
    ticket.save(update_fields=["updated"])
    record(ticket, Kind.NOTED, by=acting_user, at=at, message=message)
    return message


def _say(
    ticket: Ticket,
    direction: str,
    words: Incoming,
    text: str,
    at: datetime,
    author: User | None,
) -> Message:
    message = Message.objects.create(
        ticket=ticket,
        at=at,
        direction=direction,
        channel=words.channel if direction == Direction.IN else ticket.channel,
        author=author,
        text=text,
        html=words.html,
        external_id=words.clipped("external_id"),
    )
    Attachment.objects.bulk_create(
        Attachment(
            message=message,
            name=each.name[:200],
            media_type=each.media_type,
            size=each.size,
            digest=each.digest,
            stored=each.stored,
            content_id=each.content_id,
        )
        for each in words.files
    )
    return message


def _follow_up(old: Ticket, incoming: Incoming, acting_user: User | None) -> Message:
    from userops.feedback.tickets.actions.joining import relate

    carried = {
        name: getattr(incoming, name) or getattr(old, name)
        for name in ("subject", "distinct_id", "name", "email", "phone", "language", "channel_key")
    }
    fresh = open_ticket(old.product, replace(incoming, **carried), acting_user=acting_user)
    relate(old, fresh, acting_user=acting_user)
    return fresh.messages.get()


def _person(product: Product, known_as: str) -> int | None:
    if not known_as:
        return None
    ids = UserId.objects.filter(product=product, distinct_id=known_as)
    return ids.values_list("uid", flat=True).first()


def _category(product: Product, key: int | None) -> Category | None:
    if key is None:
        return None
    found = Category.objects.filter(product=product, pk=key).select_related("team").first()
    if found is None:
        raise Refused(
            Words("没有这个分类。", "There is no such category."),
            code="category_unknown",
            hint=CHECK_KEY,
        )
    return found


def _check_alive(ticket: Ticket) -> None:
    if ticket.merged_into_id is not None or ticket.status == Status.SPAM:
        raise Refused(
            Words(
                f"工单 #{ticket.number} 已并入其他工单或被标为垃圾信息，不能从这里回复。",
                f"Ticket #{ticket.number} is merged into another one or is spam: it is not answered here.",
            ),
            code="ticket_not_answered",
            hint=Words(
                "请在合并后的工单上回复；垃圾信息先改回处理中。",
                "Answer in the ticket that it went into; set spam in progress first.",
            ),
        )


def newest_said(ticket: Ticket) -> Message | None:
    """The newest word of the user or to him, merged tickets included."""
    said = Message.objects.filter(ticket__in=members_of(ticket)).exclude(direction=Direction.NOTE)
    return said.select_related("author").order_by("-pk").first()


def _check_nothing_said(ticket: Ticket, seen: int) -> None:
    newest = newest_said(ticket)
    if newest is None or newest.pk <= seen:
        return
    who = str(newest.author or "")
    answered = newest.direction == Direction.OUT
    zh = f"{who or 'UserOps'} 刚刚回复了用户" if answered else "用户又写了新内容"
    en = f"{who or 'UserOps'} has answered the user" if answered else "The user has written again"
    raise Refused(
        Words(
            f"你写的时候，{zh}，所以这条回复还没有发送。请先看过，仍要发送就再点一次。",
            f"{en} while you wrote, so this answer was not sent. Read it; to send yours too, send again.",
        ),
        code="ticket_moved_on",
    )


def _moment(at: datetime | None) -> datetime:
    now = datetime.now(UTC)
    if at is None:
        return now
    # a clock that runs ahead elsewhere puts nothing into our future
    return min(at, now)
