"""Mails that were put aside, as programs and commands are told of them."""

from __future__ import annotations

from typing import Any

from userops.feedback.channels.mail.aside.keeping import raw_of
from userops.feedback.channels.mail.parsing import parsed
from userops.feedback.channels.models import AsideMail


def told(row: AsideMail) -> dict[str, Any]:
    return {
        "id": row.pk,
        "channel": row.channel_id,
        "at": row.at,
        "reason": row.reason,
        "detail": row.detail,
        "sender": row.sender,
        "subject": row.subject,
        "size": row.size,
        "ticket": row.ticket.number if row.ticket else None,
    }


def whole(row: AsideMail) -> dict[str, Any]:
    """With its words as plain text. Raises `NotFound` when its file is gone."""
    mail = parsed(raw_of(row))
    return {**told(row), "text": mail.text, "files": [each.name for each in mail.files]}
