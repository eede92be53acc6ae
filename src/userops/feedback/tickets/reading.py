"""Tickets as programs read them: by the API and the command line."""

from __future__ import annotations

from typing import Any

from userops.audience.segments.masking import masked
from userops.errors import NotFound
from userops.events.models import Product
from userops.evidence.linking import links_of
from userops.feedback.hints import CHECK_NUMBER
from userops.feedback.tickets.actions.joining import thing
from userops.feedback.tickets.family import members_of
from userops.feedback.tickets.models import Message, Ticket, TicketEvent
from userops.words import Words

_PLAIN = (
    "number", "subject", "text", "language", "severity", "sentiment", "complaint", "tier", "channel",
    "area", "app_version", "device", "status", "root_cause", "solution", "prevention",
)  # fmt: skip
_CONTACTS = ("distinct_id", "email", "phone")
_TIMES = ("opened", "answered", "heard", "spoken", "solved", "closed", "updated", "due")


def numbered(product: Product, number: int | str) -> Ticket:
    """The ticket of a number as people write it: `12`, `#12`. Raises `NotFound`."""
    digits = str(number).strip().lstrip("#")
    rows = Ticket.objects.filter(product=product).select_related("owner", "team", "category")
    known = digits.isdecimal() and len(digits) < 16
    found = rows.filter(number=int(digits)).first() if known else None
    if found is None:
        raise NotFound(
            Words(f"没有工单 {digits[:20]}。", f"There is no ticket {digits[:20]}."),
            code="ticket_not_found",
            hint=CHECK_NUMBER,
        )
    found.product = product
    return found


def told(ticket: Ticket, *, whole: bool) -> dict[str, Any]:
    """One ticket. Contacts are masked unless `whole`; times are UTC."""
    contacts = {name: getattr(ticket, name) for name in _CONTACTS}
    return {
        **{name: getattr(ticket, name) for name in _PLAIN},
        "name": ticket.name,
        **{name: value if whole else masked(value) for name, value in contacts.items()},
        "category": ticket.category.path if ticket.category else None,
        "category_id": ticket.category_id,
        "owner": ticket.owner.email if ticket.owner else None,
        "team": ticket.team.name if ticket.team else None,
        "merged_into": ticket.merged_into.number if ticket.merged_into else None,
        **{name: _moment(getattr(ticket, name)) for name in _TIMES},
    }


def told_whole(ticket: Ticket, *, whole: bool) -> dict[str, Any]:
    """With its messages, those of merged tickets among them, its history and its links."""
    family = members_of(ticket)
    spoken = Message.objects.filter(ticket__in=family).select_related("author", "ticket")
    events = TicketEvent.objects.filter(ticket=ticket).select_related("by")
    return {
        **told(ticket, whole=whole),
        "messages": [_message(each) for each in spoken.prefetch_related("attachments")],
        "history": [
            {
                "at": _moment(each.at),
                "kind": each.kind,
                "by": each.by.email if each.by else None,
                "data": each.data,
            }
            for each in events
        ],
        "links": [
            {"relation": relation, "kind": other.kind, "key": other.key}
            for relation, other, _way in links_of(ticket.product, thing(ticket))
        ],
    }


def _message(message: Message) -> dict[str, Any]:
    return {
        "id": message.pk,
        "ticket": message.ticket.number,
        "at": _moment(message.at),
        "direction": message.direction,
        "channel": message.channel,
        "author": message.author.email if message.author else None,
        "text": message.text,
        "files": [
            {"name": each.name, "media_type": each.media_type, "size": each.size}
            for each in message.attachments.all()
        ],
    }


def _moment(moment: Any) -> str | None:
    return moment.isoformat(timespec="milliseconds") if moment else None
