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


def watch(
    look: Callable[[], dict[str, Any]],
    cancel: Callable[[], dict[str, Any]],
    share: Callable[[dict[str, Any]], float],
    *,
    quiet: bool,
) -> dict[str, Any]:
    """Look until it has ended; answers the last look. `quiet`: without a bar, for programs."""
    found = look()
    stream: Any = sys.stderr
    with click.progressbar(length=1_000, file=stream, hidden=quiet) as bar:
        while found["state"] in GOING:
            try:
                bar.update(max(0, int(share(found) * 1_000) - bar.pos))
                time.sleep(EVERY)
                found = look()
            except KeyboardInterrupt:
                return cancel()
    return found
