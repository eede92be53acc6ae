"""How a text file separates its columns, and whether its first row names them."""

from __future__ import annotations

import csv
import re
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

DELIMITERS: tuple[str, ...] = (",", "\t", ";", "|")
SPACES = " "
"""As a delimiter: any run of spaces, with padding at both ends ignored."""
_LINES = 300
_NUMBER = re.compile(r"[-+]?\d[\d,.]*([eE][-+]?\d+)?%?")
_DATE = re.compile(r"\d{1,4}[-/.年]\d{1,2}[-/.月]\d{1,4}.*")
_NAME_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Dialect:
    """`columns` are the names, made unique; invented (`column_1` …) where the file has none."""

    delimiter: str
    header: bool
    columns: tuple[str, ...]
    confidence: float


def detect_dialect(
    text: str, delimiter: str = "", header: bool | None = None, quotes: bool = True
) -> Dialect:
    """Read the dialect off the beginning of a file. What the caller already knows is kept."""
    confidence = 1.0
    if not delimiter:
        delimiter, confidence = _detect_delimiter(text, quotes)
    rows = split_rows(text, delimiter, quotes)
    if not rows:
        return Dialect(delimiter, bool(header), (), confidence)
    if header is None:
        header = _has_header(rows[0], rows[1:])
    width = len(rows[0]) if header else Counter(map(len, rows)).most_common(1)[0][0]
    names = rows[0] if header else [""] * width
    return Dialect(delimiter, header, unique_names(names), confidence)


def split_rows(text: str, delimiter: str, quotes: bool = True) -> list[list[str]]:
    """The first rows of a text as lists of cells, without blank rows."""
    lines = text.splitlines()[:_LINES]
    if delimiter == SPACES:
        return [cells for cells in (line.split() for line in lines) if cells]
    quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if quotes else csv.QUOTE_NONE
    rows: list[list[str]] = []
    # a quote that never closes: the rows before it are sample enough
    with suppress(csv.Error):
        rows.extend(csv.reader(lines, delimiter=delimiter, quoting=quoting))
    return [row for row in rows if any(cell.strip() for cell in row)]


def unique_names(names: list[str]) -> tuple[str, ...]:
    """Trimmed column names; an empty one becomes `column_3`, a repeated one `name_2`."""
    seen: Counter[str] = Counter()
    out: list[str] = []
    for position, name in enumerate(names, start=1):
        name = name.strip().strip("\ufeff") or f"column_{position}"
        seen[name] += 1
        out.append(name if seen[name] == 1 else f"{name}_{seen[name]}")
    return tuple(out)


def _detect_delimiter(text: str, quotes: bool) -> tuple[str, float]:
    best = (0.0, 1, ",")
    for delimiter in DELIMITERS:
        widths = Counter(map(len, split_rows(text, delimiter, quotes)))
        if not widths:
            continue
        width, count = widths.most_common(1)[0]
        if width > 1:
            best = max(best, (count / widths.total(), width, delimiter))
    share, _, delimiter = best
    if share < 0.8:
        widths = Counter(map(len, split_rows(text, SPACES)))
        width, count = widths.most_common(1)[0] if widths else (1, 0)
        if width > 1 and count / widths.total() > 0.9:
            return SPACES, count / widths.total()
    return (delimiter, share) if share else (",", 1.0)


def _has_header(first: list[str], rest: list[list[str]]) -> bool:
    cells = [cell.strip() for cell in first]
    if not any(cells) or any(_is_value(cell) for cell in cells):
        return False
    if not rest:
        return True
    columns = [
        {row[position].strip() for row in rest if position < len(row)} - {""}
        for position in range(len(cells))
    ]
    if any(values and all(map(_is_value, values)) for values in columns):
        return True
    return all(
        len(cell) <= _NAME_LENGTH and cell not in values
        for cell, values in zip(cells, columns, strict=True)
    )


def _is_value(cell: str) -> bool:
    """Whether a cell reads as a number or a date: a thing that no column is named."""
    return bool(_NUMBER.fullmatch(cell) or _DATE.fullmatch(cell))
