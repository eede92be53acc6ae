"""What a ticket was like at each moment of its past, and what happened then that rules wait for. Pure.

A ticket is known as it is now; its history says what changed, so each change is undone, the last one first.
Events of one moment were written by one action: what was seen after it is what was seen of each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

STORED = (
    "status", "category", "severity", "sentiment", "complaint", "language", "tier", "area",
    "app_version", "team", "owner",
)  # fmt: skip
"""The fields that histories tell changes of."""
TALKING = ("new", "open", "handed_over")
"""Statuses in which the user is owed an answer."""


@dataclass(frozen=True, slots=True)
class Past:
    """One event, as `TicketEvent` has it; `message`: its words, `rule`: whether a rule wrote it."""

    pk: int
    at: datetime
    kind: str
    data: Mapping[str, Any] = field(default_factory=dict)
    message: str = ""

    @property
    def by_rule(self) -> bool:
        return "rule" in self.data


@dataclass(frozen=True, slots=True)
class Happened:
    """A cause: what happened when, and what goes with it. `key` names it among those of its ticket."""

    kind: str
    key: str
    at: datetime
    event: int | None = None
    by_rule: bool = False
    more: Mapping[str, Any] = field(default_factory=dict)


def cause_of(each: Past) -> Happened | None:
    """The cause that an event is, if it is one."""
    changed, more = each.data.get("field"), {}
    kind = each.kind if each.kind in ("opened", "received", "status", "handed_over") else ""
    if each.kind == "changed" and changed in ("category", "severity", "owner"):
        kind = changed
    if kind == "status":
        more = {"before": each.data.get("from")}
    elif kind in ("opened", "received"):
        more = {"message": each.message}
    elif each.kind == "changed" and changed == "rating":
        kind, more = "rated", {"rating": each.data.get("to")}
    if not kind:
        return None
    return Happened(kind, f"event:{each.pk}", each.at, each.pk, each.by_rule, more)


def states(now: Mapping[str, Any], past: Sequence[Past]) -> list[dict[str, Any]]:
    """The stored fields as they were after each event (all of its moment)."""
    found: list[dict[str, Any]] = [{}] * len(past)
    state, after = dict(now), dict(now)
    for place in range(len(past) - 1, -1, -1):
        if place + 1 == len(past) or past[place + 1].at != past[place].at:
            after = dict(state)
        found[place] = after
        _undo(state, past[place])
    return found


def _undo(state: dict[str, Any], each: Past) -> None:
    data = each.data
    if each.kind == "changed" and data.get("field") in STORED:
        state[data["field"]] = data.get("from")
    elif each.kind == "status":
        state["status"] = data.get("from")
    elif each.kind == "handed_over":
        state["team"], state["owner"] = data.get("from"), data.get("owner")


def state_at(at: datetime, past: Sequence[Past], found: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The state of a moment; nothing before the first event."""
    place = -1
    for number, each in enumerate(past):
        if each.at <= at:
            place = number
    return found[place] if place >= 0 else {}


@dataclass(frozen=True, slots=True)
class Spell:
    """A time in which somebody waits: `ended` none while it lasts."""

    since: datetime
    ended: datetime | None = None


def unanswered(past: Sequence[Past]) -> Iterator[Spell]:
    """From the first word of a user that has no answer to the next answer."""
    since: datetime | None = None
    for each in past:
        if each.kind in ("opened", "received") and since is None:
            since = each.at
        elif each.kind == "answered" and since is not None:
            yield Spell(since, each.at)
            since = None
    if since is not None:
        yield Spell(since)


def waiting(past: Sequence[Past]) -> Iterator[Spell]:
    """From asking the user for something until the ticket goes on."""
    since: datetime | None = None
    for each in past:
        if each.kind != "status":
            continue
        if since is not None:
            yield Spell(since, each.at)
            since = None
        if each.data.get("to") == "waiting":
            since = each.at
    if since is not None:
        yield Spell(since)
