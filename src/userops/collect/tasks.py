"""Background tasks of collecting: imports, checks of uploaded files, daily quality reports."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
from huey import crontab

from userops.collect.imports import draft as drafts
from userops.errors import UserOpsError
from userops.events import store
from userops.events.importers.mapping import Mapping
from userops.events.importers.run import ImportCancelled, Progress, execute, run_import
from userops.events.models import ImportRun, Product
from userops.events.quality.daily import days_without_report, make_daily_report
from userops.events.tasks import queue, stopping

log = logging.getLogger("userops.tasks")
EVERY = 0.5
"""Seconds between two looks at progress and cancel."""


def resume() -> None:
    """Queue again the imports that a stop of the server interrupted."""
    for run in ImportRun.objects.filter(
        state__in=[ImportRun.State.WAITING, ImportRun.State.RUNNING]
    ):
        carry_out(run.pk)


@queue.task()
def carry_out(run_id: int) -> None:
    """Carry out a prepared import; its run says how it ended."""
    run = ImportRun.objects.filter(pk=run_id).select_related("product").first()
    if run is None or run.state == ImportRun.State.DONE:
        return
    watch = _Watch(run_id)
    try:
        execute(store.current(), run, progress=watch.note, cancelled=watch.cancelled)
    except ImportCancelled:
        if stopping.is_set() and not watch.asked():
            ImportRun.objects.filter(pk=run_id).update(state=ImportRun.State.WAITING, finished=None)
    except UserOpsError as wrong:
        log.warning("import %s: %s", run_id, wrong)
    else:
        drafts.discard_source(run)


class _Watch:
    """Writes progress down and looks for a wish to cancel, both only now and then."""

    def __init__(self, run_id: int):
        self.runs = ImportRun.objects.filter(pk=run_id)
        self._noted = self._looked = 0.0
        self._asked = False

    def note(self, progress: Progress) -> None:
        if progress.stage != "reading" or time.monotonic() - self._noted > EVERY:
            self._noted = time.monotonic()
            self.runs.update(progress=progress.as_dict())

    def asked(self) -> bool:
        return self.runs.filter(cancel_asked=True).exists()

    def cancelled(self) -> bool:
        if stopping.is_set():
            return True
        if time.monotonic() - self._looked > EVERY:
            self._looked = time.monotonic()
            self._asked = self.asked()
        return self._asked


@queue.periodic_task(crontab(minute="20"))
def report_days() -> None:
    """Make the quality reports of days that are over. Hourly: midnight comes at its own hour in each
    time zone, and a day missed while the server was down is made up for."""
    engine = store.current().engine
    for product in Product.objects.all():
        for day in days_without_report(engine, product, datetime.now(UTC)):
            make_daily_report(engine, product, day)


@queue.periodic_task(crontab(minute="*/5"))
@queue.lock_task("rollups")
def build_rollups() -> None:
    """Count the days anew that have changed since they were counted; until then they are read from their
    events."""
    opened = store.current()
    for product in Product.objects.all():
        opened.build_rollups(product)


@queue.periodic_task(crontab(hour="3", minute="40"))
def clear_uploads() -> None:
    """Uploaded files hold personal data: what was not imported within a week goes."""
    drafts.discard_old()


@queue.task()
def check_file(product_id: int, key: str, mapping: dict[str, Any]) -> None:
    """Read a whole uploaded file as its import would, without storing: the draft says what it found."""
    product = Product.objects.get(pk=product_id)
    draft = drafts.load(product, key)
    try:
        outcome = run_import(
            store.current(),
            product,
            draft.path,
            msgspec.convert(mapping, Mapping),
            dry_run=True,
            progress=_noting(draft.note_check),
            cancelled=stopping.is_set,
        )
    except UserOpsError as wrong:
        draft.note_check({"state": "failed", **wrong.body()})
    else:
        draft.note_check({"state": "done", "outcome": msgspec.to_builtins(outcome.as_dict())})


def _noting(keep: Callable[[dict[str, Any]], None]) -> Callable[[Progress], None]:
    last = 0.0

    def note(progress: Progress) -> None:
        nonlocal last
        if time.monotonic() - last > EVERY:
            last = time.monotonic()
            keep({"state": "running", "progress": progress.as_dict()})

    return note
