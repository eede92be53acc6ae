"""What a channel hands over: a word of a user, with what is known of him."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from userops.errors import Refused
from userops.feedback.files.keeping import Kept
from userops.feedback.hints import CHOOSE_ONE, SHORTEN
from userops.feedback.tickets.models import Severity, Source
from userops.words import Words

LONGEST_TEXT = 100_000
LONGEST_SUBJECT = 300
_LENGTHS = {
    "distinct_id": 400, "name": 200, "email": 254, "phone": 40, "device": 400, "channel_key": 100,
    "area": 100, "app_version": 60, "language": 10, "tier": 60, "external_id": 300,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class File:
    """A file that is stored already, and known for what it is (`feedback/files`)."""

    name: str
    media_type: str
    size: int
    digest: str
    stored: str
    content_id: str = ""

    @classmethod
    def of(cls, kept: Kept) -> Self:
        return cls(kept.name, kept.media, kept.size, kept.digest, kept.key, kept.content_id)


@dataclass(frozen=True, slots=True)
class Incoming:
    """The first words of a ticket. `at`: when they were said, unless now; `html`: made safe already."""

    text: str
    subject: str = ""
    channel: str = Source.MANUAL
    channel_key: str = ""
    distinct_id: str = ""
    name: str = ""
    email: str = ""
    phone: str = ""
    device: str = ""
    area: str = ""
    app_version: str = ""
    language: str = ""
    tier: str = ""
    category: int | None = None
    severity: str = Severity.NORMAL
    complaint: bool = False
    spam: bool = False
    closed: bool = False
    """A record of the past, on which nobody works: it comes in closed, nobody knows since when."""
    at: datetime | None = None
    html: str = ""
    external_id: str = ""
    files: tuple[File, ...] = ()

    def clipped(self, name: str) -> str:
        """A field of one line, cut to what its column holds."""
        line = self._line(name)
        if name == "name" and line.strip("'\"").casefold() in self._contacts():
            return ""
        return line

    def _contacts(self) -> set[str]:
        """Mail programs give the address as the name; those who may not see contacts may see names."""
        return {self._line(each).casefold() for each in ("distinct_id", "email", "phone")}

    def _line(self, name: str) -> str:
        return " ".join(str(getattr(self, name)).replace("\x00", "").split())[: _LENGTHS[name]]


def checked_text(text: str, *, longest: int = LONGEST_TEXT, empty: bool = False) -> str:
    """Words as people write them. Raises `Refused` for none, or too many."""
    text = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if len(text) > longest or not (text or empty):
        raise Refused(
            Words(
                f"文字应为 1 到 {longest:,} 个字符，实际为 {len(text):,}。",
                f"The text has 1 to {longest:,} characters; got {len(text):,}.",
            ),
            code="ticket_text_invalid",
            hint=SHORTEN,
        )
    return text


def subject_of(subject: str, text: str) -> str:
    """The subject, or the first line of the text where there is none."""
    line = " ".join(subject.replace("\x00", "").split())
    if not line:
        line = " ".join(text.split("\n", 1)[0].split())
        line = line if len(line) <= 60 else f"{line[:59]}…"
    return line[:LONGEST_SUBJECT]


def known(name: str, value: object, choices: list[str]) -> str:
    """One of the choices. Raises `Refused` for another value."""
    if value in choices:
        return str(value)
    listed = ", ".join(filter(None, choices))
    raise Refused(
        Words(
            f"{name} 应为以下之一：{listed}；实际为 {str(value)[:40]!r}。",
            f"{name} must be one of {listed}; got {str(value)[:40]!r}.",
        ),
        code="ticket_choice_unknown",
        hint=CHOOSE_ONE,
    )
