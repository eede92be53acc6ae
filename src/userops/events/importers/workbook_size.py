"""Whether a workbook is small enough to be opened.

The reader holds a sheet as one block from its first to its last cell, so a file of a few hundred bytes
with two cells in opposite corners asks for hundreds of gigabytes, and then ends the whole process.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, BinaryIO

from userops.errors import Refused
from userops.words import Words

MAX_FILE_BYTES = 256 * 2**20
"""Of the workbook itself, unpacked when it is .gz or .zst."""
MAX_XML_BYTES = 2**30
"""Of everything in the workbook, unpacked."""
MAX_CELLS = 40_000_000
"""Of the block that one sheet spans; the reader needs 32 bytes for each."""
OTHER_KINDS = {"xl/workbook.bin": ".xlsb", "content.xml": ".ods"}
"""What shows a workbook of another kind. Their sheets cannot be measured; they open only by their own
name, which no upload may have."""
_BLOCK = 1 << 20
_LONGEST_TAG = 1 << 16
_ROWS = re.compile(
    rb"""<(?:\w{1,20}:)?(?:c|row)\s[^<>]*?\br\s*=\s*["'][A-Za-z]{0,3}(\d{1,7})["']"""
)
_COLUMNS = re.compile(rb"""<(?:\w{1,20}:)?c\s[^<>]*?\br\s*=\s*["']([A-Za-z]{1,3})\d{1,7}["']""")
_TAGS = re.compile(rb"<(?:\w{1,20}:)?(c|row)[\s/>]")


def check_size(content: BinaryIO, path: Path) -> None:
    """Raises `Refused` (`workbook_too_large`, `file_damaged`) before too large a file is opened."""
    if not zipfile.is_zipfile(content):
        return  # .xls: 65,536 rows of 256 columns at most
    try:
        with zipfile.ZipFile(content) as archive:
            _check_kind(archive, path)
            _check_unpacked(archive, path)
            for entry in archive.infolist():
                if entry.filename.lower().endswith(".xml"):
                    with archive.open(entry) as sheet:
                        _check_extent(sheet, path)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError) as wrong:
        raise Refused(
            Words(
                f"无法打开工作簿 {path.name}：{wrong}。",
                f"Cannot open the workbook {path.name}: {wrong}.",
            ),
            code="file_damaged",
        ) from None


def _check_kind(archive: zipfile.ZipFile, path: Path) -> None:
    names = {name.lower() for name in archive.namelist()}
    for mark, ending in OTHER_KINDS.items():
        if mark in names and ending not in path.suffixes:
            raise Refused(
                Words(
                    f"{path.name} 不是 xlsx 工作簿，请另存为 .xlsx 后再导入。",
                    f"{path.name} is no xlsx workbook: save it as .xlsx and import that.",
                ),
                code="file_kind_unknown",
            )


def _check_unpacked(archive: zipfile.ZipFile, path: Path) -> None:
    if sum(entry.file_size for entry in archive.infolist()) > MAX_XML_BYTES:
        raise too_large(path)


def _check_extent(sheet: IO[bytes], path: Path) -> None:
    """Read the addresses of all cells. Where they have none, each stands right of the one before it,
    and each row below: so they are counted."""
    rows, columns = [2**31, 0], [2**31, 0]
    counted_rows = counted = width = 0
    for text in _whole_tags(sheet, path):
        found, tags = _COLUMNS.findall(text), _TAGS.findall(text)
        _widen(rows, {int(row) for row in set(_ROWS.findall(text))})
        _widen(columns, {_number(column) for column in set(found)})
        counted_rows += tags.count(b"row")
        if len(found) < tags.count(b"c"):
            for tag in tags:
                counted = counted + 1 if tag == b"c" else 0
                width = max(width, counted)
        height = max(rows[1] - rows[0] + 1, counted_rows)
        if height * max(columns[1] - columns[0] + 1, width) > MAX_CELLS:
            raise too_large(path)


def _widen(bounds: list[int], values: set[int]) -> None:
    bounds[0], bounds[1] = min(bounds[0], *values, 2**31), max(bounds[1], *values, 0)


def _whole_tags(sheet: IO[bytes], path: Path) -> Iterator[bytes]:
    """The text of a sheet in blocks that cut no tag."""
    rest = b""
    while block := sheet.read(_BLOCK):
        text = rest + block
        cut = text.rfind(b"<")
        if cut < 0 or b">" in text[cut:]:  # the last tag is whole; what follows is only text
            yield text
            rest = b""
            continue
        yield text[:cut]
        rest = text[cut:]
        if len(rest) > _LONGEST_TAG:
            raise too_large(path)


def _number(column: bytes) -> int:
    number = 0
    for letter in column.upper():
        number = number * 26 + letter - 64
    return number


def too_large(path: Path) -> Refused:
    return Refused(
        Words(
            f"工作簿 {path.name} 过大：一张工作表最多 {MAX_CELLS:,} 个单元格。",
            f"The workbook {path.name} is too large: a sheet may span {MAX_CELLS:,} cells.",
        ),
        code="workbook_too_large",
        hint=Words(
            "请删除远处的空白单元格，或另存为 CSV 后再导入。",
            "Delete stray cells far away, or save the sheet as CSV and import that.",
        ),
    )
