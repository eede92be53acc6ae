"""The durable queue of background tasks, in a file of the data folder."""

from __future__ import annotations

import threading

from huey import SqliteHuey

from userops.config import current

queue = SqliteHuey(
    "userops", filename=str(current().data / "queue.sqlite3"), fsync=True, results=False
)
"""Slices register with `@queue.task()` and `@queue.periodic_task(crontab(…))`."""

stopping = threading.Event()
"""Set when the server stops: a long task puts itself aside at the next step, to be resumed."""
