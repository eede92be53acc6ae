"""Which process works on something long: what another one left behind by a kill is nobody's, and may be taken up."""

from __future__ import annotations

import secrets

PROCESS = secrets.token_hex(8)
"""The name of this process: new at every start."""


def worker() -> str:
    """The name of one piece of work of this process."""
    return f"{PROCESS}-{secrets.token_hex(4)}"


def is_left(name: str) -> bool:
    """Whether a worker belongs to a process that is gone: one process alone works on a data folder."""
    return not name.startswith(PROCESS)
