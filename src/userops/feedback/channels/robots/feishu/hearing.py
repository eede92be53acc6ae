"""What 飞书 (or Lark) calls with: events of version 2, encrypted and signed when the app has an Encrypt Key.

Signature: SHA-256 of time, nonce, key and body, in hex. Encrypted: AES-256-CBC with the SHA-256 of the key; the
first 16 bytes are the vector. The verification token stands in every event, encrypted or not.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from userops.errors import Refused
from userops.feedback.channels.robots.deciphering import BLOCK, deciphered, from_base64
from userops.feedback.channels.robots.hearing import (
    MOST_PICTURES,
    Call,
    Heard,
    Reply,
    at,
    document,
    listed,
    moment,
    plain,
    same,
    timely,
    unsigned,
)

SKEW = 7 * 3_600
"""Seconds. The platform tries again after 15 s, 5 min, 1 h and 6 h, and may do it with the time of its first try.
What is played again is taken once by its id."""
TAKEN = Reply("{}", "application/json")
SAID = "im.message.receive_v1"
_KEY = re.compile(r"@_(?:user_\d+|all)")


def hear(call: Call, settings: Mapping[str, str]) -> Heard | Reply:
    """Raises `Refused`."""
    if call.method == "GET":
        return Reply("ok")
    given = document(call.body)
    key = settings.get("encrypt_key", "")
    if key:
        given = document(open_sealed(key, plain(given, "encrypt")))
    challenge = given.get("type") == "url_verification"
    token = plain(given, "token") or plain(given, "header", "token")
    if not same(settings.get("token", ""), token):
        raise unsigned()
    if challenge:
        return Reply(json.dumps({"challenge": plain(given, "challenge")}), "application/json")
    if key:
        _signed(call, key)
    if plain(given, "header", "event_type") != SAID:
        return TAKEN
    return _heard(at(given, "event"))


def open_sealed(key: str, sealed: str) -> bytes:
    """What is encrypted with an Encrypt Key. Raises `Refused`."""
    data = from_base64(sealed)
    digest = hashlib.sha256(key.encode()).digest()
    return deciphered(digest, data[:BLOCK], data[BLOCK:])


def signature_of(key: str, stamp: str, nonce: str, body: bytes) -> str:
    return hashlib.sha256(f"{stamp}{nonce}{key}".encode() + body).hexdigest()


def _signed(call: Call, key: str) -> None:
    stamp = call.headers.get("x-lark-request-timestamp", "")
    nonce = call.headers.get("x-lark-request-nonce", "")
    right = signature_of(key, stamp, nonce, call.body)
    if not same(right, call.headers.get("x-lark-signature", "").lower()):
        raise unsigned()
    timely(stamp, call.now, within=SKEW)


def _heard(event: Any) -> Heard | Reply:
    message = at(event, "message")
    names = ("user_id", "union_id", "open_id")
    ids = tuple(filter(None, (plain(event, "sender", "sender_id", each) for each in names)))
    mentions = {plain(each, "key"): each for each in listed(message, "mentions")}
    text, pictures = _said(message)
    group = plain(message, "chat_type") == "group"
    open_id = plain(event, "sender", "sender_id", "open_id")
    by_machine = plain(event, "sender", "sender_type") not in ("", "user")
    # in a group people talk to each other; what is meant for the robot mentions somebody, or answers in a thread
    meant = mentions or not group or plain(message, "root_id")
    if by_machine or not ids or not plain(message, "message_id") or not meant:
        return TAKEN
    if not (text or pictures):
        return TAKEN
    return Heard(
        id=plain(message, "message_id"),
        sender=open_id or ids[0],
        text=_named(text, mentions),
        ids=ids,
        chat=plain(message, "chat_id"),
        group=group,
        at=moment(plain(message, "create_time")),
        thread=tuple(filter(None, (plain(message, "parent_id"), plain(message, "root_id")))),
        pictures=tuple(pictures[:MOST_PICTURES]),
        reply=TAKEN,
    )


def _named(text: str, mentions: dict[str, Any]) -> str:
    """Without the robot's name at the beginning; other people by their names."""
    while found := re.match(r"\s*(@_(?:user_\d+|all))\s*", text):
        text = text[found.end() :]
    return _KEY.sub(lambda key: f"@{plain(mentions.get(key[0]), 'name')}", text).strip()


def _said(message: Any) -> tuple[str, list[dict[str, str]]]:
    kind, written = plain(message, "message_type"), plain(message, "content")
    try:
        content = document(written)
    except Refused:
        return "", []
    picture = {"message": plain(message, "message_id")}
    if kind == "text":
        return plain(content, "text"), []
    if kind == "image":
        key = plain(content, "image_key")
        return "", [{**picture, "key": key}] if key else []
    return _post(content, picture) if kind == "post" else ("", [])


def _post(content: dict[str, Any], picture: dict[str, str]) -> tuple[str, list[dict[str, str]]]:
    """A text with paragraphs; with its languages around it where it was sent by a program."""
    whole = content if "content" in content else next(iter(content.values()), {})
    lines, pictures = [plain(whole, "title")], []
    for paragraph in listed(whole, "content"):
        line = ""
        for part in paragraph if isinstance(paragraph, list) else ():
            tag = plain(part, "tag")
            if tag == "img" and plain(part, "image_key"):
                pictures.append({**picture, "key": plain(part, "image_key")})
            elif tag == "at":
                line += plain(part, "user_id")
            elif tag in ("text", "a", "code_block"):
                line += plain(part, "text")
        lines.append(line)
    return "\n".join(each for each in lines if each).strip(), pictures
