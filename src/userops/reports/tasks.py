"""Background: building an issue. It goes on with the server, shows how far it is, and can be stopped."""

from __future__ import annotations

import logging
import time

from userops.errors import UserOpsError
from userops.events import store
from userops.events.tasks import queue, stopping
from userops.reports.building import BuildStopped, build
from userops.reports.models import Issue, Status
from userops.words import Words

log = logging.getLogger("userops.tasks")
EVERY = 0.3
"""Seconds between two notes of progress."""


@queue.task()
def build_issue(issue_id: int) -> None:
    """Build an issue that waits for it; its status says how it ended."""
    issue = Issue.objects.filter(pk=issue_id, status=Status.BUILDING).first()
    if issue is None:
        return
    watch = _Watch(issue_id)
    try:
        build(issue, store.current(), progress=watch.note, cancelled=watch.cancelled)
    except BuildStopped:
        if watch.asked():  # else the server stops: it is built when it starts again
            _ended(issue_id, Words("已停止。", "Stopped."))
    except UserOpsError as wrong:
        log.warning("report %s: %s", issue_id, wrong)
        _ended(issue_id, wrong.words)


def resume() -> None:
    """Queue again what a stop of the server interrupted."""
    for key in Issue.objects.filter(status=Status.BUILDING).values_list("pk", flat=True):
        build_issue(key)


def _ended(issue_id: int, why: Words) -> None:
    progress = {"problem": why.as_dict()}
    Issue.objects.filter(pk=issue_id).update(status=Status.STOPPED, progress=progress)


class _Watch:
    def __init__(self, issue_id: int):
        self._rows = Issue.objects.filter(pk=issue_id)
        self._noted = 0.0

    def note(self, done: int, of: int, now: Words) -> None:
        if done and time.monotonic() - self._noted < EVERY:
            return
        self._noted = time.monotonic()
        self._rows.filter(status=Status.BUILDING).update(
            progress={"done": done, "of": of, "now": now.as_dict()}
        )

    def asked(self) -> bool:
        return self._rows.filter(cancel_asked=True).exists()

    def cancelled(self) -> bool:
        return stopping.is_set() or self.asked()
