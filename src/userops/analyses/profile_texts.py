"""What is known of persons today, as arrays: for breakdowns that are worked out outside the engine."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from userops.analyses.timelines import Ints
from userops.query.known import known_sql
from userops.query.scope import Scope
from userops.query.sql import statement
from userops.query.steps import Breakdown

SQL = Path(__file__).parent / "sql"


@dataclass(frozen=True, slots=True)
class Texts:
    """A text column as codes into its sorted distinct values."""

    codes: Ints
    values: list[str]


def texts(table: pa.Table, name: str) -> Texts:
    """A column of strings as codes whose order is the order of the strings."""
    column = table.column(name).cast(pa.string())
    encoded = pc.dictionary_encode(column).combine_chunks()
    if isinstance(encoded, pa.ChunkedArray):  # an empty table has no chunk to combine
        return Texts(np.zeros(0, np.int64), [])
    found = encoded.dictionary.to_pylist()
    order = sorted(range(len(found)), key=found.__getitem__)
    rank = np.empty(len(found), np.int64)
    rank[order] = np.arange(len(found))
    codes = encoded.indices.to_numpy(zero_copy_only=False)
    return Texts(rank[codes] if len(found) else np.zeros(0, np.int64), [found[at] for at in order])


@dataclass(frozen=True, slots=True)
class Profiles:
    """`person` in order, and of each user property of a breakdown, by its place in it, a text for each of them."""

    person: Ints
    columns: dict[int, Texts]

    def of(self, persons: Ints, place: int) -> tuple[Ints, list[str]]:
        """A number for each of the persons, and the texts in order that the numbers stand for; '' where nothing is
        known."""
        column = self.columns[place]
        added = int(column.values[:1] != [""])
        values = [*[""] * added, *column.values]
        if not len(self.person):
            return np.zeros(len(persons), np.int64), values
        found = np.minimum(np.searchsorted(self.person, persons), len(self.person) - 1)
        codes = np.where(self.person[found] == persons, column.codes[found] + added, 0)
        return codes, values


def profiles(breakdown: tuple[Breakdown, ...], scope: Scope) -> Profiles:
    """The user properties of a breakdown: read once, for all blocks."""
    wanted = {at: each for at, each in enumerate(breakdown) if each.of == "user"}
    if not wanted:
        return Profiles(np.zeros(0, np.int64), {})
    values = scope.values()
    known = known_sql({f"b{at}": each.property for at, each in wanted.items()}, values)
    table = scope.ask(statement(SQL / "profiles.sql", {"known": known}), values)
    person = table.column("person").to_numpy().astype(np.int64)
    return Profiles(person, {at: texts(table, f"b{at}") for at in wanted})
