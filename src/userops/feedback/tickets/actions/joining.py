"""Several tickets of one matter, and one ticket of several: merged, split, related. All of it can be undone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from django.db import transaction

from userops.errors import Refused
from userops.evidence.linking import Thing, link, unlink
from userops.feedback.tickets.actions.changing import move
from userops.feedback.tickets.family import members_of
from userops.feedback.tickets.history import Kind, record, take
from userops.feedback.tickets.incoming import subject_of
from userops.feedback.tickets.models import Message, Status, Ticket, TicketEvent
from userops.feedback.tickets.numbers import next_number
from userops.words import Words
from userops.workspace.models import User

RELATED = "related"
Direction = Message.Direction
_CARRIED = (
    "product", "language", "category", "severity", "complaint", "tier", "distinct_id", "person", "name",
    "email", "phone", "device", "channel", "channel_key", "area", "app_version", "owner", "team",
)  # fmt: skip
"""What a ticket that is split off takes along."""


def thing(ticket: Ticket) -> Thing:
    """What links call a ticket: by its number, which people know."""
    return Thing("ticket", str(ticket.number))


@transaction.atomic
def merge(parent: Ticket, children: Sequence[Ticket], *, acting_user: User | None) -> Ticket:
    """The matter goes on in `parent`, which shows the words of all; nothing is moved, so `unmerge` gives
    each child back as it was. Raises `Refused`."""
    parent = take(parent, acting_user)
    taken = [take(each, acting_user) for each in children]
    _check_merge(parent, taken)
    at = datetime.now(UTC)
    for child in taken:
        before = child.status
        if before not in (Status.CLOSED, Status.SPAM):
            move(child, Status.CLOSED, by=acting_user, at=at)
        child.merged_into, child.updated = parent, at
        child.save(update_fields=["merged_into", "updated"])
        record(
            child,
            Kind.MERGED,
            by=acting_user,
            at=at,
            data={"into": parent.number, "status": before},
        )
    parent.updated = at
    parent.save(update_fields=["updated"])
    record(
        parent,
        Kind.MERGED,
        by=acting_user,
        at=at,
        data={"children": [each.number for each in taken]},
    )
    return parent


@transaction.atomic
def unmerge(child: Ticket, *, acting_user: User | None) -> Ticket:
    """A merged ticket goes on by itself again, in the status that it had. Raises `Refused`."""
    child = take(child, acting_user)
    if child.merged_into is None:
        raise Refused(
            Words(f"工单 #{child.number} 没有被合并。", f"Ticket #{child.number} is not merged."),
            code="ticket_not_merged",
            hint=Words("无需撤销。", "There is nothing to undo."),
        )
    parent = take(child.merged_into, acting_user)
    merged = child.events.filter(kind=Kind.MERGED, data__has_key="into").last()
    at = datetime.now(UTC)
    child.merged_into, child.updated = None, at
    child.save(update_fields=["merged_into", "updated"])
    record(child, Kind.UNMERGED, by=acting_user, at=at, data={"parent": parent.number})
    move(child, merged.data["status"] if merged else Status.OPEN, by=acting_user, at=at)
    record(parent, Kind.UNMERGED, by=acting_user, at=at, data={"child": child.number})
    return child


def _check_merge(parent: Ticket, children: Sequence[Ticket]) -> None:
    keys = {each.pk for each in children}
    above = parent.merged_into_id is not None or any(
        member.pk == parent.pk for each in children for member in members_of(each)
    )
    elsewhere = any(
        each.product_id != parent.product_id or each.merged_into_id is not None for each in children
    )
    if not keys or len(keys) < len(children) or above or elsewhere:
        raise Refused(
            Words(
                "只能把同一产品中尚未合并的其他工单并入一张尚未合并的工单。",
                "Other tickets of the same product, none of them merged, are merged into one that is not.",
            ),
            code="merge_invalid",
            hint=Words(
                "请核对编号；已合并的工单先撤销合并。",
                "Check the numbers; undo the merge of those that are merged.",
            ),
        )


@transaction.atomic
def split(
    ticket: Ticket, messages: Sequence[int], *, subject: str = "", acting_user: User | None
) -> Ticket:
    """Some of a ticket's messages become a ticket of their own; one of the user's must be among them, and
    the first one stays. The history of the old ticket stays as it was. Raises `Refused`."""
    ticket = take(ticket, acting_user)
    chosen = list(Message.objects.filter(ticket=ticket, pk__in=messages))
    heard = [each for each in chosen if each.direction == Direction.IN]
    first = ticket.messages.first()
    if not heard or first in chosen or len(chosen) < len(set(messages)):
        raise Refused(
            Words(
                "请选择这张工单的消息，其中至少一条来自用户；第一条要留下。",
                "Choose messages of this ticket, one of the user among them; the first one stays.",
            ),
            code="split_invalid",
            hint=Words(
                "请在工单页勾选要拆出的消息。",
                "Tick the messages that are split off on the ticket’s page.",
            ),
        )
    at = datetime.now(UTC)
    fresh = _split_off(ticket, chosen, heard, subject, at)
    details = {"messages": [each.pk for each in chosen]}
    record(fresh, Kind.OPENED, by=acting_user, at=fresh.opened, message=heard[0])
    record(ticket, Kind.SPLIT, by=acting_user, at=at, data={"into": fresh.number, **details})
    record(fresh, Kind.SPLIT, by=acting_user, at=at, data={"parent": ticket.number, **details})
    relate(ticket, fresh, acting_user=acting_user)
    return fresh


def _split_off(
    ticket: Ticket, chosen: list[Message], heard: list[Message], subject: str, at: datetime
) -> Ticket:
    spoken = [each.at for each in chosen if each.direction == Direction.OUT]
    kept = {
        each.attname: getattr(ticket, each.attname)
        for each in Ticket._meta.concrete_fields
        if each.name in _CARRIED
    }
    fresh = Ticket.objects.create(
        **kept,
        number=next_number(ticket.product),
        subject=subject_of(subject, heard[0].text),
        text=heard[0].text,
        status=Status.OPEN if spoken else Status.NEW,
        opened=heard[0].at,
        heard=heard[-1].at,
        answered=min(spoken, default=None),
        spoken=max(spoken, default=None),
        updated=at,
    )
    Message.objects.filter(pk__in=[each.pk for each in chosen]).update(ticket=fresh)
    # what was told when it happened is not told again
    old = TicketEvent.objects.filter(message__in=chosen).exclude(message=heard[0])
    TicketEvent.objects.bulk_create(
        TicketEvent(ticket=fresh, at=each.at, kind=each.kind, by=each.by, message=each.message)
        for each in old
    )
    return fresh


@transaction.atomic
def relate(one: Ticket, other: Ticket, *, acting_user: User | None) -> None:
    """Two tickets have to do with each other; nothing else changes. Raises `Refused`."""
    first, second = _pair(one, other, acting_user)
    link(first.product, thing(first), thing(second), RELATED, by=acting_user)
    record(first, Kind.RELATED, by=acting_user, data={"to": second.number})
    record(second, Kind.RELATED, by=acting_user, data={"to": first.number})


@transaction.atomic
def unrelate(one: Ticket, other: Ticket, *, acting_user: User | None) -> None:
    first, second = _pair(one, other, acting_user)
    if unlink(first.product, thing(first), thing(second), RELATED):
        record(first, Kind.RELATED, by=acting_user, data={"no_more": second.number})
        record(second, Kind.RELATED, by=acting_user, data={"no_more": first.number})


def _pair(one: Ticket, other: Ticket, user: User | None) -> tuple[Ticket, Ticket]:
    if one.pk == other.pk or one.product_id != other.product_id:
        raise Refused(
            Words(
                "只能关联同一产品的两张不同工单。",
                "Two different tickets of one product are related.",
            ),
            code="relation_invalid",
            hint=Words("请填写另一张工单的编号。", "Give the number of another ticket."),
        )
    first, second = sorted((one, other), key=lambda each: each.number)
    return take(first, user), take(second, user)
