"""A mail becomes words of a ticket: the one it answers, or a new one. The same mail is taken once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from django.conf import settings
from django.db import transaction

from userops.config import current
from userops.feedback.channels.arriving import before_now, held_note, sender_of
from userops.feedback.channels.holding import LONG, Word, reasons
from userops.feedback.channels.mail.aside.keeping import put_machine_aside
from userops.feedback.channels.mail.judging import Judgement, judged
from userops.feedback.channels.mail.parsing import Mail, parsed
from userops.feedback.channels.mail.threading import plain_subject, ticket_of
from userops.feedback.channels.models import Arrival, Channel
from userops.feedback.files.keeping import MOST_FILES, Kept, discard, keep
from userops.feedback.files.recognising import FileRefused
from userops.feedback.tickets.actions import File, Incoming, add_note, open_ticket, receive
from userops.feedback.tickets.models import Message, Source, Ticket
from userops.words import Words

MOST_IN_THREAD = 20
"""Mails of one sender on one ticket within an hour: more are two machines that talk to each other."""


def take_mail(channel: Channel, raw: bytes) -> Ticket | None:
    """The ticket that the mail is now part of; None for one that was taken before, or tells nothing."""
    mail = parsed(raw)
    known = Message.objects.filter(ticket__product=channel.product_id, external_id=mail.id)
    if known.exists() or Arrival.objects.filter(channel=channel, once=_once(mail)).exists():
        return None
    addresses = (channel.options.get("address", ""), settings.DEFAULT_FROM_EMAIL)
    own = frozenset(str(each).lower() for each in addresses)
    judgement = judged(mail, raw, own)
    ticket = ticket_of(channel.product, (*judgement.about, *mail.ids), mail.subject)
    if judgement.writer != "person":
        if ticket is None:
            put_machine_aside(channel, raw, mail, judgement)
            return None
        return _noted(ticket, mail, judgement)
    kept, refused = files_of(channel, mail)
    try:
        with transaction.atomic():
            found = _said(channel, mail, ticket, kept)
            if refused:
                add_note(found, "\n".join(refused), acting_user=None)
            return found
    except BaseException:
        for each in kept:
            discard(channel.product_id, each.key)
        raise


def _once(mail: Mail) -> str:
    return f"mail:{sender_of(mail.id)}"[:64]


def _noted(ticket: Ticket, mail: Mail, judgement: Judgement) -> Ticket:
    """A machine's mail is seen by members and moves nothing: no answer, no reopening, no new ticket."""
    words = (
        Words("邮件未送达", "The mail was not delivered")
        if judgement.writer == "server"
        else Words("自动回复", "Automatic reply")
    )
    english = ticket.language.startswith("en")
    detail = judgement.detail or mail.said[:1_000] or mail.subject
    note = add_note(ticket, f"{words.text('en' if english else 'zh')}: {detail}", acting_user=None)
    # so that it is not noted again
    Message.objects.filter(pk=note.pk).update(external_id=mail.id[:300])
    return ticket


def _said(channel: Channel, mail: Mail, ticket: Ticket | None, kept: list[Kept]) -> Ticket:
    sender = sender_of(f"mail {mail.address.lower()}")
    incoming = Incoming(
        text=(mail.said if ticket else mail.text) or plain_subject(mail.subject) or "–",
        subject=plain_subject(mail.subject),
        channel=Source.MAIL,
        channel_key=channel.key,
        name=mail.name,
        email=mail.address,
        at=mail.at,
        html=mail.html,
        external_id=mail.id,
        files=tuple(File.of(each) for each in kept),
    )
    if ticket is not None and not _loops(ticket, sender, channel):
        found = receive(ticket, incoming).ticket
        known = Arrival.objects.filter(ticket=found, sender=sender).exists()
        if not known and mail.address.lower() != found.email.lower():
            add_note(found, _another(mail.address), acting_user=None)
        _arrived(channel, mail, sender, found, [])
        return found
    before = before_now(channel, sender)
    word = Word(incoming.text, seconds=3_600, nobody=not mail.address)
    held = reasons(word, before, channel.options.get("blocked", ()))
    held = [each for each in held if each != "links"]  # mails quote addresses and carry footers
    fresh = replace(incoming, spam=bool(held))
    found = open_ticket(channel.product, fresh, acting_user=None)
    _arrived(channel, mail, sender, found, held)
    if held:
        add_note(found, held_note(held), acting_user=None)
    return found


def _another(address: str) -> str:
    """Said once of each: whoever was sent our mail can answer it."""
    return Words(
        f"上一条由 {address} 发来，不是这张工单的用户地址。",
        f"The last words came from {address}, which is not the address of this ticket’s user.",
    ).text(current().language)


def _loops(ticket: Ticket, sender: str, channel: Channel) -> bool:
    since = datetime.now(UTC) - LONG
    rows = Arrival.objects.filter(channel=channel, sender=sender, ticket=ticket, at__gte=since)
    return rows.count() >= MOST_IN_THREAD


def _arrived(channel: Channel, mail: Mail, sender: str, ticket: Ticket, held: list[str]) -> None:
    Arrival.objects.create(
        channel=channel, at=datetime.now(UTC), sender=sender, once=_once(mail), reasons=held, ticket=ticket
    )  # fmt: skip


def files_of(channel: Channel, mail: Mail) -> tuple[list[Kept], list[str]]:
    """The files that are taken, and what is said of those that are not: a mail is not refused for them."""
    kept: list[Kept] = []
    refused: list[str] = []
    for name, data, content_id in mail.files:
        try:
            if len(kept) >= MOST_FILES * 2:
                raise FileRefused(Words("附件过多。", "Too many files."))
            kept.append(replace(keep(channel.product, name, data), content_id=content_id))
        except FileRefused as wrong:
            shown = " ".join(name.split())[:80]
            refused.append(f"{shown}: {wrong.words.text(current().language)}")
    return kept, refused
