"""A result as rows, and who is behind one of its numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from userops.words import Words


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a result table. `type`: text, sentence, whole, number, gain (a difference of counts),
    share (0…1), points (a difference of shares), date, seconds; `property` (`event:city`) and `code` (a
    value that has a label).

    `labels`: what cells of known values, such as the name of a group, are called by people; programs read
    the value itself.
    """

    name: str
    words: Words
    type: str = "text"
    labels: Mapping[str, Words] = field(default_factory=dict, compare=False)

    def shown(self, value: Any, language: str) -> Any:
        """A cell's value as people read it."""
        if isinstance(value, Words):
            return value.text(language)
        words = self.labels.get(value) if isinstance(value, str) else None
        return value if words is None else words.text(language)


@dataclass(frozen=True, slots=True)
class Table:
    """A result as rows: what the page shows under the chart and what CSV and XLSX hold. A cell that the
    product names itself, such as “others”, may be `Words`."""

    columns: tuple[Column, ...]
    rows: list[tuple[Any, ...]]

    def plain(self) -> list[tuple[Any, ...]]:
        """The rows as programs read them."""
        return [
            tuple(cell.en if isinstance(cell, Words) else cell for cell in row) for row in self.rows
        ]


@dataclass(frozen=True, slots=True)
class People:
    """Who is behind a number: persons (uids) in a stable order, and how many there are in all."""

    persons: list[int]
    total: int
