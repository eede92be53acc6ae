"""Why a word is held back as spam, or refused: a pure judgement of what was sent and what came before.

Held words stay visible among the tickets, with their reasons, and can be released; nothing is dropped. Only
a flood is refused, and the sender is told when to come back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from userops.words import Words

QUICKEST = 2.0
"""Seconds: nobody reads and fills in a form faster."""
SHORT, LONG = timedelta(minutes=10), timedelta(hours=1)
HELD_SENDER, REFUSED_SENDER = 5, 20
"""Words of one sender in ten minutes that pass; in an hour that are taken at all."""
HELD_CHANNEL, REFUSED_CHANNEL = 60, 600
"""The same for all senders of a channel together."""
MOST_LINKS = 3
LIKE = 0.8
"""Share of common letter triples from which two texts are nearly the same."""
ALIKE = 3
"""So many like it on one day, and the next is held."""
LONG_ENOUGH = 20
"""Shorter texts may well be the same: “闪退”, “can't log in”."""
_LINK = re.compile(r"(?i)\b(?:https?://|www\.)\S+")

REASONS: dict[str, Words] = {
    "trap": Words("填写了真人看不到的字段", "A field that people do not see was filled in"),
    "quick": Words("提交过快", "It was sent faster than anybody writes"),
    "unread": Words("没有打开表单就提交", "It was sent without opening the form"),
    "sender": Words("同一来源短时间内提交过多", "The same sender sent many in a short time"),
    "flood": Words("渠道短时间内收到过多反馈", "The channel received very many in a short time"),
    "links": Words("含有多个链接", "It holds several links"),
    "blocked": Words("含有屏蔽词", "It holds a blocked word"),
    "alike": Words("与近一天内的多条反馈几乎相同", "Nearly the same came several times in a day"),
    "signature": Words("用户签名不正确", "The signature of the user is wrong"),
    "nobody": Words("邮件没有可用的发件人地址", "The mail names no address that it came from"),
}


@dataclass(frozen=True, slots=True)
class Word:
    """What was sent. `seconds` since the form was opened; None when it was not."""

    text: str
    trap: str = ""
    seconds: float | None = None
    verified: bool = False
    forged: bool = False
    nobody: bool = False


@dataclass(frozen=True, slots=True)
class Before:
    """What came before: counts in the last ten minutes and the last hour, and texts of the last day."""

    sender_short: int = 0
    sender_long: int = 0
    channel_short: int = 0
    channel_long: int = 0
    texts: tuple[str, ...] = ()


def refused(before: Before, *, verified: bool) -> bool:
    """Whether it is a flood that is not taken in at all."""
    return before.sender_long >= REFUSED_SENDER or (
        before.channel_long >= REFUSED_CHANNEL and not verified
    )


def reasons(word: Word, before: Before, blocked: Iterable[str] = ()) -> list[str]:
    """Names in `REASONS`, in their order; none when nothing speaks against it."""
    lower = word.text.lower()
    found = {
        "trap": bool(word.trap.strip()),
        "quick": word.seconds is not None and word.seconds < QUICKEST,
        "unread": word.seconds is None,
        "sender": before.sender_short >= HELD_SENDER,
        "flood": before.channel_short >= HELD_CHANNEL and not word.verified,
        "links": len(_LINK.findall(word.text)) >= MOST_LINKS,
        "blocked": any(each in lower for each in blocked),
        "alike": alike(word.text, before.texts) >= ALIKE,
        "signature": word.forged,
        "nobody": word.nobody,
    }
    return [name for name in REASONS if found[name]]


def alike(text: str, others: Iterable[str]) -> int:
    """How many of the others say nearly the same."""
    mine = triples(text)
    if len(text.strip()) < LONG_ENOUGH or not mine:
        return 0
    return sum(likeness(mine, triples(other)) >= LIKE for other in others)


def triples(text: str) -> frozenset[str]:
    """Runs of three letters of a text, without digits, signs and blanks."""
    plain = re.sub(r"[\W\d_]+", "", text.lower())
    return frozenset(plain[start : start + 3] for start in range(len(plain) - 2))


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Jaccard's index: common of all, 0 for nothing at all."""
    every = one | other
    return len(one & other) / len(every) if every else 0.0
