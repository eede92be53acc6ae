"""Errands to the open store, by the server that owns the data folder, else in this process; and how their
answers are told."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Protocol

import click

from userops.cli.options import setup


class Asker(Protocol):
    """Runs an errand of `maintenance.errands` by its name."""

    def __call__(self, errand: str, **arguments: Any) -> Any: ...


@contextlib.contextmanager
def open_store(data: Path) -> Iterator[Asker]:
    """Something to ask, for as long as the block lasts."""
    # imported when somebody asks: `--help` needs none of it
    from userops.client import running_server

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


def ask_once(data: Path, errand: str, **given: Any) -> Any:
    """The answer of one errand."""
    with open_store(data) as ask:
        return ask(errand, **given)


def tell(found: Any, as_json: bool, lines: Iterable[str]) -> None:
    """Print an answer: as JSON, or in lines for people."""
    click.echo(json.dumps(found, ensure_ascii=False, default=str) if as_json else "\n".join(lines))
