"""From the history of a ticket to its clocks: when each began, stood still and ended. Pure.

- **first**: from opening to the first answer (or the solution), once in the life of a ticket.
- **next**: from a word of the user after the first answer to the next answer; more words do not move it.
- **resolution**: from opening to solved; each reopening begins another one, and the old one stays.
- **team**: from handing over to a team until it hands back, hands on or solves.

All stand still only while the ticket waits for the user. While it is spam or merged into another one it is
nobody's: if it stays so its clocks are cancelled, if that is undone the time does not count.
What was closed when it came in (a record of the past) is owed nothing, until it is opened again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from userops.worktime.calendar import Span

Kind = Literal["first", "next", "resolution", "team"]
KINDS: tuple[Kind, ...] = ("first", "next", "resolution", "team")
ENDED = ("solved", "closed")
WAITING, SPAM = "waiting", "spam"
WITH_TEAM = ("handed_over", WAITING)
ATTRIBUTES = ("severity", "category", "tier")


@dataclass(frozen=True, slots=True)
class Happening:
    """One event of a ticket, as `TicketEvent` has it."""

    at: datetime
    kind: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Attributes:
    """What a promise may depend on; `category` is a key."""

    severity: str = "normal"
    category: int | None = None
    tier: str = ""


@dataclass(frozen=True, slots=True)
class Stretch:
    """One run of one clock. `ended`: none while it runs; `attributes`: at its end, or now.

    `pauses`: ended ones; `paused_since`: the one that goes on. `reopened`: when its solution did not hold.
    """

    kind: Kind
    number: int
    started: datetime
    attributes: Attributes
    ended: datetime | None = None
    cancelled: bool = False
    pauses: tuple[Span, ...] = ()
    paused_since: datetime | None = None
    team: int | None = None
    reopened: datetime | None = None


def stretches(
    happenings: Sequence[Happening], status: str, attributes: Attributes
) -> tuple[Stretch, ...]:
    """All clocks of a ticket, in the order in which they began.

    `happenings` in their order; `status` and `attributes`: as they are now, from which those of the
    beginning follow.
    """
    life = _Life(_first_status(happenings, status), _first_attributes(happenings, attributes))
    merging = _merge_closings(happenings)
    for number, each in enumerate(happenings):
        if number not in merging:
            life.take(each)
    return life.stretches()


def _first_status(happenings: Iterable[Happening], now: str) -> str:
    changes = (each.data["from"] for each in happenings if each.kind == "status")
    return str(next(changes, now))


def _first_attributes(happenings: Iterable[Happening], now: Attributes) -> Attributes:
    first: dict[str, Any] = {}
    for each in happenings:
        if each.kind == "changed" and each.data.get("field") in ATTRIBUTES:
            first.setdefault(each.data["field"], each.data["from"])
    return replace(now, **first)


def _merge_closings(happenings: Sequence[Happening]) -> set[int]:
    """A merge closes its child first: that is no solution."""
    found, closing = set(), None
    for number, each in enumerate(happenings):
        if each.kind == "status" and each.data.get("to") == "closed":
            closing = number
        elif each.kind == "merged" and "into" in each.data:
            if closing is not None and happenings[closing].at == each.at:
                found.add(closing)
            closing = None
    return found


class _Life:
    """The state of a ticket while its history is read."""

    def __init__(self, status: str, attributes: Attributes):
        self.status = "new" if status == SPAM else status
        self.attributes = attributes
        self.spam_at_first = status == SPAM
        self.answered = False
        self.running: dict[Kind, Stretch] = {}
        self.done: list[Stretch] = []
        self.pauses: list[Span] = []
        self.waiting_since: datetime | None = None
        self.away_since: datetime | None = None
        """Since when it is spam or merged."""

    def take(self, each: Happening) -> None:
        handle = getattr(self, f"_{each.kind}", None)
        if handle is not None:
            handle(each)

    def stretches(self) -> tuple[Stretch, ...]:
        found = list(self.done)
        for each in self.running.values():
            if self.away_since is not None:
                found.append(self._closed(each, self.away_since, cancelled=True))
            else:
                found.append(
                    replace(
                        each,
                        attributes=self.attributes,
                        pauses=self._pauses(each, None),
                        paused_since=self.waiting_since and max(self.waiting_since, each.started),
                    )
                )
        return tuple(sorted(found, key=lambda each: (each.started, KINDS.index(each.kind))))

    # — what happens —

    def _opened(self, each: Happening) -> None:
        if self.status in ENDED:
            self.answered = True
            return
        self._begin("first", each.at)
        self._begin("resolution", each.at)
        if self.spam_at_first:
            self.away_since = each.at
        if self.status == WAITING:
            self.waiting_since = each.at

    def _received(self, each: Happening) -> None:
        if self.answered and "next" not in self.running and self.away_since is None:
            self._begin("next", each.at)

    def _answered(self, each: Happening) -> None:
        self.answered = True
        self._end(each.at, "first", "next")

    def _changed(self, each: Happening) -> None:
        if each.data.get("field") in ATTRIBUTES:
            self.attributes = replace(self.attributes, **{each.data["field"]: each.data["to"]})

    def _handed_over(self, each: Happening) -> None:
        self._end(each.at, "team")
        self._begin("team", each.at, team=each.data.get("to"))

    def _merged(self, each: Happening) -> None:
        if "into" in each.data and self.away_since is None:
            self.away_since = each.at

    def _unmerged(self, each: Happening) -> None:
        if "parent" in each.data:
            self._back(each.at)

    def _status(self, each: Happening) -> None:
        to = each.data["to"]
        if to == SPAM:
            self.away_since = self.away_since or each.at
            return
        self._back(each.at)
        before, self.status = self.status, to
        if before == WAITING and to != WAITING:
            self._resume(each.at)
        elif to == WAITING and before != WAITING:
            self.waiting_since = each.at
        if to in ENDED and before not in ENDED:
            self.answered = True
            self._end(each.at, *KINDS)
        elif before in ENDED and to not in ENDED:
            self._reopen(each.at)
        if to not in WITH_TEAM:
            self._end(each.at, "team")

    # — what follows —

    def _begin(self, kind: Kind, at: datetime, team: int | None = None) -> None:
        number = 1 + sum(each.kind == kind for each in self.done)
        self.running[kind] = Stretch(kind, number, at, self.attributes, team=team)

    def _end(self, at: datetime, *kinds: Kind) -> None:
        for kind in kinds:
            if kind in self.running:
                self.done.append(self._closed(self.running.pop(kind), at))

    def _closed(self, each: Stretch, at: datetime, *, cancelled: bool = False) -> Stretch:
        return replace(
            each,
            ended=max(at, each.started),
            cancelled=cancelled,
            attributes=self.attributes,
            pauses=self._pauses(each, at),
        )

    def _pauses(self, each: Stretch, until: datetime | None) -> tuple[Span, ...]:
        spans = [*self.pauses]
        if until is not None and self.waiting_since is not None:
            spans.append((self.waiting_since, until))
        return tuple((max(a, each.started), b) for a, b in spans if b > each.started and b > a)

    def _reopen(self, at: datetime) -> None:
        for place in range(len(self.done) - 1, -1, -1):
            if self.done[place].kind == "resolution":
                self.done[place] = replace(self.done[place], reopened=at)
                break
        self._begin("resolution", at)

    def _resume(self, at: datetime) -> None:
        if self.waiting_since is not None:
            self.pauses.append((self.waiting_since, at))
            self.waiting_since = None

    def _back(self, at: datetime) -> None:
        if self.away_since is not None:
            self.pauses.append((self.away_since, at))
            self.away_since = None
