"""Which process works on something long: what another one left behind by a kill is nobody's, and may be taken up."""

from __future__ import annotations

import importlib
import secrets
from threading import Lock

_LIBRARY = (
    "sklearn.svm", "sklearn.linear_model", "sklearn.decomposition", "sklearn.cluster", "sklearn.metrics",
    "sklearn.model_selection", "sklearn.feature_extraction.text",
)  # fmt: skip
_LOADING = Lock()
PROCESS = secrets.token_hex(8)
"""The name of this process: new at every start."""


def worker() -> str:
    """The name of one piece of work of this process."""
    return f"{PROCESS}-{secrets.token_hex(4)}"


def is_left(name: str) -> bool:
    """Whether a worker belongs to a process that is gone: one process alone works on a data folder."""
    return not name.startswith(PROCESS)


def load_library() -> None:
    """What learning imports, by one thread at a time: its parts import each other, and of two threads that begin at
    once one gets half of them. Called first by tasks, which run beside each other."""
    with _LOADING:
        for name in _LIBRARY:
            importlib.import_module(name)
