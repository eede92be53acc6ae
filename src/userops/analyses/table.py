"""A result as rows, and who is behind one of its numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from userops.words import Words


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a result table. `type`: text, whole, number, share (0…1), date, seconds."""

    name: str
    words: Words
    type: str = "text"


@dataclass(frozen=True, slots=True)
class Table:
    """A result as rows: what the page shows under the chart and what CSV and XLSX hold."""

    columns: tuple[Column, ...]
    rows: list[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class People:
    """Who is behind a number: persons (uids) in a stable order, and how many there are in all."""

    persons: list[int]
    total: int
