"""Refused rows: listed with their reasons, exported, and read again after a fix."""

from __future__ import annotations

import csv
import io
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, QuerySet

from userops.events.capture import DOORS
from userops.events.importers.quarantine import DOOR as IMPORT_DOOR
from userops.events.importers.replay import read_again
from userops.events.ingest import CONFLICT, Ingest
from userops.events.models import Product, QuarantinedRow
from userops.events.records import Record, Refusal
from userops.spreadsheets import neutral

REPLAY = {door.name: door.replay for door in DOORS}
COLUMNS = ("id", "received", "door", "import_run_id", "row_number", "code", "detail", "raw")


@dataclass(frozen=True, slots=True)
class Group:
    """All waiting rows that were refused for one reason at one door."""

    code: str
    door: str
    rows: int
    latest: datetime


def groups(product: Product) -> list[Group]:
    """What waits in quarantine, the most frequent reason first."""
    found = (
        waiting(product)
        .values_list("code", "door")
        .annotate(rows=Count("pk"), latest=Max("received"))
        .order_by("-rows", "code")
    )
    return [Group(*row) for row in found]


def waiting(product: Product, code: str = "", door: str = "") -> QuerySet[QuarantinedRow]:
    """Rows that are neither replayed nor thrown away, newest first."""
    rows = QuarantinedRow.objects.filter(product=product, replayed=None)
    if code:
        rows = rows.filter(code=code)
    if door:
        rows = rows.filter(door=door)
    return rows.order_by("-pk")


def export_csv(rows: Iterable[QuarantinedRow]) -> Iterator[str]:
    """The rows as CSV, line by line, safe to open in a spreadsheet."""
    yield _line(COLUMNS)
    for row in rows:
        yield _line([_safe(getattr(row, name)) for name in COLUMNS])


def _line(cells: Iterable[object]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue()


def _safe(value: object) -> object:
    if isinstance(value, str):
        return neutral(value)
    return "" if value is None else value


@dataclass(frozen=True, slots=True)
class Replayed:
    """What became of replayed rows: `taken` left the quarantine, `refused` stay with their reasons."""

    taken: int
    stored: int
    refused: Counter[str]


def replay(ingest: Ingest, product: Product, rows: Iterable[QuarantinedRow]) -> Replayed:
    """Read refused rows again. Those that are good now are stored; the others stay."""
    taken, stored, refused = 0, 0, Counter[str]()
    for row in rows:
        records, refusal = _read(row)
        if refusal is not None:
            refused[refusal.code] += 1
            if refusal.code != row.code:
                row.code, row.detail = refusal.code, refusal.detail[:500]
                row.save(update_fields=["code", "detail"])
            continue
        # not in a transaction of ours: the ingest writes for other requests too, and answers them
        stored += ingest.submit(product.pk, row.door, records, replayed=row.pk).stored
        taken += 1
    return Replayed(taken, stored, refused)


def _read(row: QuarantinedRow) -> tuple[list[Record], Refusal | None]:
    if row.door == IMPORT_DOOR:
        return read_again(row)
    if row.code == CONFLICT or row.door not in REPLAY:
        return [], Refusal(code=row.code, detail=row.detail, raw=row.raw)
    received = round(row.received.timestamp() * 1000) if row.received else time.time_ns() // 10**6
    parsed = REPLAY[row.door](row.raw, received)
    if parsed.refusals or not parsed.records:
        again = (
            parsed.refusals[0]
            if parsed.refusals
            else Refusal(code=row.code, detail=row.detail, raw="")
        )
        return [], again
    return list(parsed.records), None
