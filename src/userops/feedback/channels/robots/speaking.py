"""What a robot says, and to whom: handed to the platform's own file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from userops.errors import Refused
from userops.words import Words

SILENT = "robot_silent"


@dataclass(frozen=True, slots=True)
class Saying:
    """`name`: the same at every try; `heard`: the platform's id of the last message of the chat; `session`:
    where the platform takes an answer now, nothing when that is over."""

    name: str
    text: str
    sender: str
    chat: str = ""
    group: bool = False
    heard: str = ""
    session: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """`id`: the platform's, where it tells; `used_up`: the session takes no more."""

    id: str = ""
    used_up: bool = False


def silent() -> Refused:
    """No way to speak is left."""
    return Refused(
        Words(
            "会话已过期，且渠道没有设置主动发送：用户只能在进展页查看回复。",
            "The session is over and the channel may not speak by itself: the user reads the answer on his page.",
        ),
        code=SILENT,
        hint=Words(
            "可在渠道设置中填写应用凭证，或把进展页链接发给用户。",
            "Set the credentials of the application in the channel, or send the user the link of his page.",
        ),
    )


def fitting(text: str, most: int) -> str:
    """Cut to so many bytes, between two characters."""
    data = text.encode()
    return text if len(data) <= most else f"{data[: most - 3].decode('utf-8', 'ignore').rstrip()}…"


def has(settings: Mapping[str, str], *names: str) -> bool:
    return all(settings.get(name) for name in names)
