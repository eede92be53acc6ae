"""Rows of delimited text, by Arrow's CSV parser, over a stream that is made UTF-8 on the way."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, Literal, cast

import numpy as np
import polars as pl
import pyarrow as pa
from pyarrow import compute, csv

from userops.errors import Refused
from userops.events.importers.dialect import SPACES
from userops.events.importers.encoding import Utf8Stream
from userops.events.importers.formats import CountedFile, FileFormat, decompressed
from userops.events.importers.rows import Chunk, ReadingNotes, RefusedRow, RowNumbers, slices
from userops.words import Words

BLOCK_BYTES = 4 << 20
RAW_LIMIT = 4_000
"""Characters of a malformed row that are kept."""
_PADDING = re.compile(rb"(?m)^[ \t]+|[ \t]+(?=\r?$)")
_RUN = re.compile(rb"[ \t]+")


class CsvRows:
    """Reads a delimited file in blocks. Rows with too few or too many columns are refused."""

    def __init__(self, path: Path, file_format: FileFormat) -> None:
        self._path = path
        self._format = file_format
        self._invalid: list[RefusedRow] = []
        self._yielded = 0
        self.notes = ReadingNotes(encoding=file_format.encoding)

    def chunks(self, rows: int) -> Iterator[Chunk]:
        with CountedFile(self._path) as file:
            stream = Utf8Stream(decompressed(file), self._format.encoding)
            source = SpacedStream(stream) if self._format.delimiter == SPACES else stream
            first = 1 + self._format.header
            last: pa.RecordBatch | None = None
            for batch in self._batches(cast("BinaryIO", source)):
                chunk = self._numbered(batch, first)
                first = int(chunk.rows[-1]) + 1 if len(chunk.rows) else first
                last = batch.slice(max(batch.num_rows - 1, 0))
                # of each cell Arrow holds the text and four bytes, the file the text and one
                self._yielded += batch.nbytes - 3 * batch.num_rows * batch.num_columns
                self._note(stream, file)
                yield from slices(_without_blank_rows(chunk), rows)
            self._yielded = stream.bytes_given
            self._note(stream, file)
            if stream.quote_marks % 2 and self._format.quotes and _has_line_break(last):
                raise _unclosed_quote(self._path, "end of file")
            self._invalid = [row for row in self._invalid if row.code]
            if self._invalid:
                empty = pa.table({name: pa.array([], pa.string()) for name in self._format.columns})
                left = tuple(self._invalid)
                yield Chunk(empty, np.empty(0, np.int64), left)

    def _batches(self, source: BinaryIO) -> Iterator[pa.RecordBatch]:
        names = list(self._format.columns)
        spaced = self._format.delimiter == SPACES
        try:
            yield from csv.open_csv(
                source,
                read_options=csv.ReadOptions(
                    use_threads=False,
                    block_size=BLOCK_BYTES,
                    column_names=names,
                    skip_rows_after_names=int(self._format.header),
                ),
                parse_options=csv.ParseOptions(
                    delimiter=self._format.delimiter,
                    quote_char='"' if self._format.quotes and not spaced else False,
                    newlines_in_values=self._format.quotes and not spaced,
                    ignore_empty_lines=False,
                    invalid_row_handler=self._refuse,
                ),
                convert_options=csv.ConvertOptions(
                    column_types={name: pa.string() for name in names},
                    strings_can_be_null=False,
                ),
            )
        except pa.ArrowInvalid as wrong:
            if "Empty CSV" in str(wrong):
                return
            raise _unclosed_quote(self._path, wrong) from None

    def _refuse(self, row: Any) -> Literal["skip", "error"]:
        if row.text.strip():
            detail = f"{row.actual_columns} columns, expected {row.expected_columns}"
            number = int(row.number)
            self._invalid.append(RefusedRow(number, "row_malformed", detail, row.text[:RAW_LIMIT]))
        else:
            self._invalid.append(RefusedRow(int(row.number), "", "", ""))
        return "skip"

    def _numbered(self, batch: pa.RecordBatch, first: int) -> Chunk:
        """Give the rows of a block their numbers: those of invalid rows are left out.

        The parser reads ahead, so `_invalid` may already hold rows of later blocks.
        """
        taken = np.array([row.row for row in self._invalid], np.int64)
        numbers = _numbers_without(first, batch.num_rows, taken)
        last = int(numbers[-1]) if len(numbers) else first - 1
        here = [row for row in self._invalid if row.row <= last]
        self._invalid = self._invalid[len(here) :]
        refused = tuple(row for row in here if row.code)
        return Chunk(pa.Table.from_batches([batch]), numbers, refused)

    def _note(self, stream: Utf8Stream, file: CountedFile) -> None:
        self.notes.encoding = stream.encoding
        self.notes.bad_bytes = stream.bad_bytes
        self.notes.suspect_characters = stream.suspect_characters
        # the parser reads ahead: of what it was given, only a part has been yielded
        given = max(stream.bytes_given, 1)
        self.notes.share_read = file.share_read * min(self._yielded / given, 1.0)


class SpacedStream(io.RawIOBase):
    """Turns runs of spaces into single ones and trims lines, whole lines at a time."""

    def __init__(self, source: Utf8Stream) -> None:
        self._source = source
        self._rest = b""
        self._out = b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        while len(self._out) < size or size < 0:
            block = self._source.read(1 << 20)
            if not block:
                self._out += self._squeezed(self._rest)
                self._rest = b""
                break
            lines, newline, rest = (self._rest + block).rpartition(b"\n")
            self._out += self._squeezed(lines + newline)
            self._rest = rest
        out = self._out if size < 0 else self._out[:size]
        self._out = self._out[len(out) :]
        return out

    @staticmethod
    def _squeezed(lines: bytes) -> bytes:
        return _RUN.sub(b" ", _PADDING.sub(b"", lines))


def _numbers_without(first: int, count: int, taken: RowNumbers) -> RowNumbers:
    """`count` ascending numbers from `first` on that are not in `taken`."""
    taken = taken[taken >= first]
    numbers = np.arange(first, first + count + len(taken), dtype=np.int64)
    return numbers[~np.isin(numbers, taken)][:count]


def _without_blank_rows(chunk: Chunk) -> Chunk:
    """Rows without any character are line breaks, not data."""
    # most files have a column that is set in every row, mostly the first one
    if any(compute.min(compute.binary_length(column)).as_py() for column in chunk.table.columns):
        return chunk
    frame = pl.from_arrow(chunk.table)
    assert isinstance(frame, pl.DataFrame)
    filled = frame.select(pl.any_horizontal(pl.all() != "")).to_series()
    if filled.all():
        return chunk
    keep = filled.to_numpy()
    return Chunk(chunk.table.filter(pa.array(keep)), chunk.rows[keep], chunk.refused)


def _has_line_break(row: pa.RecordBatch | None) -> bool:
    return row is not None and any(
        "\n" in cell for column in row.columns for cell in column.to_pylist()
    )


def _unclosed_quote(path: Path, wrong: object) -> Refused:
    return Refused(
        Words(
            f"{path.name} 中有一个没有结束的引号，或单行超过 {BLOCK_BYTES >> 20} MB：{wrong}",
            f"{path.name} has a quote that never closes, or a row over {BLOCK_BYTES >> 20} MB: "
            f"{wrong}",
        ),
        code="csv_quote_unclosed",
        hint=Words(
            "若引号是普通字符，请关闭引号处理（--no-quotes）。",
            "If quotes are plain characters in this file, turn quoting off (--no-quotes).",
        ),
    )
