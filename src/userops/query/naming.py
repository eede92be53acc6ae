"""What the facts of a product are called, for as long as something is put into words.

A document holds keys such as `$segment/12`; its sentence says “高价值用户”.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

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
    return found or Words(property_, property_)
