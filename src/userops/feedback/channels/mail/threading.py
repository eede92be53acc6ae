"""Which ticket a mail belongs to: by the ids of the mails before it, and by a mark in the subject.

The mark is signed: a stranger who writes `[#12]` into a subject gets into nobody's ticket.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable

from userops.config import current
from userops.events.models import Product
from userops.feedback.tickets.models import Message, Ticket

_MARK = re.compile(r"\[#(\d{1,18})-([0-9a-f]{10})\]")
_OURS = re.compile(r"<(?:answer|told)-\d+\.(\d{1,18})\.([0-9a-f]{10})@[^<>\s]+>")
MOST_IDS = 50


def sign(ticket: Ticket) -> str:
    """Ten letters that only this installation makes for this ticket."""
    key = current().secret_key().encode()
    return hmac.new(key, f"mail:{ticket.secret}".encode(), hashlib.sha256).hexdigest()[:10]


def mark(ticket: Ticket) -> str:
    """What stands in the subject of our mails."""
    return f"[#{ticket.number}-{sign(ticket)}]"


def message_id(ticket: Ticket, name: str, host: str) -> str:
    """The same at every try: a mail program shows a mail that came twice once."""
    return f"<{name}.{ticket.number}.{sign(ticket)}@{host}>"


def ticket_of(product: Product, ids: Iterable[str], subject: str) -> Ticket | None:
    """The ticket of the newest known id, else of the subject's mark; None when nothing fits."""
    known = [each for each in dict.fromkeys(ids) if each][:MOST_IDS]
    for found in (*(_OURS.fullmatch(each) for each in known), *_MARK.finditer(subject)):
        ticket = _signed(product, found)
        if ticket is not None:
            return ticket
    rows = Message.objects.filter(ticket__product=product, external_id__in=known)
    newest = rows.select_related("ticket").order_by("-at", "-pk").first()
    return newest.ticket if newest else None


def _signed(product: Product, found: re.Match[str] | None) -> Ticket | None:
    if found is None:
        return None
    ticket = Ticket.objects.filter(product=product, number=int(found[1])).first()
    return ticket if ticket and hmac.compare_digest(sign(ticket), found[2]) else None


def plain_subject(subject: str) -> str:
    """Without our mark and without signs of answering."""
    bare = _MARK.sub("", subject)
    return " ".join(
        re.sub(r"(?i)^(\s*(re|aw|sv|fw|fwd|答复|回复|转发)\s*[:：])+", "", bare).split()
    )
