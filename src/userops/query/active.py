"""Who did an event on which day, from the daily rollups where they count and from the events elsewhere.

This is what active users, retention, lifecycle and stickiness are made of: sets of persons by day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from pyroaring import BitMap

from userops.events.rollups import reading
from userops.events.rollups.reading import ANY, Builds, Day
from userops.query.dates import EARLIEST, LATEST, midnight, milliseconds
from userops.query.filters import Filters
from userops.query.plan import FILTERED, KEPT, MIXED, NOT_BUILT, Plan, from_events
from userops.query.scope import Scope
from userops.query.sql import Values, any_of, statement
from userops.query.steps import EventStep

SQL = Path(__file__).parent / "sql"


@dataclass(frozen=True)
class ActiveDays:
    """One event step of a scope, by day from `first` to `last`, both included. One with filters is read from
    the events alone: the rollups know nothing of properties."""

    scope: Scope
    step: EventStep
    first: date = EARLIEST
    last: date = LATEST

    @cached_property
    def _kept(self) -> Builds:
        if self.step.filters:
            return {}
        of = self.scope.rollup
        return {day: build for day, build in of.items() if self.first <= day <= self.last}

    def plan(self, filters: Filters = ()) -> Plan:
        """Whether the rollups answer for these days. `filters` are those of the whole document."""
        if filters or self.step.filters:
            return from_events(FILTERED)
        kept = self._kept
        if not kept:
            return from_events(NOT_BUILT)
        # before the first and after the last day that counts there may be events, but none are known of
        missing = sum((end - begin).days + 1 for begin, end in _gaps(kept, min(kept), self._end()))
        return Plan("both" if missing else "rollup", MIXED if missing else KEPT, len(kept), missing)

    def _end(self) -> date:
        today = self.scope.now.astimezone(self.scope.zone).date()
        return min(self.last, max(today, *self._kept))

    def sets(self) -> dict[date, BitMap]:
        """The persons of each day that has any. The sets are shared: do not change them."""
        kept = self._kept
        names = self.step.events or (ANY,)
        found = reading.sets(self.scope.engine, self.scope.product, names, kept)
        rest = self._from_events(kept)
        return {day: persons for day, persons in {**found, **rest}.items() if persons}

    def counts(self) -> dict[date, Day]:
        """Events and persons of each day; for one event name, or any."""
        kept = self._kept
        name = self.step.events[0] if self.step.events else ANY
        assert len(self.step.events) <= 1
        found = reading.counts(self.scope.engine, self.scope.product, name, kept) if kept else {}
        table = self._ask(kept)
        days = [date.fromordinal(_EPOCH + day) for day in table["day"]]
        for day, events, state in zip(days, table["events"], table["users"], strict=True):
            found[day] = Day(events, len(reading.persons_of(state)))
        return found

    def _from_events(self, kept: Builds) -> dict[date, BitMap]:
        table = self._ask(kept)
        return reading.joined(table["day"], table["users"])

    def _ask(self, kept: Builds) -> dict[str, list[Any]]:
        values = self.scope.values()
        spans = [
            self._span(begin, end, values) for begin, end in _gaps(kept, self.first, self.last)
        ]
        if not spans:
            return {"day": [], "events": [], "users": []}
        pieces = {
            "person": self.scope.person,
            "condition": self.step.sql(values, self.scope.person),
            "spans": any_of(spans),
        }
        table = self.scope.ask(statement(SQL / "active_days.sql", pieces), values, text=False)
        found: dict[str, list[Any]] = table.to_pydict()
        return found

    def _span(self, begin: date, end: date, values: Values) -> str:
        bounds = []
        if begin > EARLIEST:
            at = milliseconds(midnight(begin, self.scope.zone))
            bounds.append(f"ts >= {values.instant(at)}")
        if end < LATEST:
            at = milliseconds(midnight(end + timedelta(days=1), self.scope.zone))
            bounds.append(f"ts < {values.instant(at)}")
        return " and ".join(bounds) or "1"


_EPOCH = date(1970, 1, 1).toordinal()


def _gaps(kept: Iterable[date], first: date, last: date) -> list[tuple[date, date]]:
    """The spans of days from `first` to `last` that are not in `kept`."""
    found, begin = [], first
    for day in sorted(kept):
        if begin < day:
            found.append((begin, day - timedelta(days=1)))
        begin = max(begin, day + timedelta(days=1))
    if begin <= last:
        found.append((begin, last))
    return found


def trailing(sets: Mapping[date, BitMap], days: Sequence[date], window: int) -> list[int]:
    """How many persons there are in the `window` days up to each of these days, which follow one another.

    A window is the end of one block of `window` days and the beginning of the next (van Herk 1992), so
    each day costs three unions, whatever the window.
    """
    first = days[0] - timedelta(days=window - 1)
    nobody = BitMap()
    own = [sets.get(first + timedelta(days=at), nobody) for at in range(len(days) + window - 1)]
    # the windows begin on the first `len(days)` of them, and the block of the last of these goes on
    ends = own[: -(-len(days) // window) * window]
    for at in range(len(ends) - 2, -1, -1):
        if (at + 1) % window:
            ends[at] = own[at] | ends[at + 1]
    found, begun = [], nobody
    for at, day in enumerate(own[window - 1 :], window - 1):
        begun = begun | day if at % window else day
        found.append(int(ends[at - window + 1].union_cardinality(begun)))
    return found


def union(of: Sequence[BitMap]) -> BitMap:
    """All persons of some sets."""
    return BitMap.union(*of) if of else BitMap()


def count_once(planes: list[BitMap], persons: BitMap) -> None:
    """Count one more for each of these persons. A plane holds the persons in whose number one binary digit
    is set, the lowest digit first: so all are counted at once, and nobody has a number of their own."""
    carried = persons
    for plane in planes:
        if not carried:
            return
        further = plane & carried
        plane ^= carried
        carried = further
    if carried:
        planes.append(carried.copy())


def by_number(planes: Sequence[BitMap]) -> list[tuple[int, BitMap]]:
    """Each number above 0 that planes hold, with the persons who have it."""
    parts = [(0, union(planes))] if planes else []
    for digit in reversed(range(len(planes))):
        plane = planes[digit]
        parts = [
            (number | bit << digit, part)
            for number, persons in parts
            for bit, part in enumerate((persons - plane, persons & plane))
            if part
        ]
    return parts
