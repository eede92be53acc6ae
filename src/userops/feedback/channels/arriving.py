"""A word comes in by a public door: who speaks, is it held, and the ticket it becomes."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.core import signing
from django.db import transaction

from userops.config import current
from userops.errors import Refused
from userops.events.models import Product
from userops.feedback.channels.actions import secret_of
from userops.feedback.channels.holding import (
    LONG,
    REASONS,
    SHORT,
    Before,
    Word,
    reasons,
    refused,
)
from userops.feedback.channels.models import Arrival, Channel
from userops.feedback.channels.speakers import Speaker, speaker_of
from userops.feedback.files.keeping import Kept, Upload, kept_uploads
from userops.feedback.hints import SHORTEN
from userops.feedback.tickets.actions import File, Incoming, add_note, open_ticket
from userops.feedback.tickets.models import Message, Ticket
from userops.words import Words

LONGEST = 10_000
"""Letters that a stranger may write at once."""
STAMP_AGE = timedelta(days=2)
LOOKED_AT = 200
"""Texts of the last day that a new one is compared with."""
_SALT = "feedback.form"


class FloodError(Refused):
    code = "too_many"
    status = 429
    retry = True


@dataclass(frozen=True, slots=True)
class Submission:
    """What the form sent. `said`: what the site says of its user, as JSON; `source`: form or widget."""

    text: str
    contact: str = ""
    category: int | None = None
    trap: str = ""
    stamp: str = ""
    said: str = ""
    language: str = ""
    source: str = "form"
    address: str = ""


def new_stamp(channel: Channel) -> str:
    """Tells when a form was opened, and names that opening."""
    return signing.dumps([channel.pk, secrets.token_urlsafe(12)], salt=_SALT)


def read_stamp(channel: Channel, stamp: str) -> tuple[str, float | None]:
    """(name, seconds since) of an opening; ("", None) when it is not ours, or old."""
    try:
        key, once = signing.loads(stamp, salt=_SALT, max_age=STAMP_AGE)
        signer = signing.TimestampSigner(salt=_SALT)
        opened = signing.b62_decode(stamp.rsplit(signer.sep, 2)[1])
    except (signing.BadSignature, ValueError, TypeError, IndexError):
        return "", None
    if key != channel.pk:
        return "", None
    return str(once), datetime.now(UTC).timestamp() - opened


def take_in(channel: Channel, sent: Submission, uploads: Iterable[Upload] = ()) -> Ticket:
    """The ticket that a word becomes; the same one when a page is sent twice. Raises `Refused`."""
    once, seconds = read_stamp(channel, sent.stamp)
    before = Arrival.objects.filter(channel=channel, once=once).select_related("ticket").first()
    if once and before is not None:
        return before.ticket
    options = channel.form
    speaker = speaker_of(
        sent.said, sent.contact, secret=secret_of(channel), signed_only=options.signature
    )
    text = _checked(sent.text)
    with (
        kept_uploads(channel.product, uploads if options.attachments else ()) as files,
        transaction.atomic(),
    ):
        sender = sender_of(sent.address)
        word = Word(text, sent.trap, _whole(seconds), speaker.verified, speaker.forged)
        held = _judged(channel, sender, word)
        return _opened(channel, sent, speaker, files, Arrival(
            channel=channel, at=datetime.now(UTC), sender=sender, verified=speaker.verified,
            once=once or secrets.token_urlsafe(12), reasons=held,
        ))  # fmt: skip


def _whole(seconds: float | None) -> float | None:
    # the stamp counts whole seconds: half a second may pass for more than one
    return None if seconds is None else seconds + 1


def _judged(channel: Channel, sender: str, word: Word) -> list[str]:
    before = before_now(channel, sender)
    if refused(before, verified=word.verified):
        raise FloodError(
            Words(
                "短时间内收到的反馈过多，请一小时后再试。",
                "Too much feedback came in a short time. Try again in an hour.",
            )
        )
    return reasons(word, before, channel.form.blocked)


def _opened(
    channel: Channel, sent: Submission, speaker: Speaker, files: tuple[Kept, ...], arrival: Arrival
) -> Ticket:
    ticket = open_ticket(
        channel.product,
        Incoming(
            text=_checked(sent.text),
            channel=sent.source,
            channel_key=channel.key,
            distinct_id=speaker.id,
            name=speaker.name,
            email=speaker.email,
            phone=speaker.phone,
            device=speaker.device,
            area=speaker.page,
            app_version=speaker.app_version,
            language=sent.language,
            category=sent.category,
            spam=bool(arrival.reasons),
            files=tuple(File.of(each) for each in files),
        ),
        acting_user=None,
    )
    arrival.ticket = ticket
    arrival.save()
    if arrival.reasons:
        add_note(ticket, held_note(arrival.reasons), acting_user=None)
    return ticket


def held_note(names: Iterable[str]) -> str:
    """Why it was held, for the members who look at it."""
    found = [REASONS[name] for name in names]
    both = Words(
        "已拦截：" + "；".join(each.zh for each in found) + "。",
        "Held back: " + "; ".join(each.en for each in found) + ".",
    )
    return both.text(current().language)


def before_now(channel: Channel, sender: str) -> Before:
    """What came by this channel before now."""
    now = datetime.now(UTC)
    rows = Arrival.objects.filter(channel=channel)
    mine = rows.filter(sender=sender)
    day = rows.filter(at__gte=now - timedelta(days=1)).order_by("-at")
    return Before(
        sender_short=mine.filter(at__gte=now - SHORT).count(),
        sender_long=mine.filter(at__gte=now - LONG).count(),
        channel_short=rows.filter(at__gte=now - SHORT).count(),
        channel_long=rows.filter(at__gte=now - LONG).count(),
        texts=tuple(day.values_list("ticket__text", flat=True)[:LOOKED_AT]),
    )


def sender_of(address: str) -> str:
    """A keyed hash of a network address: neighbours of an IPv6 network are one sender."""
    shown = ":".join(address.split(":")[:4]) if ":" in address else address
    key = current().secret_key().encode()
    return hmac.new(key, f"sender:{shown}".encode(), hashlib.sha256).hexdigest()


def taken_before(product: Product, external_id: str) -> Ticket | None:
    """The ticket that already has words of this name."""
    rows = Message.objects.filter(ticket__product=product, external_id=external_id)
    found = rows.select_related("ticket").first()
    return found.ticket if found else None


def _checked(text: str) -> str:
    plain = text.replace("\x00", "").strip()
    if not 0 < len(plain) <= LONGEST:
        raise Refused(
            Words(
                f"请写下 1 到 {LONGEST:,} 个字，实际为 {len(plain):,} 个。",
                f"Please write 1 to {LONGEST:,} characters; got {len(plain):,}.",
            ),
            code="feedback_text_invalid",
            hint=SHORTEN,
        )
    return plain
