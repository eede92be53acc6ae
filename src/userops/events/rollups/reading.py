"""What the rollups of a product say: counts and sets of persons by day.

Rows of a build never change, so a set that was read once is kept in memory under its build.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pyroaring import BitMap

from userops.events.engine import Engine

ANY = ""
"""The event name under which all events of a day are counted together."""
KEPT_BYTES = 256 * 2**20
"""Sets kept in memory, by the size of their rows."""

Builds = Mapping[date, int]
"""The days that count from their rollup, and the build of each."""


@dataclass(frozen=True, slots=True)
class Day:
    """Events of one name on one day, and how many persons did them."""

    events: int
    people: int


def counts(engine: Engine, product: int, event: str, of: Builds) -> dict[date, Day]:
    """One event name on each of these days; a day without such an event is not in the answer."""
    rows = engine.rows(
        "select day, events, people from active_users where product = {product:UInt32}"
        " and event = {event:String} and day between {first:Date} and {last:Date}"
        " and (day, build) in {builds:Array(Tuple(Date, UInt64))}",
        {"product": product, "event": event, **_bounds(of)},
    )
    return {day: Day(events, people) for day, events, people in rows}


def sets(engine: Engine, product: int, events: Sequence[str], of: Builds) -> dict[date, BitMap]:
    """The persons of any of these event names on each of these days. The sets are shared: do not
    change them."""
    if not of:
        return {}
    key = (engine.dsn, product, tuple(sorted(events)))
    found, missing = _KEPT.take(key, of)
    if missing:
        rows = engine.arrow(
            "select day, users from active_users where product = {product:UInt32}"
            " and event in {events:Array(String)} and day between {first:Date} and {last:Date}"
            " and (day, build) in {builds:Array(Tuple(Date, UInt64))}",
            {"product": product, "events": list(events), **_bounds(missing)},
            text=False,
        )
        read = joined(rows.column("day").to_pylist(), rows.column("users").to_pylist())
        fresh = {day: read.get(day, BitMap()) for day in missing}
        _KEPT.keep(key, missing, fresh)
        found |= fresh
    return found


def joined(days: Sequence[date | int], states: Sequence[bytes]) -> dict[date, BitMap]:
    """States by day, those of one day joined. A day may be a number since 1970."""
    found: dict[date, BitMap] = {}
    for day, state in zip(days, states, strict=True):
        at = day if isinstance(day, date) else date.fromordinal(_EPOCH + day)
        persons = persons_of(state)
        found[at] = found[at] | persons if at in found else persons
    return found


_EPOCH = date(1970, 1, 1).toordinal()


def persons_of(state: bytes) -> BitMap:
    """A groupBitmap state as the engine writes it: up to 32 numbers as they are, more of them as a
    portable roaring bitmap; its size, a variable-length number, in front."""
    size = shift = 0
    at = 1
    while True:
        byte = state[at]
        size |= (byte & 0x7F) << shift
        shift += 7
        at += 1
        if byte < 0x80:
            break
    if state[0]:
        return BitMap.deserialize(state[at : at + size])
    numbers = memoryview(state)[at : at + 4 * size].cast("I")
    return BitMap(numbers.tolist())


def _bounds(of: Builds) -> dict[str, object]:
    return {"first": min(of), "last": max(of), "builds": sorted(of.items())}


_Key = tuple[str, int, tuple[str, ...]]


class _Kept:
    """Sets that were read before, least recently used first. Thread-safe."""

    def __init__(self, capacity: int):
        self.capacity = capacity
        self._size = 0
        self._sets: OrderedDict[tuple[_Key, date, int], BitMap] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, key: _Key, of: Builds) -> tuple[dict[date, BitMap], dict[date, int]]:
        """What is there, and the builds that have to be read."""
        found, missing = {}, {}
        with self._lock:
            for day, build in of.items():
                persons = self._sets.get((key, day, build))
                if persons is None:
                    missing[day] = build
                else:
                    self._sets.move_to_end((key, day, build))
                    found[day] = persons
        return found, missing

    def keep(self, key: _Key, of: Builds, found: Mapping[date, BitMap]) -> None:
        with self._lock:
            for day, persons in found.items():
                place = (key, day, of[day])
                if place not in self._sets:
                    self._sets[place] = persons
                    self._size += _weight(persons)
            while self._size > self.capacity and self._sets:
                _, gone = self._sets.popitem(last=False)
                self._size -= _weight(gone)


def _weight(persons: BitMap) -> int:
    """About how many bytes a set takes."""
    spread = (persons.max() - persons.min()) // 8 if persons else 0
    return int(min(2 * len(persons), spread)) + 200


_KEPT = _Kept(KEPT_BYTES)
