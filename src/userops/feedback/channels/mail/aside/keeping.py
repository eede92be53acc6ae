"""Mails are put aside as files, and forgotten after some weeks."""

from __future__ import annotations

import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

from userops.config import current
from userops.errors import NotFound
from userops.feedback.channels.mail.judging import Judgement
from userops.feedback.channels.mail.parsing import Mail, parsed
from userops.feedback.channels.models import AsideMail, Channel
from userops.words import Words

DAYS = 30
"""How long a mail is kept aside, unless its mailbox says otherwise."""
MOST_DAYS = 365
Reason = AsideMail.Reason


def put_aside(channel: Channel, raw: bytes, reason: str, detail: str = "") -> AsideMail:
    """Once for each mail, however often it is read."""
    digest = hashlib.sha256(raw).hexdigest()
    before = AsideMail.objects.filter(channel=channel, digest=digest).first()
    if before is not None:
        return before
    mail = parsed(raw)
    name = f"mail-{channel.pk}-{secrets.token_urlsafe(12)}.eml"
    path = _folder() / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)
    return AsideMail.objects.create(
        channel=channel, at=datetime.now(UTC), reason=reason, detail=_line(detail), sender=mail.address[:254],
        subject=mail.subject[:500], digest=digest, stored=name, size=len(raw),
    )  # fmt: skip


def put_machine_aside(channel: Channel, raw: bytes, mail: Mail, judgement: Judgement) -> AsideMail:
    """A machine's mail that belongs to no ticket."""
    reason = Reason.BOUNCE if judgement.writer == "server" else Reason.AUTOMATIC
    return put_aside(channel, raw, reason, judgement.detail or mail.said[:500])


def _line(text: str) -> str:
    return " ".join(text.replace("\x00", "").split())[:500]


def raw_of(row: AsideMail) -> bytes:
    """The mail as it came. Raises `NotFound` when its file is gone."""
    try:
        return (_folder() / row.stored).read_bytes()
    except OSError:
        raise NotFound(
            Words("这封邮件的文件已不在。", "The file of this mail is gone."),
            code="aside_file_gone",
            hint=Words(
                "请删除这条记录，并在邮箱中查看原邮件。",
                "Delete this entry, and look for the mail in the mailbox.",
            ),
        ) from None


def drop(row: AsideMail) -> None:
    (_folder() / row.stored).unlink(missing_ok=True)
    row.delete()


def drop_old(now: datetime | None = None) -> int:
    """Forget what has lain aside long enough; answers how many."""
    now = now or datetime.now(UTC)
    count = 0
    for channel in Channel.objects.filter(aside__isnull=False).distinct():
        before = now - timedelta(days=days_of(channel))
        for row in AsideMail.objects.filter(channel=channel, at__lt=before):
            drop(row)
            count += 1
    return count


def days_of(channel: Channel) -> int:
    found = channel.options.get("aside_days")
    return found if isinstance(found, int) and 1 <= found <= MOST_DAYS else DAYS


def _folder() -> Path:
    return current().data / "quarantine"
