"""Who wrote a mail: a person, a machine that answers by itself, or a server that could not deliver ours.

RFC 3834 (Auto-Submitted), RFC 3464 (delivery status), and what programs did before them.
"""

from __future__ import annotations

import email.policy
import re
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from typing import Literal

from userops.feedback.channels.mail.parsing import Mail, decoded, parts

Writer = Literal["person", "machine", "server"]
_AWAY = re.compile(
    r"(?i)^\s*(?:(?:re|回复|答复)\s*[:：]\s*)?[\[【]?(?:"
    r"(?:自动(?:回复|答复|应答)|自動回覆|自動返信)(?=\s*(?:[:：\]】]|$))|auto(?:matic)?[ -]?(?:reply|response)"
    r"|out of (?:the )?office|automatische antwort|réponse automatique|respuesta automática)"
)
_DAEMON = re.compile(r"(?i)^(?:mailer-daemon|postmaster|mail-daemon|bounces?)(?:[+=-].*)?@")


@dataclass(frozen=True, slots=True)
class Judgement:
    """`about`: ids of our mails that could not be delivered; `detail`: what the server said."""

    writer: Writer
    about: tuple[str, ...] = ()
    detail: str = ""


def judged(mail: Mail, raw: bytes, own_addresses: frozenset[str]) -> Judgement:
    """What kind of mail it is. A mail from ourselves is a machine's: it never opens anything."""
    headers = mail.headers
    kind = headers.get("content-type", "").lower()
    if _is_report(kind) or _DAEMON.match(mail.address):
        return _report(raw)
    submitted = headers.get("auto-submitted", "no").partition(";")[0].strip().lower()
    machine = (
        submitted not in ("no", "")
        or any(
            name in headers
            for name in ("x-autoreply", "x-autorespond", "x-autoresponse", "list-id")
        )
        or headers.get("precedence", "").lower() in ("bulk", "junk", "list", "auto_reply")
        or headers.get("return-path", "") == "<>"
        or bool(_AWAY.match(mail.subject))
        or mail.address.lower() in own_addresses
    )
    return Judgement("machine" if machine else "person")


def _is_report(kind: str) -> bool:
    return kind.startswith("multipart/report") and "disposition-notification" not in kind


def _report(raw: bytes) -> Judgement:
    message = message_from_bytes(raw, policy=email.policy.default)
    about: list[str] = []
    detail = ""
    for part in parts(message):
        kind = part.get_content_type()
        words = _inner(part) if kind.startswith(("message/", "text/rfc822")) else ""
        if kind == "message/delivery-status":
            lines = [each.strip() for each in words.splitlines() if ":" in each]
            told = ("final-recipient", "status", "diagnostic-code")
            detail = "; ".join(each for each in lines if each.lower().startswith(told))[:500]
        elif words:
            about += re.findall(r"(?im)^message-id:\s*(<[^<>\s]{1,290}>)", words)
    if not about:  # servers that write a plain letter quote the head of ours
        plain = "\n".join(
            decoded(part) for part in parts(message) if part.get_content_maintype() == "text"
        )
        about = re.findall(r"(?im)^\s*message-id:\s*(<[^<>\s]{1,290}>)", plain)
    return Judgement("server", tuple(dict.fromkeys(about)), detail)


def _inner(part: EmailMessage) -> str:
    payload = part.get_payload()
    if isinstance(payload, list):
        return "\n".join(str(each) for each in payload)
    return decoded(part)
