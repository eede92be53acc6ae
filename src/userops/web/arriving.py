"""How requests wait for a thread: when each came in, and that events wait for none who asks.

Whoever asks is owed what was known when the request came in, and no more: of many who ask the same at once, those who
are heard last are given the answer that the first ones got (`analyses/remembering.py`).
"""

from __future__ import annotations

from typing import Any

from waitress.task import ThreadedTaskDispatcher, WSGITask

from userops.analyses.remembering import ARRIVED
from userops.events.capture import find_door

FOR_EVENTS = 32
"""Threads that take in events alone: all others may wait for answers."""


class Task(WSGITask):
    """Tells the application when the request had come in (`body_size.Parser`)."""

    def get_environment(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environment()
        environ[ARRIVED] = getattr(self.request, "arrived", None)
        return environ


class Dispatcher(ThreadedTaskDispatcher):
    """Gives requests to threads, those that bring events to their own."""

    def __init__(self, threads: int) -> None:
        super().__init__()
        self.events = ThreadedTaskDispatcher()
        self.set_thread_count(threads)
        self.events.set_thread_count(FOR_EVENTS)

    def add_task(self, task: Any) -> None:
        """`task` is a channel, with the request that came in."""
        # of a request that could not be read there is no path: it is answered as all others are
        if find_door(getattr(task.requests[0], "path", "")):
            self.events.add_task(task)
        else:
            super().add_task(task)

    def shutdown(self, cancel_pending: bool = True, timeout: int = 5) -> bool:
        self.events.shutdown(cancel_pending, timeout)
        done: bool = super().shutdown(cancel_pending, timeout)
        return done
