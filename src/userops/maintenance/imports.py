"""Imports that the command line hands to the server which owns the folder: start, watch, cancel.

An import goes into the durable queue, as one from the page does. A dry run stores nothing, so what is
known of it is kept in memory only.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec

from userops.collect import tasks
from userops.errors import NotFound, UserOpsError
from userops.events import store as stores
from userops.events.importers.mapping import Mapping
from userops.events.importers.quarantine import quarantine_path
from userops.events.importers.run import ImportCancelled, Progress, check, prepare, run_import
from userops.events.models import ImportRun, Product
from userops.events.store import Store
from userops.events.tasks import queue, stopping
from userops.words import Words
from userops.workspace.setup import ensure_product

DRY = "dry-"


@dataclass
class _DryRun:
    state: str = "waiting"
    cancel_asked: bool = False
    progress: dict[str, Any] | None = None
    outcome: dict[str, Any] | None = None
    error: dict[str, Any] | None = None

    def cancelled(self) -> bool:
        return self.cancel_asked or stopping.is_set()

    def note(self, progress: Progress) -> None:
        self.progress = progress.as_dict()


_dry_runs: dict[str, _DryRun] = {}


def start(
    store: Store, *, product: str, path: str, mapping: dict[str, Any], dry_run: bool
) -> dict[str, Any]:
    """Queue the import of a file of this machine, and make its product when it is new.

    Answers the key to watch it by, and the notes on its mapping. Raises `Refused`.
    """
    wanted, file = msgspec.convert(mapping, Mapping), Path(path)
    _settled, notes = check(file, wanted)
    chosen, _ = ensure_product(product, timezone=wanted.timezone or None)
    if dry_run:
        key = DRY + uuid4().hex
        _dry_runs[key] = _DryRun()
        read_only(key, chosen.pk, path, mapping)
    else:
        run, _notes = prepare(chosen, file, wanted, started_by="cli")
        tasks.carry_out(run.pk)
        key = str(run.pk)
    return {"key": key, "notes": [{"code": each.code, **each.words.as_dict()} for each in notes]}


@queue.task()  # type: ignore[untyped-decorator]
def read_only(key: str, product: int, path: str, mapping: dict[str, Any]) -> None:
    """Read a whole file as its import would, without storing."""
    run = _dry_runs.get(key)
    if run is None:  # the server started anew: nobody waits any longer
        return
    run.state = "running"
    try:
        outcome = run_import(
            stores.current(),
            Product.objects.get(pk=product),
            Path(path),
            msgspec.convert(mapping, Mapping),
            dry_run=True,
            progress=run.note,
            cancelled=run.cancelled,
            started_by="cli",
        )
    except UserOpsError as wrong:
        run.error = wrong.body()["error"]
        run.state = "cancelled" if isinstance(wrong, ImportCancelled) else "failed"
    else:
        run.outcome = outcome.as_dict()
        run.state = "done"


def state(store: Store, *, key: str) -> dict[str, Any]:
    """`state`, `progress`, and at the end `outcome` or `error`. Raises `NotFound`."""
    if key in _dry_runs:
        run = _dry_runs[key]
        told = {"state": run.state, "progress": run.progress}
        if run.state in ("waiting", "running"):
            return told
        return {**told, "outcome": run.outcome, "error": _dry_runs.pop(key).error}
    found = _run(key)
    done = found.state == ImportRun.State.DONE
    return {
        "state": found.state,
        "progress": found.progress or None,
        "outcome": _outcome(store, found) if done else None,
        "error": found.error,
    }


def cancel(store: Store, *, key: str) -> None:
    """Ask an import to stop. Raises `NotFound`."""
    if key in _dry_runs:
        _dry_runs[key].cancel_asked = True
    else:
        ImportRun.objects.filter(pk=_run(key).pk).update(cancel_asked=True)


def _run(key: str) -> ImportRun:
    run = ImportRun.objects.filter(pk=int(key)).first() if key.isdecimal() else None
    if run is None:
        raise NotFound(Words("没有这次导入。", "There is no such import."), code="import_not_found")
    return run


def _outcome(store: Store, run: ImportRun) -> dict[str, Any]:
    path = quarantine_path(store.config.data, run.pk)
    return {
        "run": run.pk,
        "rows": run.rows,
        "stored": run.stored,
        "refused": run.refused,
        "duplicates": run.duplicates,
        "quarantine": str(path) if path.exists() else None,
        "mapping": run.mapping,
        "report": run.report.report,
    }
