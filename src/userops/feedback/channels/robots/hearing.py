"""What a platform calls us with, and what we make of it: a word that was heard, or an answer to the platform."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import msgspec

from userops.errors import Refused
from userops.words import Words

DEEPEST = 20
MOST_PICTURES = 5


@dataclass(frozen=True, slots=True)
class Call:
    """One request of a platform. Names of headers are lower case."""

    method: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    now: datetime


@dataclass(frozen=True, slots=True)
class Reply:
    """What the platform is answered at once; nothing is heard."""

    text: str = ""
    media: str = "text/plain"


@dataclass(frozen=True, slots=True)
class Heard:
    """A word of a person. `ids`: all by which the platform knows the sender; `session`: where he can be
    answered until `until`; `thread`: ids of earlier messages that this one answers; `pictures`: as the platform
    names them."""

    id: str
    sender: str
    text: str
    name: str = ""
    ids: tuple[str, ...] = ()
    chat: str = ""
    group: bool = False
    at: datetime | None = None
    session: str = ""
    until: datetime | None = None
    thread: tuple[str, ...] = ()
    pictures: tuple[dict[str, str], ...] = ()
    reply: Reply = field(default_factory=Reply)


class CallRefused(Refused):
    """The call is not of the platform, or not of now."""

    code = "robot_call_refused"
    status = 403


def unsigned() -> CallRefused:
    return CallRefused(
        Words("签名或令牌与设置不符。", "The signature or token does not agree with the settings."),
        code="robot_signature_wrong",
        hint=Words("请核对渠道设置与平台后台。", "Compare the settings here and there."),
    )


def unreadable() -> Refused:
    return Refused(
        Words("无法读取这次回调的内容。", "What was called with cannot be read."),
        code="robot_call_unreadable",
        hint=Words(
            "请核对平台上的加密方式与密钥是否与渠道一致。",
            "Check that encryption and keys on the platform are those of the channel.",
        ),
    )


def same(one: str, other: str) -> bool:
    """Compared in a time that tells nothing; nothing is the same as nothing."""
    return bool(one) and hmac.compare_digest(one.encode(), other.encode())


def timely(seconds: str, now: datetime, *, within: float) -> None:
    """Raises `CallRefused` for a call of another time: it may be an old one that is played again."""
    plain = seconds.strip()
    at = float(plain) if plain.isascii() and plain.isdigit() and len(plain) < 16 else 0.0
    if abs(now.timestamp() - at) > within:
        raise CallRefused(
            Words(
                "这次回调的时间与服务器相差过大。",
                "The time of the call is too far from the server's.",
            ),
            code="robot_call_old",
            hint=Words("请检查服务器时钟。", "Check the clock of the server."),
        )


def document(text: bytes | str) -> dict[str, Any]:
    """A JSON object, not deeper than anybody needs. Raises `Refused`."""
    try:
        found = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise unreadable() from None
    if not isinstance(found, dict) or _deeper(found, DEEPEST):
        raise unreadable()
    return found


def _deeper(value: Any, than: int) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return than == 0 or any(_deeper(each, than - 1) for each in inner)


def at(value: Any, *path: str) -> Any:
    """What stands there in nested objects; None where there is none."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def plain(value: Any, *path: str) -> str:
    """A text or a number as text; nothing for anything else."""
    found = at(value, *path)
    good = isinstance(found, str | int) and not isinstance(found, bool)
    # half of a pair of surrogates is no character that can be stored
    return str(found).encode("utf-8", "replace").decode() if good else ""


def listed(value: Any, *path: str) -> list[Any]:
    found = at(value, *path)
    return found if isinstance(found, list) else []


def moment(milliseconds: str) -> datetime | None:
    """A time of the platform, in milliseconds; None when it is none."""
    if not (milliseconds.isascii() and milliseconds.isdigit() and len(milliseconds) < 15):
        return None
    return datetime.fromtimestamp(int(milliseconds) / 1_000, UTC)
