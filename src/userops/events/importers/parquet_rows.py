"""Rows of a Parquet file, each native type written as the text that a CSV would hold."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
from pyarrow import compute, parquet

from userops.errors import Refused
from userops.events.importers.formats import CountedFile, FileFormat, decompressed
from userops.events.importers.rows import CHUNK_BYTES, Chunk, ReadingNotes
from userops.words import Words


class ParquetRows:
    """Reads a Parquet file in batches. Times become ISO text, with `Z` when they have a zone."""

    def __init__(self, path: Path, file_format: FileFormat) -> None:
        self._path = path
        self._format = file_format
        self.notes = ReadingNotes(encoding="utf-8")

    def chunks(self, rows: int) -> Iterator[Chunk]:
        with CountedFile(self._path) as file, tempfile.TemporaryFile() as whole:
            source = decompressed(file)
            if source is not file:
                # the format is read from its end: a compressed file must be unpacked first
                shutil.copyfileobj(source, whole)
                whole.seek(0)
            opened = self._open(file if source is file else whole)
            total = max(opened.metadata.num_rows, 1)
            first = 1
            for batch in opened.iter_batches(batch_size=_bounded(opened, rows)):
                numbers = np.arange(first, first + batch.num_rows, dtype=np.int64)
                first += batch.num_rows
                self.notes.share_read = (first - 1) / total
                yield Chunk(_as_text(pa.Table.from_batches([batch])), numbers)
            self.notes.share_read = 1.0

    def _open(self, source: Any) -> parquet.ParquetFile:
        try:
            return parquet.ParquetFile(source)
        except pa.ArrowException as wrong:
            raise Refused(
                Words(
                    f"无法读取 Parquet 文件 {self._path.name}：{wrong}。",
                    f"Cannot read the Parquet file {self._path.name}: {wrong}.",
                ),
                code="file_damaged",
            ) from None


def _bounded(opened: parquet.ParquetFile, rows: int) -> int:
    """Fewer rows at once where they are wide."""
    facts = opened.metadata
    size = sum(int(facts.row_group(n).total_byte_size) for n in range(facts.num_row_groups))
    return max(min(rows, CHUNK_BYTES * int(facts.num_rows) // max(size, 1)), 1_000)


def _as_text(table: pa.Table) -> pa.Table:
    columns = {
        name: _column_as_text(column)
        for name, column in zip(table.column_names, table.columns, strict=True)
    }
    return pa.table(columns)


def _column_as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.cast(kind.value_type)
        kind = column.type
    if pa.types.is_timestamp(kind):
        if kind.tz is None:
            return column.cast(pa.timestamp("us"), safe=False).cast(pa.string())
        utc = column.cast(pa.timestamp("us", "UTC"), safe=False)
        return _iso(utc)
    if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        texts = [None if value is None else _json(value) for value in column.to_pylist()]
        return pa.chunked_array([pa.array(texts, pa.string())])
    return column.cast(pa.string())


def _iso(times: pa.ChunkedArray) -> pa.ChunkedArray:
    """`2026-01-31T23:59:59.123456Z`, from times in UTC. Casting writes the same with a space, far faster than
    by format; without the zone, which it would ask the time zone database for, ten times as fast."""
    texts = times.cast(pa.timestamp("us")).cast(pa.string())
    return compute.binary_join_element_wise(
        compute.binary_replace_slice(texts, 10, 11, "T"), "Z", ""
    )


def _json(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return orjson.dumps(value, default=str).decode()
