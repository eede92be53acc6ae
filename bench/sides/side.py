"""What every side does, in its own process."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from bench.history import History
from bench.question import Question


class Side(Protocol):
    """`prepare` loads the program's libraries; only `run` is measured."""

    def prepare(self) -> None: ...

    def load(self, folder: Path, history: History) -> dict[str, Any]:
        """Fill an empty folder; answers seconds and other facts."""
        ...

    def settle(self) -> None:
        """Bring what was loaded into the state that the program reaches by itself in time."""
        ...

    def open(self, folder: Path) -> None: ...

    def can(self, question: Question) -> str:
        """Empty, or why the question cannot be asked."""
        ...

    def run(self, question: Question) -> Any: ...

    def rows(self, question: Question, answer: Any) -> Sequence[Sequence[Any]]: ...

    def facts(self) -> dict[str, Any]:
        """Sizes on disk."""
        ...

    def close(self) -> None: ...
