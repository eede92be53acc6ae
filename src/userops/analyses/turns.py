"""Who may ask the engine now: a fair queue before it.

A question that reads events waits for one of a few slots, so that memory and processors are shared by few at
a time; one that the daily rollups answer has slots of its own, so that no heavy question holds it up. A free
slot goes to the asker who has the fewest running, and among those to who has waited longest: twenty cards of
one reader do not keep another reader's single question waiting. While a question is being answered, an equal one
lets all others go first: those who ask it meanwhile gather behind it.
"""

from __future__ import annotations

import itertools
import threading
from collections import Counter
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from userops.events.engine import QueryCancelled
from userops.words import Words


@dataclass(eq=False)
class _Ticket:
    asker: str
    query_id: str | None
    number: int
    question: Hashable = None
    granted: bool = False
    cancelled: bool = False


@dataclass
class Turns:
    """At most `slots` at a time. Thread-safe."""

    slots: int
    _waiting: list[_Ticket] = field(default_factory=list)
    _running: Counter[str] = field(default_factory=Counter)
    _questions: Counter[Hashable] = field(default_factory=Counter)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    @contextmanager
    def turn(
        self, asker: str = "", query_id: str | None = None, question: Hashable = None
    ) -> Iterator[None]:
        """Wait for a slot and hold it. Raises `QueryCancelled` when cancelled while waiting."""
        ticket = _Ticket(asker, query_id, next(self._numbers), question)
        with self._changed:
            self._waiting.append(ticket)
            self._grant()
            self._changed.wait_for(lambda: ticket.granted or ticket.cancelled)
        if not ticket.granted:
            raise QueryCancelled(Words("查询已取消。", "The query was cancelled."))
        try:
            yield
        finally:
            with self._changed:
                self._running[asker] -= 1
                self._questions[question] -= 1
                self._running, self._questions = +self._running, +self._questions
                self._grant()

    def cancel(self, query_id: str) -> None:
        """Let a waiting question go; does nothing when it does not wait."""
        with self._changed:
            for ticket in [each for each in self._waiting if each.query_id == query_id]:
                ticket.cancelled = True
                self._waiting.remove(ticket)
            self._changed.notify_all()

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    @property
    def crowded(self) -> bool:
        """Whether others wait or run beside one that has its turn."""
        return bool(self._waiting) or self._running.total() > 1

    def _grant(self) -> None:
        while self._waiting and self._running.total() < self.slots:
            ticket = min(self._waiting, key=self._order)
            self._waiting.remove(ticket)
            self._running[ticket.asker] += 1
            self._questions[ticket.question] += 1
            ticket.granted = True
        self._changed.notify_all()

    def _order(self, ticket: _Ticket) -> tuple[bool, int, int]:
        equal = ticket.question is not None and self._questions[ticket.question] > 0
        return equal, self._running[ticket.asker], ticket.number


HEAVY = Turns(2)
"""Questions that read events."""
LIGHT = Turns(2)
"""Questions that the daily rollups answer."""


def cancel(query_id: str) -> None:
    for turns in (HEAVY, LIGHT):
        turns.cancel(query_id)
