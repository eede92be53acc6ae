"""What 钉钉 calls a company's robot with: JSON, and in the head a time and its HMAC-SHA256 with the app's secret.

The signature says who calls, not what: so answers leave to the platform's own hosts only, and a message is
taken once by its id.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from userops.feedback.channels.robots.hearing import (
    MOST_PICTURES,
    Call,
    Heard,
    Reply,
    document,
    listed,
    moment,
    plain,
    same,
    timely,
    unreadable,
    unsigned,
)

SKEW = 3_600
"""Seconds, as the platform's own manual has it."""
TAKEN = Reply("{}", "application/json")


def hear(call: Call, settings: Mapping[str, str]) -> Heard | Reply:
    """Raises `Refused`."""
    if call.method == "GET":
        return Reply("ok")
    stamp = call.headers.get("timestamp", "")
    right = signature_of(settings.get("app_secret", ""), stamp)
    if not same(right, call.headers.get("sign", "")):
        raise unsigned()
    timely(stamp[:-3], call.now, within=SKEW)
    return _heard(document(call.body))


def signature_of(secret: str, stamp: str) -> str:
    """Base64 of HMAC-SHA256 of the time, a line's end and the secret, with the secret as the key."""
    if not secret:
        return ""
    digest = hmac.new(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def _heard(given: dict[str, Any]) -> Heard | Reply:
    ids = (plain(given, "senderStaffId"), plain(given, "senderId"))
    known = tuple(each for each in ids if each)
    text, pictures = _said(given)
    if not known or not (text or pictures):
        return TAKEN
    if not plain(given, "msgId"):
        raise unreadable()
    return Heard(
        id=plain(given, "msgId"),
        sender=known[0],
        text=text,
        name=plain(given, "senderNick"),
        ids=known,
        chat=plain(given, "conversationId"),
        group=plain(given, "conversationType") == "2",
        at=moment(plain(given, "createAt")),
        session=plain(given, "sessionWebhook"),
        until=moment(plain(given, "sessionWebhookExpiredTime")),
        pictures=tuple(pictures[:MOST_PICTURES]),
        reply=TAKEN,
    )


def _said(given: dict[str, Any]) -> tuple[str, list[dict[str, str]]]:
    kind = plain(given, "msgtype")
    if kind == "text":
        return plain(given, "text", "content").strip(), []
    if kind == "audio":  # the platform writes down what was spoken
        return plain(given, "content", "recognition").strip(), []
    parts = listed(given, "content", "richText") if kind == "richText" else []
    if kind == "picture":
        parts = [given.get("content")]
    words = "".join(plain(part, "text") for part in parts)
    codes = [plain(part, "downloadCode") or plain(part, "pictureDownloadCode") for part in parts]
    return words.strip(), [{"code": each} for each in codes if each]
