"""A word from a chat becomes part of a ticket: of the one that is being talked about, or a new one. Once.

Which one: the ticket whose message it answers (a thread of 飞书), even if it has ended; else the sender's newest
ticket in the same chat that is active, or was solved not longer than `AFTERWARDS` ago; else a new one.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

from django.db import IntegrityError, transaction

from userops.events.models import UserId
from userops.feedback.channels.arriving import before_now, held_note, sender_of
from userops.feedback.channels.holding import LONG, Word, reasons
from userops.feedback.channels.models import Arrival, Channel, Talk
from userops.feedback.channels.robots.hearing import Heard
from userops.feedback.tickets.actions import Incoming, add_note, open_ticket, receive
from userops.feedback.tickets.family import top_of
from userops.feedback.tickets.incoming import LONGEST_TEXT
from userops.feedback.tickets.models import ACTIVE, Message, Status, Ticket
from userops.notices.sealing import seal
from userops.text.language import language_of
from userops.words import Words

AFTERWARDS = timedelta(days=3)
MOST_WORDS = 120
"""Of one sender within an hour; what goes beyond is not taken, and the channel says so."""
PICTURE = "[图片]"
TOO_MANY = Words(
    f"有发送者一小时内发送超过 {MOST_WORDS} 条消息，超出部分未收录。",
    f"A sender wrote more than {MOST_WORDS} messages within an hour; what went beyond was not taken.",
)


def take_word(channel: Channel, heard: Heard) -> Message | None:
    """What the word has become; None when it was taken before, or is too much."""
    once = hashlib.sha256(f"robot:{heard.id}".encode()).hexdigest()
    sender = sender_of(f"robot {heard.sender}")
    rows = Arrival.objects.filter(channel=channel)
    if rows.filter(once=once).exists():
        return None
    if rows.filter(sender=sender, at__gte=datetime.now(UTC) - LONG).count() >= MOST_WORDS:
        Channel.objects.filter(pk=channel.pk).update(problem=TOO_MANY.as_dict())
        return None
    arrival = Arrival(
        channel=channel, at=datetime.now(UTC), sender=sender, once=once, verified=True
    )
    try:
        with transaction.atomic():
            return _said(channel, heard, arrival)
    except IntegrityError:
        if rows.filter(once=once).exists():
            return None  # the platform called twice at the same time
        raise


def _said(channel: Channel, heard: Heard, arrival: Arrival) -> Message:
    incoming = _incoming(channel, heard)
    ticket = going_on(channel, heard)
    if ticket is not None:
        message = receive(ticket, incoming)
    else:
        held = _held(channel, heard, arrival.sender)
        arrival.reasons = held
        message = _opened(channel, incoming, held)
    arrival.ticket = message.ticket
    arrival.save()
    _remember(channel, heard, message.ticket)
    return message


def going_on(channel: Channel, heard: Heard) -> Ticket | None:
    """The ticket that the word goes on with; None where it begins something."""
    names = [f"{channel.kind}:{each}" for each in heard.thread]
    answered = Message.objects.filter(ticket__product=channel.product_id, external_id__in=names)
    found = answered.select_related("ticket").order_by("-at", "-pk").first()
    if found is not None:
        return found.ticket
    talks = Talk.objects.filter(channel=channel, sender=heard.sender[:200], chat=heard.chat[:200])
    newest = talks.select_related("ticket").order_by("-ticket__heard", "-ticket__pk").first()
    if newest is None:
        return None
    top = top_of(newest.ticket)
    solved = top.status == Status.SOLVED and top.solved is not None
    recent = solved and top.solved is not None and datetime.now(UTC) - top.solved <= AFTERWARDS
    return newest.ticket if top.status in ACTIVE or recent else None


def _incoming(channel: Channel, heard: Heard) -> Incoming:
    text = heard.text.replace("\x00", "")[:LONGEST_TEXT] or PICTURE
    return Incoming(
        text=without_robot(text, str(channel.options.get("robot_name", ""))) or PICTURE,
        channel=channel.kind,
        channel_key=channel.key,
        distinct_id=_known(channel, heard),
        name=heard.name,
        language="en" if language_of(text) == "en" else "zh-hans",
        at=heard.at,
        external_id=f"{channel.kind}:{heard.id}",
    )


def without_robot(text: str, name: str) -> str:
    """Without the robot's name at the beginning, as some platforms leave it there."""
    plain = text.strip()
    for each in (f"@{name}",) if name else ():
        if plain.startswith(each):
            return plain[len(each) :].strip()
    if not name and plain.startswith("@"):
        return plain.partition(" ")[2].strip() or plain
    return plain


def _known(channel: Channel, heard: Heard) -> str:
    """The one of the sender's ids by which the product knows a person, else the platform's own."""
    ids = [each[:400] for each in dict.fromkeys((*heard.ids, heard.sender))]
    rows = UserId.objects.filter(product=channel.product_id, distinct_id__in=ids)
    known = set(rows.values_list("distinct_id", flat=True))
    return next((each for each in ids if each in known), ids[0])


def _held(channel: Channel, heard: Heard, sender: str) -> list[str]:
    blocked = channel.options.get("blocked", ())
    # people write in chats in short lines: how many there are says nothing
    word = Word(heard.text, seconds=3_600, verified=True)
    found = reasons(word, before_now(channel, sender), blocked)
    return [each for each in found if each != "sender"]


def _opened(channel: Channel, incoming: Incoming, held: list[str]) -> Message:
    from dataclasses import replace

    fresh = replace(incoming, spam=bool(held))
    ticket = open_ticket(channel.product, fresh, acting_user=None)
    if held:
        add_note(ticket, held_note(held), acting_user=None)
    return ticket.messages.filter(direction=Message.Direction.IN).get()


def _remember(channel: Channel, heard: Heard, ticket: Ticket) -> None:
    Talk.objects.update_or_create(
        ticket=ticket,
        defaults={
            "channel": channel,
            "sender": heard.sender[:200],
            "chat": heard.chat[:200],
            "group": heard.group,
            "heard": heard.id[:200],
            "session": seal(heard.session) if heard.session else "",
            "until": heard.until,
        },
    )
