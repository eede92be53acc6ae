"""Rows of a file that cannot be taken: kept with their reasons, to be mended and imported again."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from userops.config import current
from userops.spreadsheets import neutral
from userops.words import Words


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be taken. `row` counts from 1, the header included."""

    row: int
    code: str
    words: Words
    raw: str


class Quarantine:
    """All bad rows with their reasons, as a file that can be mended and imported again."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._file: Any = None

    def add(self, bad: list[BadRow]) -> None:
        if self._path is None or not bad:
            return
        if self._file is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._path.open("w", encoding="utf-8-sig", newline="")
            csv.writer(self._file).writerow(["row", "code", "detail", "raw"])
        for each in bad:
            cells = [each.code, each.words.text(current().language), each.raw]
            csv.writer(self._file).writerow([each.row, *(neutral(cell) for cell in cells)])

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
