"""Long work where no server runs: whoever asks for it does it, sees how far it is, and may stop it."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

SHOWN: ContextVar[Callable[[float], None] | None] = ContextVar("shown", default=None)
"""Told the share that is done: the bar of a command."""


def alone() -> bool:
    """No server works on the queue: who asks does the work."""
    from userops.config import current
    from userops.events.folder import server_of

    return server_of(current().data) is None


def done_here(work: Callable[[], Any], cancel: Callable[[], Any]) -> bool:
    """Do it now where nobody else would, and say so; Ctrl-C cancels it, as it does the work of a server."""
    if not alone():
        return False
    try:
        work()
    except KeyboardInterrupt:
        cancel()
        raise
    return True
