"""What a reader yields: blocks of rows as text, and the rows that could not be read."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

CHUNK_ROWS = 200_000
CHUNK_BYTES = 64 << 20
"""A chunk is not made larger than this by putting smaller ones together."""
RowNumbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """One row that cannot be taken. `row` counts the file's rows from 1, the header included;
    a quoted value with line breaks is one row. `raw` is the row as JSON or as it stood."""

    row: int
    code: str
    detail: str
    raw: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """Rows of a file. Every column of `table` is text (null = the file says nothing), but that a reader may leave
    texts a dictionary and instants timestamps in UTC (`reading.read_chunks` makes texts of them); `rows` are
    their numbers in the file, ascending; `refused` are the rows between that could not be read."""

    table: pa.Table
    rows: RowNumbers
    refused: tuple[RefusedRow, ...] = ()

    @property
    def read(self) -> int:
        """Rows read, refused ones included."""
        return len(self.rows) + len(self.refused)


@dataclass(slots=True)
class ReadingNotes:
    """What reading found out on the way; complete only at the end of the file."""

    encoding: str = ""
    bad_bytes: int = 0
    suspect_characters: int = 0
    share_read: float = 0.0
    extra: dict[str, int] = field(default_factory=dict)


class RowReader(Protocol):
    """Reads one format. `notes` are filled while the chunks are taken."""

    notes: ReadingNotes

    def chunks(self, rows: int) -> Iterator[Chunk]: ...


def joined(chunks: Iterable[Chunk], rows: int) -> Generator[Chunk, None, None]:
    """Small chunks put together, to at most `rows` rows and about `CHUNK_BYTES`."""
    waiting: list[Chunk] = []
    for chunk in chunks:
        if waiting and not _fits(waiting, chunk, rows):
            yield _as_one(waiting)
            waiting = []
        waiting.append(chunk)
    if waiting:
        yield _as_one(waiting)


def _fits(waiting: list[Chunk], chunk: Chunk, rows: int) -> bool:
    all_rows = sum(each.read for each in waiting) + chunk.read
    size = sum(each.table.nbytes for each in waiting) + chunk.table.nbytes
    return (
        all_rows <= rows
        and size <= CHUNK_BYTES
        and waiting[0].table.schema.equals(chunk.table.schema)
    )


def _as_one(chunks: list[Chunk]) -> Chunk:
    if len(chunks) == 1:
        return chunks[0]
    return Chunk(
        pa.concat_tables(each.table for each in chunks),
        np.concatenate([each.rows for each in chunks]),
        tuple(refused for each in chunks for refused in each.refused),
    )


def slices(chunk: Chunk, rows: int) -> Iterator[Chunk]:
    """A chunk in pieces of at most `rows` rows; each refused row goes with the rows before it."""
    total = len(chunk.rows)
    if total <= rows:
        yield chunk
        return
    refused = list(chunk.refused)
    for start in range(0, total, rows):
        end = min(start + rows, total)
        limit = chunk.rows[end] if end < total else None
        here = [row for row in refused if limit is None or row.row < limit]
        refused = refused[len(here) :]
        yield Chunk(chunk.table.slice(start, end - start), chunk.rows[start:end], tuple(here))
