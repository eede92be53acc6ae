"""Sets that were found for the same data before: while a segment is being built, one condition changes and
the others stay."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable

from pyroaring import BitMap

from userops.query.scope import Scope

KEPT_SETS = 300
KEPT_BYTES = 128 * 2**20

_Key = tuple[str, int, int, int | None, str]


class Kept:
    """Least recently used first out. Thread-safe."""

    def __init__(self, most: int, size: int):
        self.most = most
        self.size = size
        self._sets: OrderedDict[_Key, tuple[BitMap, int]] = OrderedDict()
        self._held = 0
        self._lock = threading.Lock()

    def get(self, scope: Scope, what: str, make: Callable[[], BitMap]) -> BitMap:
        """The set of a question at a version of the data; without a version, nothing is kept."""
        key = _key(scope, what)
        with self._lock:
            found = self._sets.get(key)
            if found is not None:
                self._sets.move_to_end(key)
                return found[0]
        made = make()
        if scope.version:
            self._keep(key, made)
        return made

    def has(self, scope: Scope, what: str) -> bool:
        """Whether the set is there; a look does not count as use."""
        with self._lock:
            return _key(scope, what) in self._sets

    def clear(self) -> None:
        """Forget all sets."""
        with self._lock:
            self._sets.clear()
            self._held = 0

    def _keep(self, key: _Key, made: BitMap) -> None:
        weight = int(made.get_statistics()["n_bytes_array_containers"]) if made else 0
        weight += int(made.get_statistics()["n_bytes_bitset_containers"]) + 200
        with self._lock:
            if key not in self._sets:
                self._sets[key] = (made, weight)
                self._held += weight
            while len(self._sets) > self.most or (self._held > self.size and self._sets):
                self._held -= self._sets.popitem(last=False)[1][1]


def _key(scope: Scope, what: str) -> _Key:
    return (scope.engine.dsn, scope.product, scope.version, scope.before, what)


KEPT = Kept(KEPT_SETS, KEPT_BYTES)
