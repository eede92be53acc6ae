"""Answers that were given before, for whoever is owed no later one.

Of each question the latest answer is kept, with the product's data version, the quarter of an hour, and the moment
at which the data was looked at. It is given again as long as the version is the same: every batch, import, merge and
erasure raises it in the transaction that makes it count, so what was acknowledged is in the next answer, and what is
unfinished ends with a quarter at the finest. It is also given to who asked before the data was looked at: all that
had been acknowledged when they asked is in it. So many who ask at once share one answer, however long they waited
to be heard, and the work grows with what comes in, not with who looks.
"""

from __future__ import annotations

import pickle
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import Any

from userops.events.engine import QueryCancelled
from userops.words import Words

Key = Hashable
Make = Callable[[Callable[[], None]], tuple[Key, Any]]
ARRIVED = "userops.arrived"
"""Where the server puts it among what it tells of a request."""
_asked: ContextVar[float | None] = ContextVar("asked", default=None)


def quarter_of(now: datetime) -> int:
    """The quarter of an hour that holds a moment."""
    return int(now.timestamp()) // 900


@contextmanager
def asked_at(moment: float | None) -> Iterator[None]:
    """Questions within were asked at this moment of `time.monotonic`: when the request came in. Only for requests
    that change nothing: what they had changed themselves might not be in the answer."""
    token = _asked.set(moment)
    try:
        yield
    finally:
        _asked.reset(token)


@dataclass(eq=False)
class _Waiting:
    query_id: str | None
    heard: threading.Event = field(default_factory=threading.Event)
    cancelled: bool = False


@dataclass(eq=False)
class _Asking:
    """A question that is about to be answered, or is being, and who waits for it."""

    waiting: list[_Waiting] = field(default_factory=list)
    looked: float | None = None
    """When the data was looked at."""
    answer: bytes | None = None


@dataclass(frozen=True, slots=True)
class _Kept:
    version: Key
    looked: float
    answer: bytes


class Remembered:
    """Keeps answers up to `capacity` bytes, least recently used first out; 0 keeps none. Thread-safe."""

    def __init__(self, capacity: int, clock: Callable[[], float] = time.monotonic):
        self.capacity = capacity
        self.hits = 0
        self._clock = clock
        self._answers: OrderedDict[Key, _Kept] = OrderedDict()
        self._size = 0
        self._asking: dict[Key, list[_Asking]] = {}
        self._lock = threading.Lock()

    def get(self, question: Key, version: Key, make: Make, query_id: str | None = None) -> Any:
        """The answer of a question at a version of the data, or of a later moment than the question, made by
        this caller or by another one. When that one fails or is cancelled, the next one who waits makes it.

        `make(begin)` calls `begin` right before it looks at the data, and tells at which version it looked.
        `query_id` lets `cancel` end the waiting. Raises `QueryCancelled`.
        """
        if not self.capacity:
            return make(lambda: None)[1]
        moment = _asked.get()
        asked = self._clock() if moment is None else moment
        while True:
            with self._lock:
                found = self._take(question, version, asked)
                asking = None if found is not None else self._under_way(question, asked)
                if found is None and asking is None:
                    mine = _Asking()
                    self._asking.setdefault(question, []).append(mine)
                    break
                if asking is not None:
                    waiting = _Waiting(query_id)
                    asking.waiting.append(waiting)
            if asking is not None:
                waiting.heard.wait()
                if waiting.cancelled:
                    raise QueryCancelled(Words("查询已取消。", "The query was cancelled."))
                found = asking.answer
            if found is not None:
                self.hits += 1
                return pickle.loads(found)  # noqa: S301 - it never left this process
        return self._make(question, mine, make)

    def _make(self, question: Key, mine: _Asking, make: Make) -> Any:
        def begin() -> None:
            with self._lock:
                mine.looked = self._clock()

        try:
            version, made = make(begin)
            mine.answer = pickle.dumps(made, protocol=pickle.HIGHEST_PROTOCOL)
            with self._lock:
                if mine.looked is not None:
                    self._keep(question, _Kept(version, mine.looked, mine.answer))
            return made
        finally:
            with self._lock:
                others = self._asking[question]
                others.remove(mine)
                if not others:
                    del self._asking[question]
            for each in mine.waiting:
                each.heard.set()

    def cancel(self, query_id: str) -> None:
        """Let those go who wait under this name for another one's answer."""
        with self._lock:
            for each in chain.from_iterable(self._asking.values()):
                for waiting in each.waiting:
                    if waiting.query_id == query_id:
                        waiting.cancelled = True
                        waiting.heard.set()

    def clear(self) -> None:
        with self._lock:
            self._answers.clear()
            self._size = 0

    def _take(self, question: Key, version: Key, asked: float) -> bytes | None:
        kept = self._answers.get(question)
        if kept is None or not (kept.version == version or kept.looked >= asked):
            return None
        self._answers.move_to_end(question)
        return kept.answer

    def _under_way(self, question: Key, asked: float) -> _Asking | None:
        """The one that will be done first of those whose answer is late enough."""
        for each in self._asking.get(question, ()):
            if each.looked is None or each.looked >= asked:
                return each
        return None

    def _keep(self, question: Key, kept: _Kept) -> None:
        before = self._answers.get(question)
        if len(kept.answer) > self.capacity // 4 or (before and before.looked > kept.looked):
            return
        if before:
            self._size -= len(before.answer)
        self._answers[question] = kept
        self._answers.move_to_end(question)
        self._size += len(kept.answer)
        while self._size > self.capacity:
            self._size -= len(self._answers.popitem(last=False)[1].answer)
