"""One at a time, across all processes that share a database: held by the database, so that a crash lets go.

PostgreSQL has locks by number for this. SQLite locks whole files: a small one of each name, beside the data,
that nothing else is written to, so that the operational database stays free meanwhile.
"""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager

from django.db import OperationalError, connection

from userops.config import current
from userops.errors import StoreFailed
from userops.words import Words

PATIENCE_S = 600
FOLDER = "locks"


class _Held(threading.local):
    def __init__(self) -> None:
        self.names: Counter[str] = Counter()


_held = _Held()


@contextmanager
def exclusive(name: str) -> Iterator[None]:
    """Nobody else, in no thread and no process, holds this name meanwhile. Who holds it may take it again.
    Raises `StoreFailed` after waiting for ten minutes."""
    if _held.names[name]:
        yield
        return
    lock = _postgres if connection.vendor == "postgresql" else _file
    with lock(name):
        _held.names[name] += 1
        try:
            yield
        finally:
            _held.names[name] -= 1


@contextmanager
def _postgres(name: str) -> Iterator[None]:
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
    # a connection of its own: a failed transaction of the caller's cannot keep it from letting go
    with closing(connection.copy()) as own:
        try:
            with own.cursor() as cursor:
                cursor.execute(f"set lock_timeout = '{PATIENCE_S}s'")
                cursor.execute("select pg_advisory_lock(%s)", [number])
        except OperationalError:
            raise _busy(name) from None
        yield


@contextmanager
def _file(name: str) -> Iterator[None]:
    folder = current().data / FOLDER
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.sqlite3"
    with closing(sqlite3.connect(path, timeout=PATIENCE_S, isolation_level=None)) as own:
        try:
            own.execute("begin exclusive")
        except sqlite3.OperationalError:
            raise _busy(name) from None
        yield


def _busy(name: str) -> StoreFailed:
    return StoreFailed(
        Words(
            f"等待“{name}”超过 {PATIENCE_S} 秒。", f"Waited more than {PATIENCE_S} s for “{name}”."
        ),
        code="busy",
        hint=Words("请稍后再试。", "Try again later."),
    )
