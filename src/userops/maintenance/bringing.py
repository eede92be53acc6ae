"""Errands of files of tickets: taken in, listed, taken back. The machine's own administrator does them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from userops.errors import NotFound, Refused
from userops.events.importers.mapping import parse_event_map
from userops.events.store import Store
from userops.feedback.channels.importing import actions
from userops.feedback.channels.importing.mapping import mapped
from userops.feedback.channels.importing.running import run as read_through
from userops.feedback.channels.importing.tasks import run_import
from userops.feedback.channels.importing.undoing import take_back
from userops.feedback.channels.models import TicketImport
from userops.feedback.hints import CHECK_KEY
from userops.words import Words
from userops.workspace.setup import local_admin


def take(
    store: Store,
    *,
    product: str,
    file: str,
    columns: str = "",
    dry_run: bool = False,
    **options: Any,
) -> dict[str, Any]:
    """Tickets from a file. Raises `Refused`."""
    home, path = store.product(product), Path(file)
    mapping = mapped(path, home.timezone, parse_event_map(columns), **options)
    if dry_run:
        outcome = read_through(home, path, mapping, dry_run=True).as_dict()
        return {"id": None, "state": "dry_run", "file_name": path.name, "outcome": outcome}
    made = actions.begin(home, path, mapping, acting_user=local_admin())
    run_import(made.pk)
    made.refresh_from_db()
    if made.error_words is not None:
        raise Refused(made.error_words, code="tickets_not_imported")
    return _line(made)


def listing(store: Store, *, product: str) -> list[dict[str, Any]]:
    """The newest first."""
    rows = TicketImport.objects.filter(product=store.product(product))
    return [_line(each) for each in rows]


def undo(store: Store, *, product: str, run: int) -> dict[str, int]:
    """Take the tickets of an import back. Raises `NotFound`, `Refused`."""
    row = TicketImport.objects.filter(product=store.product(product), pk=run).first()
    if row is None:
        raise NotFound(
            Words(f"没有编号为 {run} 的导入。", f"There is no import {run}."),
            code="import_not_found",
            hint=CHECK_KEY,
        )
    actions.begin_undo(row, acting_user=local_admin())
    return take_back(row)


def _line(row: TicketImport) -> dict[str, Any]:
    return {
        "id": row.pk, "state": row.state, "file_name": row.file_name, "outcome": row.outcome,
        "started_by": row.started_by, "created": row.created.isoformat(timespec="seconds"),
    }  # fmt: skip
