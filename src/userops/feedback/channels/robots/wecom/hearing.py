"""What 企业微信 calls with: an encrypted envelope, in XML or JSON, that holds a message in XML or JSON.

Robots of groups (XML or JSON, `WebhookUrl`), smart robots (JSON, `response_url`) and applications (XML, flat)
are told apart by their fields alone: names are compared in lower case and without underscores.
Signature: SHA-1 of token, timestamp, nonce and envelope, sorted. Key: Base64 of the EncodingAESKey and “=”.
Inside: 16 random bytes, 4 bytes of length, the message, and whom it is for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from lxml import etree

from userops.feedback.channels.robots.deciphering import deciphered, from_base64
from userops.feedback.channels.robots.hearing import (
    DEEPEST,
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
    unreadable,
    unsigned,
)

SKEW = 3_600
SESSION = timedelta(minutes=55)
"""The platform takes an answer to a smart robot's message for an hour, and one only."""
_PADDED_TO = 32


def hear(call: Call, settings: Mapping[str, str]) -> Heard | Reply:
    """Raises `Refused`."""
    if call.method == "GET":
        return Reply(
            _opened(call, settings, call.query.get("echostr", "")).decode("utf-8", "replace")
        )
    sealed = plain(_fields(call.body), "encrypt")
    return _heard(_fields(_opened(call, settings, sealed)), call, sealed)


def signature_of(token: str, timestamp: str, nonce: str, sealed: str) -> str:
    joined = "".join(sorted((token, timestamp, nonce, sealed)))
    return hashlib.sha1(joined.encode(), usedforsecurity=False).hexdigest()


def key_of(aes_key: str) -> bytes:
    """The 43 letters of the EncodingAESKey as 32 bytes."""
    return from_base64(f"{aes_key}=")


def _opened(call: Call, settings: Mapping[str, str], sealed: str) -> bytes:
    stamp, nonce = call.query.get("timestamp", ""), call.query.get("nonce", "")
    right = signature_of(settings.get("token", ""), stamp, nonce, sealed)
    if not sealed or not same(right, call.query.get("msg_signature", "").lower()):
        raise unsigned()
    timely(stamp, call.now, within=SKEW)
    return open_sealed(settings, sealed)


def open_sealed(settings: Mapping[str, str], sealed: str) -> bytes:
    """The message in an envelope whose signature is right. Raises `Refused`."""
    key = key_of(settings.get("aes_key", ""))
    inside = deciphered(key, key[:16], from_base64(sealed), padded_to=_PADDED_TO)
    length = int.from_bytes(inside[16:20], "big")
    message, receiver = inside[20 : 20 + length], inside[20 + length :]
    wanted = settings.get("receive_id", "")
    if len(inside) < 20 or len(message) != length:
        raise unreadable()
    if wanted and receiver.decode("utf-8", "replace") != wanted:
        raise unsigned()
    return message


def _fields(data: bytes) -> dict[str, Any]:
    """XML or JSON as nested fields. Raises `Refused`."""
    if not data.lstrip().startswith(b"<"):
        named: dict[str, Any] = _named(document(data), DEEPEST)
        return named
    reading = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
    )
    try:
        root = etree.fromstring(data.strip(), reading)
    except (etree.XMLSyntaxError, ValueError):
        raise unreadable() from None
    if root.getroottree().docinfo.doctype or root.getroottree().docinfo.internalDTD is not None:
        raise unreadable()
    found = _element(root, DEEPEST)
    return found if isinstance(found, dict) else {}


def _element(element: Any, depth: int) -> Any:
    children = [each for each in element if isinstance(each.tag, str)]
    if not children or depth == 0:
        return (element.text or "").strip()
    found: dict[str, Any] = {}
    for each in children:
        name, value = _name(each.tag), _element(each, depth - 1)
        if name == "msgitem":
            found.setdefault(name, []).append(value)
        else:
            found.setdefault(name, value)
    return found


def _name(name: str) -> str:
    return name.rpartition("}")[2].replace("_", "").lower()


def _named(value: Any, depth: int) -> Any:
    if isinstance(value, dict) and depth:
        return {_name(name): _named(each, depth - 1) for name, each in value.items()}
    if isinstance(value, list) and depth:
        return [_named(each, depth - 1) for each in value]
    return value


def _heard(given: dict[str, Any], call: Call, sealed: str) -> Heard | Reply:
    sender = plain(given, "from", "userid") or plain(given, "fromusername")
    text, pictures = _said(given)
    if not sender or not (text or pictures):
        return Reply()  # an event: somebody came into the chat, or left it
    group = plain(given, "chattype") not in ("", "single")
    once = plain(given, "responseurl")
    seconds = plain(given, "createtime")
    # the platform writes some of its addresses without encryption; it answers the others too
    session = (plain(given, "webhookurl") or once).replace("http://", "https://", 1)
    return Heard(
        id=plain(given, "msgid") or hashlib.sha256(sealed.encode()).hexdigest(),
        sender=sender,
        text=text,
        name=plain(given, "from", "name") or plain(given, "from", "alias"),
        chat=plain(given, "chatid"),
        group=group,
        at=moment(f"{seconds}000") if seconds else None,
        session=session,
        until=call.now + SESSION if once else None,
        pictures=tuple(pictures[:MOST_PICTURES]),
    )


def _said(given: dict[str, Any]) -> tuple[str, list[dict[str, str]]]:
    """The words and the pictures of a message of any kind; nothing of an event."""
    parts = listed(given, "mixedmessage", "msgitem") or listed(given, "mixed", "msgitem") or [given]
    words, pictures = [], []
    # what smart robots are sent is sealed with the robot's own key
    sealed = {"sealed": "yes"} if plain(given, "aibotid") else {}
    for part in parts:
        kind = plain(part, "msgtype")
        text = plain(part, kind, "content") or (plain(part, "content") if kind == "text" else "")
        address = (
            plain(part, "image", "imageurl") or plain(part, "image", "url") or plain(part, "picurl")
        )
        if kind in ("text", "voice") and text:
            words.append(text)
        elif kind == "image" and address:
            pictures.append({"url": address.replace("http://", "https://", 1), **sealed})
    quoted = plain(at(given, "quote"), "text", "content")
    if quoted and words:
        words.insert(0, f"> {quoted}")
    return "\n".join(words).strip(), pictures
