"""What a question of the benchmark is: the same thing asked of every side, and how answers compare."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any

from bench.history.catalogue import LAST_DAY, TIMEZONE, ZONE

if TYPE_CHECKING:
    import pandas as pd

PRODUCT = "bench"
LAST = LAST_DAY.date()
Cell = str | int | float
Rows = list[tuple[Cell, ...]]


@dataclass(frozen=True)
class Period:
    """Whole local days, both ends included."""

    first: date
    last: date

    @classmethod
    def days(cls, count: int, until: date = LAST) -> Period:
        return cls(until - timedelta(days=count - 1), until)

    @property
    def document(self) -> dict[str, str]:
        return {"from": str(self.first), "to": str(self.last)}

    def ms(self, days_before: int = 0, days_after: int = 0) -> tuple[int, int]:
        """UTC milliseconds of the begin and of the end, which is no longer in it."""
        begin = _midnight(self.first - timedelta(days=days_before))
        return begin, _midnight(self.last + timedelta(days=1 + days_after))


def _midnight(day: date) -> int:
    moment = datetime(day.year, day.month, day.day, tzinfo=ZONE)
    return int(moment.timestamp() * 1000)


@dataclass(frozen=True)
class Question:
    """`posthog.sql` and `duckdb.sql` lie beside the module; `${…}` in them are constants of ours.

    - `document`: for UserOps, or None when `userops` asks in another way.
    - `read`: UserOps's result as the rows that the SQL of the others gives.
    - `pandas`: the same from a data frame of `sides.pandas_side`.
    - `columns`: of UserOps's `events`, that any answer from the rows has to read: the floor.
    """

    name: str
    says: str
    folder: Path
    period: Period
    columns: tuple[str, ...]
    pandas: Callable[[pd.DataFrame], Rows]
    read: Callable[[Any], Rows]
    document: Mapping[str, Any] | None = None
    userops: Callable[[Any], Any] | None = None
    rollup: bool = False
    """Answerable from sets of users by event and day."""
    constants: Mapping[str, str] | None = None

    @property
    def kind(self) -> str:
        return str(self.document["kind"]) if self.document else ""

    def sql(self, file: str, **pieces: str) -> str:
        begin, end = self.period.ms()
        text = (self.folder / file).read_text(encoding="utf-8")
        constants = {
            "begin": str(begin),
            "end": str(end),
            "first": str(self.period.first),
            "last": str(self.period.last),
            "timezone": TIMEZONE,
            **(self.constants or {}),
            **pieces,
        }
        return Template(text).substitute(constants)


def canonical(rows: Sequence[Sequence[Any]]) -> Rows:
    """Plain values in one order, so that equal answers are equal lists."""
    return sorted((tuple(_plain(cell) for cell in row) for row in rows), key=repr)


def _plain(cell: Any) -> Cell:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, date):
        return str(cell)[:10]
    if isinstance(cell, float) and not cell.is_integer():
        return cell
    return int(cell)


def same(one: Sequence[Sequence[Cell]], other: Sequence[Sequence[Cell]]) -> bool:
    """Whether two canonical answers agree; shares and sums up to rounding."""
    if len(one) != len(other):
        return False
    return all(
        len(a) == len(b) and all(_close(x, y) for x, y in zip(a, b, strict=True))
        for a, b in zip(one, other, strict=True)
    )


def _close(one: Cell, other: Cell) -> bool:
    if isinstance(one, str) or isinstance(other, str):
        return one == other
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-6)
