"""Answers that were given before, for as long as the product's data has not changed.

An answer is kept under its question, the product's data version and the quarter of an hour: every batch,
import, merge and erasure raises the version in the transaction that makes it count, so what was acknowledged
is in the next answer; what is unfinished ends with a quarter at the finest. Equal questions share one answer as
long as its making has not begun: whoever asks later is owed what has come in since.
"""

from __future__ import annotations

import pickle
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Key = Hashable


def quarter_of(now: datetime) -> int:
    """The quarter of an hour that holds a moment."""
    return int(now.timestamp()) // 900


@dataclass(eq=False)
class _Asking:
    """A question whose answering has not begun; the others wait for `done`."""

    done: threading.Event = field(default_factory=threading.Event)
    answer: bytes | None = None


class Remembered:
    """Keeps answers up to `capacity` bytes, least recently used first out; 0 keeps none. Thread-safe."""

    def __init__(self, capacity: int):
        self.capacity = capacity
        self.hits = 0
        self._answers: OrderedDict[Key, bytes] = OrderedDict()
        self._size = 0
        self._asking: dict[Key, _Asking] = {}
        self._lock = threading.Lock()

    def get(
        self, question: Key, version: Key, make: Callable[[Callable[[], None]], tuple[Key, Any]]
    ) -> Any:
        """The answer of a question at a version of the data, made by this caller, or by one who is about
        to. When that one fails or is cancelled, the next one who waits makes it.

        `make(begin)` calls `begin` right before it looks at the data, and tells at which version it looked.
        """
        if not self.capacity:
            return make(lambda: None)[1]
        while True:
            with self._lock:
                kept = self._take((question, version))
                asking = None if kept is not None else self._asking.get(question)
                if kept is None and asking is None:
                    mine = self._asking[question] = _Asking()
                    break
            if kept is None:
                assert asking is not None
                asking.done.wait()
                kept = asking.answer
            if kept is not None:
                self.hits += 1
                return pickle.loads(kept)  # noqa: S301 - it never left this process
        return self._make(question, mine, make)

    def _make(
        self, question: Key, mine: _Asking, make: Callable[[Callable[[], None]], tuple[Key, Any]]
    ) -> Any:
        def begin() -> None:
            with self._lock:
                if self._asking.get(question) is mine:
                    del self._asking[question]

        try:
            version, made = make(begin)
            mine.answer = pickle.dumps(made, protocol=pickle.HIGHEST_PROTOCOL)
            with self._lock:
                self._keep((question, version), mine.answer)
            return made
        finally:
            begin()
            mine.done.set()

    def clear(self) -> None:
        with self._lock:
            self._answers.clear()
            self._size = 0

    def _take(self, key: Key) -> bytes | None:
        kept = self._answers.get(key)
        if kept is not None:
            self._answers.move_to_end(key)
        return kept

    def _keep(self, key: Key, answer: bytes) -> None:
        if len(answer) > self.capacity // 4:
            return
        self._answers[key] = answer
        self._size += len(answer)
        while self._size > self.capacity:
            self._size -= len(self._answers.popitem(last=False)[1])
