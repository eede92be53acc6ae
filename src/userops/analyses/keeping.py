"""What a question worked out and asks for again: whoever opens the people behind a number needs it once more."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

from userops.query.document import Document
from userops.query.scope import Scope

Made = TypeVar("Made")


class Kept(Generic[Made]):
    """The last few things made, by question and version of the product's data. Thread-safe."""

    def __init__(self, most: int):
        self.most = most
        self._kept: OrderedDict[tuple[str, int, int, str], Made] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, asked: Document | str, scope: Scope, make: Callable[[], Made]) -> Made:
        """What was made for this resolved question of this data, or else what `make` makes now."""
        name = asked if isinstance(asked, str) else asked.hash()
        key = (scope.engine.dsn, scope.product, scope.version, name)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = make()
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > self.most:
                self._kept.popitem(last=False)
        return made
