"""Calls to a platform: to its own hosts, over TLS, never into the house, never further than the first answer.

Three ends: it took the call; it did not, for sure (`StoreFailed` when a later try may help, `Refused` when
not); or nobody knows (`Unsure`), and then nothing is sent again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

import requests

from userops.config import current
from userops.errors import Refused, StoreFailed
from userops.feedback.channels.robots.hearing import document
from userops.notices.guard import PrivateAddress, guarded
from userops.words import Words

TIMEOUT = 10
LARGEST_ANSWER = 2**20
LARGEST_PICTURE = 10 * 2**20


class Unsure(Refused):
    """The connection broke after the words had left: they may have arrived."""

    code = "robot_unsure"

    def __init__(self) -> None:
        super().__init__(
            Words(
                "连接中断，无法确定消息是否送达；为避免重复，不再自动重发。",
                "The connection broke and nobody knows whether the message arrived; it is not sent again.",
            ),
            hint=Words("请到聊天中确认。", "Look into the chat."),
        )


def checked(address: str, hosts: Iterable[str]) -> str:
    """An address of one of the platform's hosts, over TLS. Raises `Refused`; the address is never repeated."""
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").lower()
        good = parts.scheme == "https" and parts.port in (None, 443) and not parts.username
    except ValueError:
        host, good = "", False
    own = any(host == each or host.endswith(f".{each}") for each in hosts)
    if not (good and own) or not address.isprintable() or len(address) > 2_000:
        raise Refused(
            Words(
                "回复地址不属于该平台，未发送。",
                "The address for answers is not of the platform: nothing was sent.",
            ),
            code="robot_address_foreign",
            hint=Words(
                "请让用户再发一条消息，以取得新的回复地址。",
                "Let the user write again: a new address comes with it.",
            ),
        )
    return address


def post(
    address: str,
    body: Mapping[str, Any],
    *,
    headers: Mapping[str, str] | None = None,
    harmless: bool = False,
) -> dict[str, Any]:
    """What the platform answers. `harmless`: made twice it does no harm. Raises `Unsure`, `StoreFailed`,
    `Refused`, `PrivateAddress`."""
    try:
        with guarded(allow_private=current().private_hooks):
            answer = requests.post(
                address,
                json=body,
                headers=headers,
                timeout=TIMEOUT,
                allow_redirects=False,
                stream=True,
            )
            data = _read(answer, LARGEST_ANSWER)
    except PrivateAddress:
        raise
    except requests.RequestException as wrong:
        raise (_not_reached() if harmless or not_begun(wrong) else Unsure()) from None
    if answer.status_code >= 500 and not harmless:
        raise Unsure
    if answer.status_code == 429 or answer.status_code >= 500:
        raise _not_reached()
    try:
        return document(data)
    except Refused:
        raise not_taken(f"HTTP {answer.status_code}") from None


def fetch(address: str, *, headers: Mapping[str, str] | None = None) -> bytes:
    """A file of the platform. Raises `StoreFailed`, `Refused`, `PrivateAddress`."""
    try:
        with guarded(allow_private=current().private_hooks):
            answer = requests.get(
                address, headers=headers, timeout=TIMEOUT, allow_redirects=False, stream=True
            )
            data = _read(answer, LARGEST_PICTURE)
    except PrivateAddress:
        raise
    except requests.RequestException:
        raise _not_reached() from None
    if answer.status_code >= 500 or answer.status_code == 429:
        raise _not_reached()
    if answer.status_code != 200:
        raise not_taken(f"HTTP {answer.status_code}")
    return data


def _read(answer: Any, most: int) -> bytes:
    data = bytearray()
    with answer:
        for piece in answer.iter_content(65_536):
            data += piece
            if len(data) > most:
                raise not_taken(f"> {most // 2**20} MB")
    return bytes(data)


def not_begun(wrong: requests.RequestException) -> bool:
    """Whether nothing can have left: no connection came about."""
    from urllib3.exceptions import MaxRetryError, NewConnectionError

    if isinstance(wrong, requests.ConnectTimeout | requests.exceptions.SSLError):
        return True
    inner = wrong.args[0] if wrong.args else None
    reason = inner.reason if isinstance(inner, MaxRetryError) else inner
    return isinstance(reason, NewConnectionError)


def not_taken(detail: str) -> Refused:
    """The platform says no. `detail`: what it says."""
    shown = " ".join(detail.split())[:200]
    return Refused(
        Words(f"平台拒绝了请求：{shown}", f"The platform refused: {shown}"),
        code="robot_not_taken",
        hint=Words(
            "请按平台给出的原因检查机器人的权限与凭证。",
            "Check the robot’s rights and credentials by what the platform says.",
        ),
    )


def _not_reached() -> StoreFailed:
    return StoreFailed(
        Words("暂时无法连接平台。", "The platform cannot be reached now."),
        code="robot_not_reached",
        hint=Words(
            "请稍后再试；若一直如此，检查服务器能否访问该平台。",
            "Try again later; if it stays so, check whether this server can reach the platform.",
        ),
    )
