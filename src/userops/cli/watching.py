"""Long work of the server, watched from the command line: a bar, and Ctrl-C cancels it."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import click

EVERY = 0.5
"""Seconds between two looks."""
GOING = ("waiting", "running")
INTERRUPTED = 130
"""What a shell takes for a command that Ctrl-C ended: 128 and the number of SIGINT."""


def _bar(quiet: bool) -> Any:
    stream: Any = sys.stderr
    return click.progressbar(length=1_000, file=stream, hidden=quiet)


@contextmanager
def shown_here(*, quiet: bool) -> Iterator[None]:
    """A bar for work that this process does itself, as no server runs."""
    from userops.maintenance.alone import SHOWN

    bars: list[Any] = []
    with ExitStack() as stack:

        def show(share: float) -> None:
            if not bars:
                bars.append(stack.enter_context(_bar(quiet)))
            bars[0].update(max(0, int(share * 1_000) - bars[0].pos))

        mark = SHOWN.set(show)
        try:
            yield
        finally:
            SHOWN.reset(mark)


def watch(
    look: Callable[[], dict[str, Any]],
    cancel: Callable[[], dict[str, Any]],
    share: Callable[[dict[str, Any]], float],
    *,
    quiet: bool,
) -> dict[str, Any]:
    """Look until it has ended; answers the last look. `quiet`: without a bar, for programs.

    Ctrl-C cancels the work, says so, and ends the command as the shell expects of it.
    """
    found = look()
    if found["state"] not in GOING:
        return found
    with _bar(quiet) as bar:
        while found["state"] in GOING:
            try:
                bar.update(max(0, int(share(found) * 1_000) - bar.pos))
                time.sleep(EVERY)
                found = look()
            except KeyboardInterrupt:
                cancel()
                click.echo("\nCancelled.", err=True)
                raise click.exceptions.Exit(INTERRUPTED) from None
    return found
