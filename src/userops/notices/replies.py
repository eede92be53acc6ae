"""What a robot answers to a message: those of chats refuse with status 200 and a code in the body, at which
`apprise` does not look."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import requests

LONGEST = 200
_LEAST_SECRET = 12
_hearing: ContextVar[list[requests.Response] | None] = ContextVar("hearing", default=None)
_send = requests.Session.send


@dataclass(frozen=True, slots=True)
class Refusal:
    """The code of a robot, and its own words without what stands in its address."""

    code: str
    text: str


@contextlib.contextmanager
def heard() -> Iterator[list[requests.Response]]:
    """The answers that this thread gets within the block."""
    answers: list[requests.Response] = []
    token = _hearing.set(answers)
    try:
        yield answers
    finally:
        _hearing.reset(token)


def _send_and_hear(self: requests.Session, request: Any, **options: Any) -> requests.Response:
    answer = _send(self, request, **options)
    answers = _hearing.get()
    if answers is not None:
        answers.append(answer)
    return answer


def refusal(answers: Sequence[requests.Response], code: str, address: str) -> Refusal | None:
    """Of the last answer whose field `code` is there and not 0; None where the message was taken."""
    try:
        said = answers[-1].json() if answers else None
    except ValueError:
        return None
    if not isinstance(said, dict) or str(said.get(code, 0)) == "0":
        return None
    text = next((str(said[each]) for each in ("errmsg", "msg", "message") if said.get(each)), "")
    return Refusal(str(said[code])[:20], _without_secrets(text, address)[:LONGEST])


def _without_secrets(text: str, address: str) -> str:
    _scheme, _mark, rest = address.partition("://")
    for part in re.split(r"[/?&=@:]", rest):
        if len(part) >= _LEAST_SECRET:
            text = text.replace(part, "…")
    return " ".join(text.split())


requests.Session.send = _send_and_hear
