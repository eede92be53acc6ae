"""The timeline: events of a unit at one millisecond stand together, since they may be read in any order.

A unit is what one attempt stays inside: a person, or a person with one value of the properties held
constant, or one session.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import prod

import numpy as np

from userops.analyses.funnel.rows import Ints, Rows
from userops.stats.runs import begins

SESSION_GAP_MS = 30 * 60_000
_MOST_IN_TABLE = 2**25
"""32 MB, and eight times as much while places are counted."""


@dataclass(frozen=True, eq=False)
class Timeline:
    """Groups in order of unit and time; `rows` in the same order, `first[g]:first[g + 1]` being group g."""

    rows: Rows
    first: Ints
    unit: Ints
    at: Ints
    steps: Ints
    exclusions: Ints
    person_of_unit: Ints
    owner_of_unit: Ints
    """What a unit counts for: its person, or its session."""

    def __len__(self) -> int:
        return len(self.at)

    @cached_property
    def size(self) -> Ints:
        """Events in each group."""
        return np.diff(self.first)

    @property
    def person(self) -> Ints:
        """The person of each group."""
        return self.person_of_unit[self.unit]

    @cached_property
    def owner(self) -> Ints:
        """What each group counts for."""
        return self.owner_of_unit[self.unit]

    def following(self, marked: Ints) -> Ints:
        """For each group the first marked one at or after it in its unit; `len(self)` when there is none.

        One entry more than groups, so that "after the last" can be asked.
        """
        count = len(self)
        places = np.flatnonzero(marked)
        last = int(places[-1]) + 1 if len(places) else 0
        found = np.full(count + 1, count)
        ahead = np.repeat(places, np.diff(places, prepend=-1))
        found[:last] = np.where(self.unit[ahead] == self.unit[:last], ahead, count)
        return found

    def after(self, group: Ints, marked: Ints) -> Ints:
        """The first marked one after `group` in the same unit; `len(self)` when there is none."""
        count, places = len(self), np.flatnonzero(marked)
        if not len(places):
            return np.full(len(group), count)
        # how many of them stand at or before each group; a search for each would take four times as long
        at = np.cumsum(marked, dtype=np.int32)[group]
        found = places[np.minimum(at, len(places) - 1)]
        same = (at < len(places)) & (self.unit[found] == self.unit[group])
        return np.where(same, found, count)


def timeline(rows: Rows, derived: tuple[Ints, Ints] | None) -> Timeline:
    """Put rows in order. `derived`: persons and times of events without a session id, when sessions count."""
    if rows.in_order:
        units, unit = _persons(rows.person)
    else:
        rows, keys = _unit_keys(rows, derived)
        units, unit = _ranked(keys)
        order = in_order(unit, rows.at)
        rows, unit = rows.take(order), unit[order]
    first = np.flatnonzero(begins(unit, rows.at))
    return Timeline(
        rows,
        np.append(first, len(rows)),
        unit[first],
        rows.at[first],
        joined(rows.steps, first),
        joined(rows.exclusions, first),
        units[:, 0],
        units[:, 0] if derived is None else _sessions_of(units),
    )


def has(masks: Ints, bit: int) -> Ints:
    """Whether a bit is set in each mask."""
    held: Ints = (masks & (1 << bit)) > 0
    return held


def joined(masks: Ints, first: Ints) -> Ints:
    """The bits that any event of each group has. Most groups are single events."""
    found: Ints = masks[first]
    if len(first) < len(masks):
        others = np.ones(len(masks), bool)
        others[first] = False
        rows = np.flatnonzero(others)
        np.bitwise_or.at(found, np.searchsorted(first, rows) - 1, masks[rows])
    return found


def _persons(person: Ints) -> tuple[Ints, Ints]:
    """The persons of rows in their order as units, and the unit of each row."""
    new = begins(person)
    return person[new].reshape(-1, 1), np.cumsum(new) - 1


def _sessions_of(units: Ints) -> Ints:
    """A number for the session of each unit, whose last column it is."""
    return _ranked(units[:, [0, -1]])[1]


def in_order(unit: Ints, at: Ints) -> Ints:
    """The order by unit, then by time; one sort of one number where both fit into it."""
    if not len(at):
        return np.zeros(0, np.int64)
    low = int(at.min())
    span = int(at.max()) - low + 1
    if (int(unit.max()) + 1) * span < 2**62:
        return np.argsort(unit * span + (at - low), kind="stable")
    return np.lexsort((at, unit))


def _ranked(keys: Ints) -> tuple[Ints, Ints]:
    """Distinct units in order, and the unit of each row; by one number for each where it fits."""
    sizes = [int(column.max(initial=-1)) + 1 for column in keys.T]
    most = prod(sizes)
    if most >= 2**62:
        units, unit = np.unique(keys, axis=0, return_inverse=True)
        return units, unit.reshape(-1)
    number = keys[:, 0]
    for column, size in zip(keys.T[1:], sizes[1:], strict=True):
        number = number * size + column
    distinct, unit = _distinct(number, most)
    columns = []
    for size in reversed(sizes[1:]):
        distinct, column = np.divmod(distinct, size)
        columns.append(column)
    return np.stack([distinct, *reversed(columns)], axis=1), unit


def _distinct(number: Ints, most: int) -> tuple[Ints, Ints]:
    """The different ones of numbers below `most` in order, and the place of each number among them."""
    if most > _MOST_IN_TABLE:
        distinct, place = np.unique(number, return_inverse=True)
        return distinct, place
    # a table of those seen is faster than sorting
    seen = np.zeros(most, bool)
    seen[number] = True
    return np.flatnonzero(seen), (np.cumsum(seen) - 1)[number]


def _unit_keys(rows: Rows, derived: tuple[Ints, Ints] | None) -> tuple[Rows, Ints]:
    """The columns that make a unit, the person first, for the rows that take part."""
    session = None if derived is None else _sessions(rows, derived)
    if not rows.holds:
        columns = [rows.person] if session is None else [rows.person, session]
        return rows, np.stack(columns, axis=1)
    # codes follow the order of the strings, so only code 0 can be the empty one
    unset = np.zeros(len(rows), bool)
    for texts in rows.holds:
        if texts.values[:1] == [""]:
            unset |= texts.codes == 0
    columns = [rows.person, *(texts.codes for texts in rows.holds)]
    if session is not None:
        columns.append(session)
    keys = np.stack(columns, axis=1)
    whole, loose = np.flatnonzero(~unset), np.flatnonzero(unset & (rows.exclusions > 0))
    source, owned = _shared(keys, whole, loose, session)
    chosen = np.concatenate([whole, source])
    return rows.take(chosen), np.concatenate([keys[whole], owned])


def _shared(keys: Ints, whole: Ints, loose: Ints, session: Ints | None) -> tuple[Ints, Ints]:
    """Exclusions that carry no held value stand in every unit of their person (and session)."""
    if not len(loose):
        return loose, keys[:0]
    units, _ = _ranked(keys[whole])
    ends = [0, keys.shape[1] - 1] if session is not None else [0]
    owners: dict[tuple[int, ...], list[int]] = {}
    for at, owner in enumerate(map(tuple, units[:, ends].tolist())):
        owners.setdefault(owner, []).append(at)
    pairs = [
        (row, unit)
        for row, owner in zip(
            loose.tolist(), map(tuple, keys[loose][:, ends].tolist()), strict=True
        )
        for unit in owners.get(owner, ())
    ]
    both = np.array(pairs, np.int64).reshape(-1, 2)
    return both[:, 0], units[both[:, 1]]


def _sessions(rows: Rows, derived: tuple[Ints, Ints]) -> Ints:
    """A number for the session of each row: by its id, or by gaps of more than 30 minutes."""
    assert rows.session is not None
    codes, values = rows.session.codes, rows.session.values
    if values[:1] != [""]:
        return codes
    person, at = derived
    first = begins(person)
    first[1:] |= at[1:] - at[:-1] > SESSION_GAP_MS
    persons, rank = np.unique(person, return_inverse=True)
    session_of_event = np.cumsum(first)
    loose = codes == 0
    # every row without an id is among the derived events, so an exact look-up finds it
    span = int(at.max() - at.min()) + 1 if len(at) else 1
    low = int(at.min()) if len(at) else 0
    key = rank.astype(np.int64) * span + (at - low)
    wanted = np.searchsorted(persons, rows.person[loose]) * span + (rows.at[loose] - low)
    result = codes.copy()
    result[loose] = len(values) + session_of_event[np.searchsorted(key, wanted)]
    return result
