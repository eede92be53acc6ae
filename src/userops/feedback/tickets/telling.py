"""Members are told: who is mentioned in a note, whose ticket it became, and whose user wrote again."""

from __future__ import annotations

import re
from collections import Counter

from django.urls import reverse

from userops.events.models import Product
from userops.feedback.tickets.models import Ticket, TicketEvent
from userops.notices.telling import Message, tell
from userops.words import Words
from userops.workspace.access import members_with
from userops.workspace.models import User
from userops.workspace.roles import Permission

Kind = TicketEvent.Kind
_MENTION = re.compile(r"(?<![A-Za-z0-9_.])@([\w.+-]+(?:@[\w-]+(?:\.[\w-]+)+)?)")
SHOWN = 200


def follow(event: TicketEvent) -> None:
    """Called for each event of a ticket, in its transaction."""
    ticket = event.ticket
    if event.kind == Kind.NOTED and event.message is not None:
        text = event.message.text
        title = Words(
            f"工单 #{ticket.number} 的备注提到了你", f"You are mentioned in ticket #{ticket.number}"
        )
        _tell(event, title, text, mentioned(ticket.product, text))
    elif event.kind == Kind.CHANGED and event.data.get("field") == "owner":
        title = Words(f"工单 #{ticket.number} 交给了你", f"Ticket #{ticket.number} is yours now")
        _tell(event, title, ticket.subject, _owner(ticket))
    elif event.kind == Kind.RECEIVED and event.message is not None:
        title = Words(
            f"工单 #{ticket.number} 的用户回复了",
            f"The user of ticket #{ticket.number} wrote again",
        )
        _tell(event, title, event.message.text, _owner(ticket))
    elif event.kind == Kind.HANDED_OVER and ticket.team is not None:
        title = Words(
            f"工单 #{ticket.number} 转交给了{ticket.team.name}",
            f"Ticket #{ticket.number} is handed over to {ticket.team.name}",
        )
        _tell(event, title, ticket.subject, list(ticket.team.members.all()))


def mentioned(product: Product, text: str) -> list[User]:
    """The members of a product whose e-mail, its part before the @, or name stands after an @."""
    named = {each.lower().rstrip(".") for each in _MENTION.findall(text)}
    if not named:
        return []
    handling = members_with(Permission.HANDLE_TICKETS, product)
    known = {name for user in handling for name in _names(user)}
    meant = {_meant(each, known) for each in named}
    return [user for user in handling if meant & _names(user)]


def _meant(written: str, known: set[str]) -> str:
    """The name that stands there: Chinese goes on behind a name without a space."""
    begun = (each for each in known if not each.isascii() and written.startswith(each))
    return written if written in known else max(begun, key=len, default=written)


def mentionable(product: Product) -> list[tuple[str, str]]:
    """Who can be told by a note: what is to be written after the @, and how they are shown."""
    handling = members_with(Permission.HANDLE_TICKETS, product)
    written = {user.pk: "".join(user.name.split()) or user.email for user in handling}
    several = [each for each, count in Counter(written.values()).items() if count > 1]
    return [
        (user.email, f"{user.name} · {user.email}")
        if written[user.pk] in several
        else (written[user.pk], user.name or user.email)
        for user in handling
    ]


def _names(user: User) -> set[str]:
    name = "".join(user.name.split()).lower()
    return {user.email.lower(), user.email.lower().partition("@")[0], *filter(None, [name])}


def _owner(ticket: Ticket) -> list[User]:
    return [ticket.owner] if ticket.owner is not None else []


def _tell(event: TicketEvent, title: Words, text: str, members: list[User]) -> None:
    """Nobody is told of what they did themselves."""
    ticket = event.ticket
    others = [each for each in members if each.pk != event.by_id]
    if not others:
        return
    short = text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"
    link = reverse("tickets:one", args=[ticket.product.slug, ticket.number])
    message = Message(f"ticket-event-{event.pk}", title, Words(short, short), link)
    tell(ticket.product, message, members=others)
