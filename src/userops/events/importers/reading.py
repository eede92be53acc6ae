"""Opens a file of any known format and yields its rows in blocks of text columns."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from userops.events.importers.columns import plain
from userops.events.importers.csv_rows import CsvRows
from userops.events.importers.excel_rows import ExcelRows
from userops.events.importers.formats import FileFormat, Kind, damaged_file_refused, detect_format
from userops.events.importers.jsonl_rows import JsonlRows
from userops.events.importers.parquet_rows import ParquetRows
from userops.events.importers.rows import CHUNK_ROWS, Chunk, RowReader, joined

READERS: dict[Kind, Callable[[Path, FileFormat], RowReader]] = {
    "csv": CsvRows,
    "excel": ExcelRows,
    "jsonl": JsonlRows,
    "parquet": ParquetRows,
}
SAMPLE_ROWS = 10_000
"""Rows that proposals and the settling of a mapping look at."""


def open_rows(path: Path, file_format: FileFormat) -> RowReader:
    """The reader of a file. Nothing is read until its chunks are taken."""
    return READERS[file_format.kind](path, file_format)


def read_chunks(
    reader: RowReader, path: Path, rows: int = CHUNK_ROWS, *, typed: bool = False
) -> Iterator[Chunk]:
    """All rows of a file, at most `rows` a chunk; the next one is read while the caller works on one. Raises
    `Refused` when the file is damaged. `typed`: columns as `columns.typed_frame` takes them, not all as text."""
    with damaged_file_refused(path):
        for chunk in _read_ahead(joined(reader.chunks(rows), rows)):
            yield chunk if typed else _plain(chunk)


def _read_ahead(chunks: Generator[Chunk, None, None]) -> Iterator[Chunk]:
    with closing(chunks), ThreadPoolExecutor(1, "import-read") as reading:
        coming = reading.submit(next, chunks, None)
        while (chunk := coming.result()) is not None:
            coming = reading.submit(next, chunks, None)
            yield chunk


def read_sample(path: Path, file_format: FileFormat, rows: int = SAMPLE_ROWS) -> Chunk:
    """The first rows of a file: always the same ones, whatever the chunks of the import are."""
    reader = open_rows(path, file_format)
    with damaged_file_refused(path):
        for chunk in reader.chunks(rows):
            return _plain(chunk)
    empty = {name: pa.array([], pa.string()) for name in file_format.columns}
    return Chunk(pa.table(empty), np.empty(0, np.int64))


def _plain(chunk: Chunk) -> Chunk:
    return replace(chunk, table=plain(chunk.table))


__all__ = ["READERS", "SAMPLE_ROWS", "detect_format", "open_rows", "read_chunks", "read_sample"]
