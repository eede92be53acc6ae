"""Rows of a workbook's sheet (xlsx, xlsb, xls, ods). The sheet is held in memory: Excel allows
1,048,576 rows, and the formats cannot be streamed."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from python_calamine import CalamineError, CalamineWorkbook

from userops.errors import Refused
from userops.events.importers.dialect import unique_names
from userops.events.importers.formats import CountedFile, FileFormat, decompressed
from userops.events.importers.rows import Chunk, ReadingNotes
from userops.events.importers.workbook_size import MAX_FILE_BYTES, check_size, too_large
from userops.words import Words


def open_workbook(path: Path) -> CalamineWorkbook:
    """Raises `Refused` (`file_damaged`, `workbook_too_large`) when it is none that can be opened."""
    with CountedFile(path) as file:
        content = io.BytesIO(decompressed(file).read(MAX_FILE_BYTES + 1))
    if content.getbuffer().nbytes > MAX_FILE_BYTES:
        raise too_large(path)
    check_size(content, path)
    content.seek(0)
    try:
        return CalamineWorkbook.from_filelike(content)
    except CalamineError as wrong:
        raise Refused(
            Words(
                f"无法打开工作簿 {path.name}：{wrong}。",
                f"Cannot open the workbook {path.name}: {wrong}.",
            ),
            code="file_damaged",
        ) from None


def sheet_names(path: Path) -> tuple[str, ...]:
    """The sheets in the order of the workbook."""
    return tuple(open_workbook(path).sheet_names)


class ExcelRows:
    """Reads one sheet. Numbers that are whole are written without a decimal point."""

    def __init__(self, path: Path, file_format: FileFormat) -> None:
        self._path = path
        self._format = file_format
        self.notes = ReadingNotes(encoding="utf-8")

    def chunks(self, rows: int) -> Iterator[Chunk]:
        cells = self._cells()
        names = self._format.columns
        if self._format.header or not names:
            first = next(cells, None)
            if first is None:
                return
            found = unique_names([_text(cell) or "" for cell in first[1]])
            if self._format.header:
                names = names or found
            else:
                names = unique_names([""] * len(found))
                cells = self._cells()
        batch: list[tuple[int, list[Any]]] = []
        for numbered in cells:
            batch.append(numbered)
            if len(batch) >= rows:
                yield _chunk(names, batch)
                batch = []
        self.notes.share_read = 1.0
        if batch:
            yield _chunk(names, batch)

    def _cells(self) -> Iterator[tuple[int, list[Any]]]:
        workbook = open_workbook(self._path)
        if self._format.sheet and self._format.sheet not in workbook.sheet_names:
            known = ", ".join(workbook.sheet_names)
            raise Refused(
                Words(
                    f"工作簿中没有名为 {self._format.sheet} 的工作表，现有：{known}。",
                    f"The workbook has no sheet {self._format.sheet}; it has: {known}.",
                ),
                code="sheet_unknown",
            )
        sheet = workbook.get_sheet_by_name(self._format.sheet or workbook.sheet_names[0])
        offset = (sheet.start or (0, 0))[0]
        for number, row in enumerate(sheet.iter_rows(), start=offset + 1):
            if any(cell not in ("", None) for cell in row):
                yield number, list(row)


def _chunk(names: tuple[str, ...], batch: list[tuple[int, list[Any]]]) -> Chunk:
    columns = {
        name: pa.array([_text(cells[place]) for _, cells in batch], pa.string())
        for place, name in enumerate(names)
    }
    return Chunk(pa.table(columns), np.array([number for number, _ in batch], np.int64))


def _text(cell: Any) -> str | None:
    if cell is None or cell == "":
        return None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 2**53 else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell.total_seconds())
    return str(cell)
