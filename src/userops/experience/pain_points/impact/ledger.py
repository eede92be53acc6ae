"""What is known of everybody at each day: before it, to be matched by, and after it, to be compared by.

Arrays are indexed by person and slide from day to day, so that every figure of a day is of exactly its days, and
nothing of the day or later is among what people are matched by.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from userops.experience.pain_points.impact.hits import SQL, ByDay, days_between
from userops.query.active import ActiveDays
from userops.query.dates import midnight, milliseconds
from userops.query.filters import number_sql
from userops.query.scope import Scope
from userops.query.sql import statement
from userops.query.steps import ANY_EVENT, EventStep

RECENT = 28
"""Days before the index day in which active days are counted."""
MOST_PLATFORMS = 5
Array = npt.NDArray[Any]
_EPOCH = date(1970, 1, 1).toordinal()
_NEVER = np.iinfo(np.int32).max


def number_of(day: date) -> int:
    return day.toordinal() - _EPOCH


def persons(bitmap: BitMap) -> Array:
    return np.asarray(bitmap.to_array(), np.int64)


@dataclass(frozen=True, slots=True)
class Past:
    """Read once for a product: who was there on which day, what was paid, when and on what people came."""

    first: date
    last: date
    active: ByDay
    """By any event."""
    core: ByDay
    """By the core action of the product's definition of churn."""
    paid_day: Array
    paid_person: Array
    paid: Array
    first_day: Array
    """Of each person, as a number of days since 1970."""
    platform: Array
    """Of each person, a place in `platforms`; `platform_day`: from when on it is known."""
    platform_day: Array
    platforms: tuple[str, ...]

    @property
    def size(self) -> int:
        return len(self.first_day)


def read_past(scope: Scope, first: date, last: date, *, core: str, value: str) -> Past:
    """`first`, `last`: the range of index days. `core`: the event by which one is there; `value`: the amount."""
    values = scope.values()
    begin = first - timedelta(days=RECENT)
    active = ActiveDays(scope, EventStep(event=ANY_EVENT), begin, last).sets()
    there = active
    if core != ANY_EVENT:
        there = ActiveDays(scope, EventStep(event=core), begin, last).sets()
    after = milliseconds(midnight(last + timedelta(days=1), scope.zone))
    pieces = {"person": scope.person, "after": values.instant(after)}
    came = scope.ask(statement(SQL / "arrived.sql", pieces), values)
    values = scope.values()
    number = number_sql(value, "event", values)
    pieces = {
        "person": scope.person,
        "after": values.instant(after),
        "value": f"ifNull({number}, nan)",
    }
    paid = scope.ask(statement(SQL / "paid.sql", pieces), values)
    day, payer, amount = (np.asarray(paid.column(name).to_numpy()) for name in paid.column_names)
    return Past(
        first, last, active, there, day.astype(np.int64), payer.astype(np.int64),
        amount.astype(np.float64), *_arrived(came),
    )  # fmt: skip


def _arrived(table: Any) -> tuple[Array, Array, Array, tuple[str, ...]]:
    person = np.asarray(table.column("person").to_numpy(), np.int64)
    size = int(person.max()) + 1 if person.size else 1
    first_day = np.full(size, _NEVER, np.int64)
    first_day[person] = table.column("first_day").to_numpy()
    names = np.array(table.column("first_platform").to_pylist(), dtype=object)
    found, counts = np.unique(names[names != ""].astype(str), return_counts=True)
    kept = tuple(found[np.argsort(-counts, kind="stable")][:MOST_PLATFORMS].tolist())
    codes = {name: place for place, name in enumerate(kept, 1)}
    platform, known = np.zeros(size, np.int64), np.full(size, _NEVER, np.int64)
    platform[person] = [codes.get(name, len(kept) + 1 if name else 0) for name in names]
    known[person] = np.where(names == "", _NEVER, table.column("platform_day").to_numpy())
    return first_day, platform, known, kept


@dataclass(frozen=True, slots=True)
class Today:
    """One day of the walk; arrays are indexed by person and change with the next day."""

    day: date
    recent: Array
    """Active days (by the core action) of the 28 before."""
    paid: Array
    """Paid before the day."""
    later: Array
    """Active days of the days after, or None where these are not over."""
    paid_later: Array
    """Paid in the days after."""
    followed: bool
    """Whether all days after are over."""


def walk(past: Past, after: int) -> Iterator[Today]:
    """Day by day from the first to the last. `after`: how many days after the index day are looked at."""
    recent, later = np.zeros(past.size, np.int16), np.zeros(past.size, np.int16)
    paid, paid_later = np.zeros(past.size), np.zeros(past.size)
    for day in days_between(past.first - timedelta(days=RECENT), past.first - timedelta(days=1)):
        _add(recent, past.core, day, 1)
    for day in days_between(past.first, past.first + timedelta(days=after - 1)):
        _add(later, past.core, day, 1)
        _pay(paid_later, past, day, 1)
    _pay_before(paid, past, past.first)
    for day in days_between(past.first, past.last):
        end = day + timedelta(days=after)
        # the window after the day: it is left, its last day comes in
        _add(later, past.core, day, -1)
        _pay(paid_later, past, day, -1)
        _add(later, past.core, end, 1)
        _pay(paid_later, past, end, 1)
        yield Today(day, recent, paid, later, paid_later, end <= past.last)
        _add(recent, past.core, day, 1)
        _add(recent, past.core, day - timedelta(days=RECENT), -1)
        _pay(paid, past, day, 1)


def _add(array: Array, sets: ByDay, day: date, sign: int) -> None:
    if day in sets:
        array[persons(sets[day])] += sign


def _pay(array: Array, past: Past, day: date, sign: int) -> None:
    number = number_of(day)
    begin, end = np.searchsorted(past.paid_day, [number, number + 1])
    array[past.paid_person[begin:end]] += sign * past.paid[begin:end]


def _pay_before(array: Array, past: Past, day: date) -> None:
    end = int(np.searchsorted(past.paid_day, number_of(day)))
    np.add.at(array, past.paid_person[:end], past.paid[:end])
