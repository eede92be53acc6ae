"""Tickets that are of one user: by who he is among the events, his id, e-mail or phone. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol, TypeVar

Key = tuple[str, str]


class Spoken(Protocol):
    """What a ticket knows of who speaks."""

    pk: int
    person: int | None
    distinct_id: str
    email: str
    phone: str


T = TypeVar("T", bound=Spoken)


def keys_of(ticket: Spoken, root: Callable[[int], int]) -> list[Key]:
    """All that its user is known by; itself, where nothing is known. `root`: the person of a uid."""
    known = [
        ("person", "" if ticket.person is None else str(root(ticket.person))),
        ("id", ticket.distinct_id),
        ("email", ticket.email.strip().lower()),
        ("phone", "".join(each for each in ticket.phone if each.isdigit())),
    ]
    return [key for key in known if key[1]] or [("ticket", str(ticket.pk))]


def grouped(tickets: Iterable[T], root: Callable[[int], int]) -> list[list[T]]:
    """The tickets of each user, who are one when any key is the same, also over a third ticket. In the order of
    the first ticket of each."""
    rows = list(tickets)
    above: dict[Key, Key] = {}

    def top(key: Key) -> Key:
        while (up := above.setdefault(key, key)) != key:
            above[key] = key = above[up]
        return key

    keys: Sequence[list[Key]] = [keys_of(each, root) for each in rows]
    for own in keys:
        for other in own[1:]:
            above[top(other)] = top(own[0])
    found: dict[Key, list[T]] = {}
    for each, own in zip(rows, keys, strict=True):
        found.setdefault(top(own[0]), []).append(each)
    return list(found.values())
