"""Work on one block after another, on as many at a time as there are processors: NumPy lets go of the interpreter."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

from userops.query.scope import Scope

Given = TypeVar("Given")
Made = TypeVar("Made")
MOST = 4
"""Blocks at a time: each takes its memory."""


def side_by_side(
    work: Callable[[Given], Made], given: Iterable[Given], scope: Scope
) -> Iterator[Made]:
    """What `work` makes of each, in order; one at a time where others wait for the processors."""
    at_once = scope.threads or min(os.cpu_count() or 1, MOST)
    if at_once < 2:
        yield from map(work, given)
        return
    with ThreadPoolExecutor(at_once) as pool:
        waiting: deque[Future[Made]] = deque()
        for each in given:
            waiting.append(pool.submit(copy_context().run, work, each))
            if len(waiting) > at_once:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
