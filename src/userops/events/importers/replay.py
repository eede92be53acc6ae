"""A refused row of a file, read again by the mapping of its import: as it is, or as it was mended."""

from __future__ import annotations

import csv
import hashlib
import time
from typing import Literal
from uuid import UUID

import msgspec
import numpy as np
import orjson
import polars as pl
import pyarrow as pa

from userops.events.importers.converting import Converter
from userops.events.importers.dialect import SPACES
from userops.events.importers.jsonl_rows import parse_line
from userops.events.importers.mapping import Mapping
from userops.events.importers.rows import Chunk, RefusedRow
from userops.events.models import QuarantinedRow
from userops.events.records import Event, Identify, ProfileChange, Record, Refusal


def read_again(row: QuarantinedRow) -> tuple[list[Record], Refusal | None]:
    """The record of a row that is good now, or why it is still refused.

    `row.raw` is a JSON object by column name, or a line of the file as it stood.
    """
    run = row.import_run
    if run is None or not run.mapping:
        return [], Refusal(code=row.code, detail=row.detail, raw=row.raw)
    mapping = msgspec.convert(run.mapping, Mapping)
    cells = _cells(row, mapping)
    if isinstance(cells, RefusedRow):
        return [], Refusal(code=cells.code, detail=cells.detail, raw=row.raw)
    table = pa.table({name: pa.array([cell], pa.string()) for name, cell in cells.items()})
    chunk = Chunk(table, np.array([row.row_number or 0], np.int64))
    # a time that was in the future when the file came may be in the past by now
    now_ms = time.time_ns() // 1_000_000
    done = Converter(mapping, now_ms=now_ms, timezone=run.product.timezone).convert(chunk)
    if done.refused.height:
        code, detail = done.refused.select("code", "detail").row(0)
        return [], Refusal(code=code, detail=detail, raw=row.raw)
    return [_record(row, mapping, done.accepted)], None


def _cells(row: QuarantinedRow, mapping: Mapping) -> dict[str, str] | RefusedRow:
    number = row.row_number or 0
    if row.raw.lstrip().startswith("{"):
        return parse_line(number, row.raw.encode())
    columns = mapping.file.columns
    delimiter = mapping.file.delimiter
    if delimiter == SPACES:
        cells = row.raw.split()
    else:
        quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if mapping.file.quotes else csv.QUOTE_NONE
        try:
            cells = next(csv.reader([row.raw], delimiter=delimiter, quoting=quoting), [])
        except csv.Error as wrong:  # a line break outside quotes, say, from mending by hand
            return RefusedRow(number, "row_malformed", str(wrong), row.raw)
    if len(cells) != len(columns):
        detail = f"{len(cells)} columns, expected {len(columns)}"
        return RefusedRow(number, "row_malformed", detail, row.raw)
    return dict(zip(columns, cells, strict=True))


def _record(row: QuarantinedRow, mapping: Mapping, accepted: pl.DataFrame) -> Record:
    found = accepted.row(0, named=True)
    properties = orjson.loads(found["props"])
    if mapping.identities:
        anonymous = properties["anonymous_id"]
        return Identify(distinct_id=found["distinct_id"], anonymous_id=anonymous)
    if mapping.profile:
        return ProfileChange(
            distinct_id=found["distinct_id"], operation="set", properties=properties
        )
    fields = {
        name: found[name] for name in mapping.fields.values() if found[name] not in (None, "")
    }
    return Event(
        event=found["event"],
        distinct_id=found["distinct_id"],
        ts=found["ts"],
        uuid=_uuid(row, found["content"], bool(found["given"])),
        properties={**properties, **fields},
    )


def _uuid(row: QuarantinedRow, content: bytes, given: bool) -> UUID:
    """The uuid that an import would give (`sql/fresh.sql`): of the k-th of equal rows, the k-th."""
    if given:
        return UUID(bytes=content)
    equal = QuarantinedRow.objects.filter(import_run=row.import_run, raw=row.raw)
    occurrence = 1 + equal.filter(pk__lt=row.pk).count()
    text = content + str(occurrence).encode()
    return UUID(bytes=hashlib.md5(text, usedforsecurity=False).digest())
