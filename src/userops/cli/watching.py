"""Long work of the server, watched from the command line: a bar, and Ctrl-C cancels it."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import click

EVERY = 0.5
"""Seconds between two looks."""
GOING = ("waiting", "running")
INTERRUPTED = 130
"""What a shell takes for a command that Ctrl-C ended: 128 and the number of SIGINT."""


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
    stream: Any = sys.stderr
    with click.progressbar(length=1_000, file=stream, hidden=quiet) as bar:
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
