"""Timelines: the events of each person in order, read in blocks of bounded memory.

An event is one number of 64 bits: person, time, and what it is, from the highest bits to the lowest. So
one sort of numbers puts a block in order, and events of one millisecond stand in the order of their codes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from userops.query.scope import Scope
from userops.query.sql import Values, statement

SQL = Path(__file__).parent / "sql"
Ints = npt.NDArray[Any]
ROWS_READ = 64_000_000
"""About so many events are read by one statement, 8 bytes each; a quarter of them where columns come along."""
ROWS_AT_ONCE = 250_000
"""About so many events make a block: arrays of them stay near the processor (a tenth to a fifth faster than 1 M)."""
_BUCKET_BITS = 10
"""Users are counted in groups of 1,024."""
_ALL_BITS = 64


@dataclass(frozen=True, slots=True)
class What:
    """The pieces of one statement. `code`: a number below 2^`bits`; `flags`: conditions, each one more bit;
    `wanted`: which events are read; `columns`: further columns by name."""

    code: str
    flags: tuple[str, ...]
    wanted: str
    columns: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """Events between two moments (UTC ms, `until` excluded). `spare`: milliseconds by which the events of
    two persons must lie apart when person and time are taken as one number. `named`: a condition on rows
    that is cheap, by which the rows to come are counted."""

    scope: Scope
    begin: int
    until: int
    bits: int
    what: Callable[[Values], What]
    named: Callable[[Values], str]
    spare: int = 0

    @property
    def time_bits(self) -> int:
        return (self.until - self.begin + self.spare + 1).bit_length()


@dataclass(frozen=True, slots=True)
class Block:
    """All events of some persons, by person, time and code. `moment`: person and time as one number, with
    which times of one person can be told apart and compared; `at`: ms since `begin`."""

    person: Ints
    moment: Ints
    at: Ints
    code: Ints
    flags: Ints
    columns: dict[str, Ints]

    def __len__(self) -> int:
        return len(self.code)

    def take(self, chosen: Ints) -> Block:
        """Some of the events, in the order given."""
        return Block(
            person=self.person[chosen],
            moment=self.moment[chosen],
            at=self.at[chosen],
            code=self.code[chosen],
            flags=self.flags[chosen],
            columns={name: column[chosen] for name, column in self.columns.items()},
        )


def carries_sessions(reading: Reading) -> bool:
    """Whether any event of the span carries a session id."""
    values = reading.scope.values()
    pieces = {"begin": values.instant(reading.begin), "until": values.instant(reading.until)}
    return len(reading.scope.ask(statement(SQL / "sessions.sql", pieces), values)) > 0


def blocks(reading: Reading) -> Iterator[Block]:
    """The events, all of a person in the same block."""
    everything = _at_once(reading)
    if everything is not None:
        yield from everything.blocks()
        return
    for low, high in list(_ranges(reading)):
        yield from _read(reading, low, high).blocks()


def _at_once(reading: Reading) -> _Read | None:
    """All events, where they are few enough: to find out first how many there are, and of whom, would cost
    nearly as much."""
    users = reading.scope.users
    # twice as many users as there are will not come in while one question is answered
    if not 0 < users <= _most_persons(reading) // 2:
        return None
    most = _most_rows(reading)
    read = _read(reading, 0, 0, everybody=True, most=most + 1)
    return read if len(read.key) <= most else None


def _most_rows(reading: Reading) -> int:
    return ROWS_READ // 4 if reading.what(reading.scope.values()).columns else ROWS_READ


def _most_persons(reading: Reading) -> int:
    """How many persons fit into the bits that time and code leave."""
    return 1 << (_ALL_BITS - reading.time_bits - reading.bits)


def _ranges(reading: Reading) -> Iterator[tuple[int, int]]:
    """Ranges of persons, the second number excluded, that hold about as many events as are read at once
    and fit into the bits that time and code leave."""
    bucket, events = _spread(reading)
    if not len(bucket):
        return
    wide = _most_persons(reading)
    share = np.cumsum(events) // _most_rows(reading)
    cuts = bucket[1:][np.diff(share) > 0] << _BUCKET_BITS
    first, last = int(bucket[0]) << _BUCKET_BITS, (int(bucket[-1]) + 1) << _BUCKET_BITS
    if reading.scope.merged:
        # who a user has been merged into may have any number
        highest = reading.scope.users or _highest_person(reading.scope) + 1
        first, last = 0, max(last, highest)
    ends = [*(int(cut) for cut in cuts), last]
    low = first
    for end in ends:
        while low < end:
            high = min(end, low + wide)
            yield low, high
            low = high


def _spread(reading: Reading) -> tuple[Ints, Ints]:
    """Groups of 1,024 users, and how many events each holds."""
    values = reading.scope.values()
    values.parameters["width"] = _BUCKET_BITS
    pieces = {
        "named": reading.named(values),
        "begin": values.instant(reading.begin),
        "until": values.instant(reading.until),
    }
    table = reading.scope.ask(statement(SQL / "spread.sql", pieces), values)
    bucket, events = (table.column(name).to_numpy() for name in table.column_names)
    return bucket.astype(np.int64), events.astype(np.int64)


def _highest_person(scope: Scope) -> int:
    values = scope.values()
    table = scope.ask(statement(SQL / "highest.sql"), values)
    return int(table.column(0)[0].as_py())


def _read(
    reading: Reading, low: int, high: int, *, everybody: bool = False, most: int | None = None
) -> _Read:
    low = 0 if everybody else low
    scope, values = reading.scope, reading.scope.values()
    what = reading.what(values)
    shift, person_shift = reading.bits, reading.bits + reading.time_bits
    coded = f"bitShiftLeft(toUInt64({what.code}), {len(what.flags)})" if what.flags else what.code
    flags = [f"bitShiftLeft(toUInt64({flag}), {place})" for place, flag in enumerate(what.flags)]
    pieces = {
        "person": scope.person,
        "low": (least := values.add(low, "UInt32")),
        "person_shift": str(person_shift),
        "time_shift": str(shift),
        "first": values.whole(reading.begin),
        "what": " + ".join([coded, *flags]),
        "columns": "".join(f",\n    {piece} as {name}" for name, piece in what.columns.items()),
        "begin": values.instant(reading.begin),
        "until": values.instant(reading.until),
        "wanted": what.wanted,
        "users": "1" if everybody else _users_sql(scope, least, values.add(high, "UInt64")),
        "most": "" if most is None else f"limit {most}",
    }
    key, columns = _in_order(scope.ask(statement(SQL / "block.sql", pieces), values))
    return _Read(reading, low, len(what.flags), key, columns)


def _users_sql(scope: Scope, low: str, high: str) -> str:
    if not scope.merged:
        return f"uid >= {low} and uid < {high}"
    return statement(SQL / "users.sql", {"low": low, "high": high, "person": scope.person}).strip()


def _in_order(table: pa.Table) -> tuple[Ints, dict[str, Ints]]:
    names = [name for name in table.column_names if name != "key"]
    key = table.column("key").to_numpy()
    columns = {name: table.column(name).to_numpy() for name in names}
    del table  # as large as the key is
    if columns:
        # what is equal but for a column stands in the order of that column: rows may come in any order
        order = np.lexsort((*reversed(columns.values()), key)) if _ties(key) else np.argsort(key)
        return key[order], {name: column[order] for name, column in columns.items()}
    if not key.flags.writeable:
        key = key.copy()
    key.sort()
    return key, {}


@dataclass(frozen=True, slots=True)
class _Read:
    """Events in order, as numbers; `low`: what has been taken from the number of each person."""

    reading: Reading
    low: int
    flags: int
    key: Ints
    columns: dict[str, Ints]

    def blocks(self) -> Iterator[Block]:
        for begin, end in pairwise(cuts(self.key, self.reading.bits + self.reading.time_bits)):
            yield self._block(slice(begin, end))

    def _block(self, rows: slice) -> Block:
        key, bits, time_bits = self.key[rows], self.reading.bits, self.reading.time_bits
        moment = (key >> np.uint64(bits)).astype(np.int64)
        code = (key & np.uint64((1 << bits) - 1)).astype(np.int32)
        return Block(
            person=(moment >> time_bits) + self.low,
            moment=moment,
            at=moment & ((1 << time_bits) - 1),
            code=code >> self.flags,
            flags=code & ((1 << self.flags) - 1),
            columns={name: column[rows] for name, column in self.columns.items()},
        )


def cuts(key: Ints, person_shift: int) -> list[int]:
    """Where sorted numbers are cut into blocks: between persons, about `ROWS_AT_ONCE` apart, both ends
    included; one place where there are none."""
    whole = key[ROWS_AT_ONCE::ROWS_AT_ONCE]
    shift = key.dtype.type(person_shift)
    begins = np.searchsorted(key, whole >> shift << shift)
    found: list[int] = np.unique(np.concatenate([[0], begins, [len(key)]])).tolist()
    return found


def _ties(key: Ints) -> bool:
    found = np.sort(key)
    return bool((found[1:] == found[:-1]).any())
