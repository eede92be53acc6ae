"""What the facts of a product are called, for as long as something is put into words.

A document holds keys such as `$segment/12`; its sentence says “高价值用户”.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from userops.events.fact_rows import value_key
from userops.query.codes import code_words
from userops.words import Words

_NAMES: ContextVar[Mapping[str, Words] | None] = ContextVar("names", default=None)


@contextmanager
def naming(names: Mapping[str, Words]) -> Iterator[None]:
    """Sentences made meanwhile call these properties of users by their names."""
    token = _NAMES.set(names)
    try:
        yield
    finally:
        _NAMES.reset(token)


def shown(property_: str, of: str = "user") -> Words:
    """What a property is called; its key where nobody says."""
    found = (_NAMES.get() or {}).get(property_) if of == "user" else None
    return found or labelled(of, property_) or Words(property_, property_)


def event_shown(name: str) -> Words:
    """What an event is called; its name where nobody says."""
    return labelled("events", name) or Words(name, name)


def value_shown(property_: str, value: str) -> Words:
    """What a value of a property is called; the value itself where nobody says."""
    return (_NAMES.get() or {}).get(value_key(property_, value)) or code_words(value)


def values_shown(property_: str) -> dict[str, Words]:
    """The values of a property that have words of their own."""
    start = value_key(property_, "")
    names = _NAMES.get() or {}
    return {key.removeprefix(start): each for key, each in names.items() if key.startswith(start)}


def label_key(of: str, name: str) -> str:
    """Under what the display name of a property of `event` or `user`, or of an event (`events`), stands."""
    return f"{of}:{name}"


def labelled(of: str, name: str) -> Words | None:
    """The display name of a property or an event; None where nobody says."""
    return (_NAMES.get() or {}).get(label_key(of, name))
