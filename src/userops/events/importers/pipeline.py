"""Chunks on their way: while the next one is read and converted, earlier ones are staged and profiled."""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any, Self

import polars as pl

from userops.events.importers.converting import Converted
from userops.events.importers.stage import Stage
from userops.events.quality import DataProfile

AHEAD = 2
"""Chunks that may wait for staging: what bounds memory."""


class Pipeline:
    """Takes chunks in the order of the file. The threads touch the engine, never the database.

    Used as a context: at its end everything taken is staged, or the first failure is raised.
    """

    def __init__(self, stage: Stage, timezone: str) -> None:
        self.profile = DataProfile()
        self._stage = stage
        self._timezone = timezone
        self._staging = ThreadPoolExecutor(1, "import-stage")
        self._profiling = ThreadPoolExecutor(1, "import-profile")
        self._under_way: deque[Future[None]] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        wrong: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._staging.shutdown(wait=True)
        self._profiling.shutdown(wait=True)
        if wrong is None:
            self._wait(0)

    def take(self, done: Converted, staged: bool, uids: pl.Series | None, new: Any) -> None:
        """`staged`: an interrupted run has these rows already. For the others see `Stage.add`."""
        if staged:
            self._put(self._staging, self._stage.learn, done.accepted)
        else:
            self._put(self._staging, self._stage.add, done.accepted, uids, new)
        self._put(self._profiling, self._add, done)
        self._wait(2 * AHEAD)

    def _put(self, pool: ThreadPoolExecutor, work: Any, *arguments: Any) -> None:
        self._under_way.append(pool.submit(work, *arguments))

    def _wait(self, left: int) -> None:
        while len(self._under_way) > left:
            self._under_way.popleft().result()

    def _add(self, done: Converted) -> None:
        self.profile += DataProfile.of(
            columns=done.clean,
            accepted=done.accepted,
            refused=done.refused,
            notes=done.notes,
            timezone=self._timezone,
        )
