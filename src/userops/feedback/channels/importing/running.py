"""Reads a file and opens its tickets: bad rows go to a quarantine file, rows that are there already count
as repeats, and an import that was cut short goes on where it was."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl
from django.http import FileResponse

from userops.config import current
from userops.errors import NotFound
from userops.events.importers.cleaning import clean_frame
from userops.events.importers.formats import FileFormat, detect_format
from userops.events.importers.reading import open_rows, read_chunks
from userops.events.limits import BY_CODE
from userops.events.models import Product
from userops.feedback.channels.importing.mapping import Read, TicketMapping, check, read
from userops.feedback.channels.importing.refused import BadRow, Quarantine
from userops.feedback.channels.models import ImportedTicket, TicketImport
from userops.feedback.passing import one_pass
from userops.feedback.sorting.models import Category
from userops.feedback.tickets.actions import open_ticket
from userops.feedback.tickets.models import Message
from userops.words import Words
from userops.workspace.models import User

BLOCK = 500
"""Rows of one transaction."""
SHOWN = 50
"""Bad rows that a dry run shows."""


@dataclass(slots=True)
class Outcome:
    """rows = opened + repeated + refused; of a dry run, `opened` would be opened."""

    rows: int = 0
    opened: int = 0
    repeated: int = 0
    refused: int = 0
    codes: Counter[str] = field(default_factory=Counter)
    shown: list[dict[str, Any]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        return {
            "rows": self.rows, "opened": self.opened, "repeated": self.repeated,
            "refused": self.refused, "codes": dict(self.codes), "shown": self.shown,
        }  # fmt: skip


def categories_of(product: Product) -> dict[str, int | None]:
    """Categories by path and by name, in lower case; none by a name that several have."""
    rows = list(Category.objects.filter(product=product, active=True).values("pk", "name", "path"))
    names = Counter(row["name"].lower() for row in rows)
    found = {
        name: row["pk"] if names[name] == 1 else None
        for row in rows
        for name in [row["name"].lower()]
    }
    return found | {row["path"].lower(): row["pk"] for row in rows}


def blocks(
    path: Path, file_format: FileFormat, mapping: TicketMapping, product: Product
) -> Iterator[Read]:
    """The file in blocks of rows; rows that could not be read at all come as bad ones."""
    reader = open_rows(path, file_format)
    known = categories_of(product)
    checked = False
    for chunk in read_chunks(reader, path, BLOCK):
        frame = clean_frame(chunk.table)
        if not checked:
            check(mapping, frame.columns)
            checked = True
        block = read(frame, [int(row) for row in chunk.rows], mapping, known)
        broken = [
            BadRow(each.row, each.code, _why(each.code, each.detail), each.raw)
            for each in chunk.refused
        ]
        yield Read(block.good, [*block.bad, *broken])


def _why(code: str, detail: str) -> Words:
    """Of a row that could not be read at all; what the reader found is in English."""
    reason = BY_CODE.get(code)
    if reason is None:
        return Words(detail, detail)
    return Words(reason.words.zh, f"{reason.words.en}: {detail}" if detail else reason.words.en)


def run(
    product: Product,
    path: Path,
    mapping: TicketMapping,
    *,
    acting_user: User | None = None,
    dry_run: bool = False,
    of: TicketImport | None = None,
    quarantine: Path | None = None,
    progress: Callable[[Outcome], None] = lambda outcome: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Outcome:
    """Open the tickets of a file, or only count them. Raises `Refused` for a file that cannot be read.

    `of`: the import by which they can be taken back. The permission was checked when the import was asked for.
    """
    outcome = Outcome()
    seen: set[str] = set()
    writer = Quarantine(quarantine)
    try:
        for block in blocks(path, detect_format(path), mapping, product):
            if cancelled():
                break
            fresh = _fresh(product, block, seen)
            outcome.rows += len(block.good) + len(block.bad)
            outcome.repeated += len(block.good) - len(fresh)
            if not dry_run:
                with one_pass():
                    made = [open_ticket(product, each, acting_user=acting_user) for each in fresh]
                    if of is not None:
                        ImportedTicket.objects.bulk_create(
                            ImportedTicket(ticket=each, of=of) for each in made
                        )
            outcome.opened += len(fresh)
            _note_bad(outcome, block.bad)
            writer.add(block.bad)
            progress(outcome)
            time.sleep(0)  # others want to write too
    finally:
        writer.close()
    return outcome


def _fresh(product: Product, block: Read, seen: set[str]) -> list[Any]:
    names = [incoming.external_id for _row, incoming in block.good]
    rows = Message.objects.filter(ticket__product=product, external_id__in=names)
    known = set(rows.values_list("external_id", flat=True)) | seen
    fresh = []
    for _row, incoming in block.good:
        if incoming.external_id not in known:
            known.add(incoming.external_id)
            fresh.append(incoming)
    seen.update(names)
    return fresh


def _note_bad(outcome: Outcome, bad: list[BadRow]) -> None:
    outcome.refused += len(bad)
    outcome.codes.update(each.code for each in bad)
    for each in bad[: max(SHOWN - len(outcome.shown), 0)]:
        outcome.shown.append({"row": each.row, "code": each.code, **each.words.as_dict()})


def quarantine_path(product: Product, key: int) -> Path:
    return current().data / "quarantine" / f"tickets-{product.pk}-{key}.csv"


def quarantine_file(found: TicketImport) -> FileResponse:
    """The rows that were refused, with their reasons. Raises `NotFound`."""
    try:
        file = quarantine_path(found.product, found.pk).open("rb")
    except OSError:
        raise NotFound(
            Words("没有被拒绝的行。", "No row was refused."),
            code="nothing_refused",
            hint=Words("导入结果见该次导入。", "The import itself tells what came of it."),
        ) from None
    return FileResponse(file, as_attachment=True, filename=f"refused-{found.pk}.csv")


def preview(
    path: Path, mapping: TicketMapping, product: Product, sample: pl.DataFrame, rows: int = 10
) -> Read:
    """The first rows as they would become tickets. Raises `Refused`."""
    check(mapping, sample.columns)
    head = sample.head(rows)
    return read(head, range(2, head.height + 2), mapping, categories_of(product))
