"""Rows of a Parquet file, each native type written as the text that a CSV would hold, or ready to be."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
from pyarrow import parquet

from userops.errors import Refused
from userops.events.importers.columns import INSTANT
from userops.events.importers.formats import CountedFile, FileFormat, decompressed
from userops.events.importers.rows import CHUNK_BYTES, Chunk, ReadingNotes
from userops.words import Words

REPEATED = pa.dictionary(pa.int32(), pa.string())
_FEW_BYTES = 8


class ParquetRows:
    """Reads a Parquet file in batches. Columns that the file keeps as a dictionary stay one, times with a zone stay
    instants; `columns.plain` makes texts of both."""

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
            opened = self._open(file if source is file else whole, _repeated(opened))
            total = max(opened.metadata.num_rows, 1)
            first = 1
            for batch in opened.iter_batches(batch_size=_bounded(opened, rows)):
                numbers = np.arange(first, first + batch.num_rows, dtype=np.int64)
                first += batch.num_rows
                self.notes.share_read = (first - 1) / total
                yield Chunk(_typed(pa.Table.from_batches([batch])), numbers)
            self.notes.share_read = 1.0

    def _open(self, source: Any, repeated: Sequence[str] = ()) -> parquet.ParquetFile:
        try:
            return parquet.ParquetFile(source, read_dictionary=list(repeated))
        except pa.ArrowException as wrong:
            raise Refused(
                Words(
                    f"无法读取 Parquet 文件 {self._path.name}：{wrong}。",
                    f"Cannot read the Parquet file {self._path.name}: {wrong}.",
                ),
                code="file_damaged",
            ) from None


def _repeated(opened: parquet.ParquetFile) -> list[str]:
    """The text columns that the file keeps as a dictionary, and in few bytes a value: not one that became too large."""
    facts, found = opened.metadata, []
    for place in range(facts.num_columns if facts.num_row_groups else 0):
        column = facts.row_group(0).column(place)
        name, schema = column.path_in_schema, opened.schema_arrow
        if name in schema.names and pa.types.is_string(schema.field(name).type):
            few = column.total_uncompressed_size < _FEW_BYTES * column.num_values
            if column.has_dictionary_page and few:
                found.append(name)
    return found


def _bounded(opened: parquet.ParquetFile, rows: int) -> int:
    """Fewer rows at once where they are wide."""
    facts = opened.metadata
    size = sum(int(facts.row_group(n).total_byte_size) for n in range(facts.num_row_groups))
    return max(min(rows, CHUNK_BYTES * int(facts.num_rows) // max(size, 1)), 1_000)


def _typed(table: pa.Table) -> pa.Table:
    columns = {
        name: _typed_column(column)
        for name, column in zip(table.column_names, table.columns, strict=True)
    }
    return pa.table(columns)


def _typed_column(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Times with a zone as instants, texts that the file holds once as such, all others as text."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        if pa.types.is_string(kind.value_type):
            return column.cast(REPEATED)
        column = column.cast(kind.value_type)
        kind = column.type
    if pa.types.is_timestamp(kind):
        if kind.tz is None:
            return column.cast(pa.timestamp("us"), safe=False).cast(pa.string())
        return column.cast(INSTANT, safe=False)
    if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        texts = [None if value is None else _json(value) for value in column.to_pylist()]
        return pa.chunked_array([pa.array(texts, pa.string())])
    if pa.types.is_integer(kind) or pa.types.is_floating(kind):
        return _numbers(column)
    return column.cast(pa.string())


def _numbers(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """The text of each different number is made once."""
    coded = column.combine_chunks().dictionary_encode()
    coded = coded.chunk(0) if isinstance(coded, pa.ChunkedArray) else coded
    texts = coded.dictionary.cast(pa.string())
    return pa.chunked_array([pa.DictionaryArray.from_arrays(coded.indices.cast(pa.int32()), texts)])


def _json(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return orjson.dumps(value, default=str).decode()
