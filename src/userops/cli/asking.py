"""Errands to the open store: by the server that owns the data folder, else in this process."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

from userops.cli.options import setup
from userops.client import running_server


class Asker(Protocol):
    """Runs an errand of `maintenance.errands` by its name."""

    def __call__(self, errand: str, **arguments: Any) -> Any: ...


@contextlib.contextmanager
def open_store(data: Path) -> Iterator[Asker]:
    """Something to ask, for as long as the block lasts."""
    server = running_server(data)
    if server is not None:
        yield server.errand
        return
    setup()
    from userops.events import store
    from userops.maintenance.errands import ERRANDS

    opened = store.current()

    def ask(errand: str, **arguments: Any) -> Any:
        return ERRANDS[errand](opened, **arguments)

    try:
        yield ask
    finally:
        store.close_current()
