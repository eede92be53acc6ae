"""Returns: which members did the return event in which of their periods.

Two engines with one answer. On the calendar, with one occurrence asked, each period is a set of persons
kept as bits, and a cell is the number of bits that a cohort and a period share. Everything else looks up
each member's own span in the sorted return events.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from userops.analyses.retention.calendar import FIXED_MS, Calendar, Ints, number_of, period_sql
from userops.analyses.retention.document import RetentionDocument
from userops.analyses.retention.members import SQL, Members, numbers
from userops.query.filters import conditions_sql, number_sql
from userops.query.scope import Scope
from userops.query.sql import statement

Floats = npt.NDArray[np.float64]
FAR = 2**42
"""After every time that can be stored, in ms."""


@dataclass(frozen=True, eq=False)
class Returns:
    """Return events in order of person and time, each a `slot` of its person; sums run before each."""

    rank: Ints
    """The rank of each member's person."""
    low: int
    span: int
    key: Ints
    times: Ints
    """Occurrences before each place: one entry more than keys."""
    value: Floats | None

    def place(self, rank: Ints, at: Ints) -> Ints:
        """How many keys stand before `at` of the person of a rank."""
        offset = np.clip(at - self.low, 0, self.span)
        found: Ints = np.searchsorted(self.key, rank * (self.span + 1) + offset)
        return found


def _sorted(
    person: Ints, at: Ints, times: Ints | None, value: Floats | None, of: Members
) -> Returns:
    """Only members' returns matter."""
    persons, of_member = np.unique(of.person, return_inverse=True)
    rank = np.minimum(np.searchsorted(persons, person), max(len(persons) - 1, 0))
    mine = persons[rank] == person if len(persons) else np.zeros(len(person), bool)
    rank, at = rank[mine], at[mine]
    low = int(at.min()) if len(at) else 0
    span = int(at.max()) - low + 1 if len(at) else 1
    key = rank * (span + 1) + (at - low)
    order = np.argsort(key, kind="stable")
    each = np.ones(len(key), np.int64) if times is None else times[mine][order]
    before = np.concatenate([[0], np.cumsum(each)])
    sums = None if value is None else np.concatenate([[0.0], np.cumsum(value[mine][order])])
    return Returns(of_member, low, span, key[order], before, sums)


def returned(
    document: RetentionDocument, scope: Scope, days: Calendar, of: Members
) -> npt.NDArray[np.bool_]:
    """Per member and column, whether they came back (column 0: always)."""
    if document.clock == "calendar":
        person, period, times = _by_period(document, scope, days)
        found = _sorted(person, period, times, None, of)
    else:
        person, at, _ = _rows(document, scope, days)
        found = _sorted(person, at, None, None, of)
    hits = np.ones((len(of), len(document.columns)), bool)
    end_of_person = found.place(found.rank, np.full(len(of), FAR))
    for column, (begin, end) in enumerate(document.columns):
        if column == 0:
            continue
        since = found.place(found.rank, _begin(document, of, begin))
        if document.criterion == "on_or_after":
            until = end_of_person
        else:
            until = found.place(found.rank, _begin(document, of, end + 1))
        hits[:, column] = found.times[until] - found.times[since] >= document.min_occurrences
    return hits


def _begin(document: RetentionDocument, of: Members, period: int) -> Ints:
    """Where each member's period begins: its number on the calendar, or its ms by the own clock."""
    if document.clock == "calendar":
        return of.cohort + period
    return of.at + period * FIXED_MS[document.unit]


def values(document: RetentionDocument, scope: Scope, days: Calendar, of: Members) -> Floats:
    """Per member and period, the sum of the property from the start event to the end of the period."""
    person, at, value = _rows(document, scope, days)
    found = _sorted(person, at, None, value, of)
    assert found.value is not None
    since = found.place(found.rank, of.at)
    sums = np.zeros((len(of), len(document.columns)))
    for period in range(len(document.columns)):
        if document.clock == "calendar":
            end = days.bounds[of.cohort + period + 1]
        else:
            end = _begin(document, of, period + 1)
        sums[:, period] = found.value[found.place(found.rank, end)] - found.value[since]
    return sums


def counted(
    document: RetentionDocument, scope: Scope, days: Calendar, of: Members
) -> npt.NDArray[np.int64]:
    """Per cohort and column, how many came back: by sets of bits, for the calendar and one occurrence."""
    person, period, _ = _by_period(document, scope, days)
    size = int(max(of.person.max(initial=0), person.max(initial=0))) + 1
    count = len(days.bounds)
    active = _sets(np.clip(period, 0, count - 1), person, count, size)
    cohorts = _sets(of.cohort, of.person, len(days.cohorts), size)
    if document.criterion == "on_or_after":
        for at in range(count - 2, -1, -1):
            active[at] |= active[at + 1]
    table = np.zeros((len(days.cohorts), len(document.columns)), np.int64)
    for cohort in range(len(days.cohorts)):
        table[cohort, 0] = np.bitwise_count(cohorts[cohort]).sum()
        if not table[cohort, 0]:
            continue
        for column, (begin, end) in enumerate(document.columns[1:], start=1):
            last = begin if document.criterion == "on_or_after" else end
            there = active[cohort + begin]
            if last > begin:
                there = np.bitwise_or.reduce(active[cohort + begin : cohort + last + 1], axis=0)
            table[cohort, column] = np.bitwise_count(there & cohorts[cohort]).sum()
    return table


def _sets(which: Ints, person: Ints, count: int, size: int) -> npt.NDArray[np.uint64]:
    """For each of `count` sets, its persons as bits in words of 64."""
    words = (size + 63) // 64
    sets = np.zeros((count, words), np.uint64)
    order = np.argsort(which, kind="stable")
    bounds = np.searchsorted(which[order], np.arange(count + 1))
    for at in range(count):
        bits = np.zeros(words * 64, bool)
        bits[person[order[bounds[at] : bounds[at + 1]]]] = True
        sets[at] = np.packbits(bits, bitorder="little").view(np.uint64)
    return sets


def _by_period(
    document: RetentionDocument, scope: Scope, days: Calendar
) -> tuple[Ints, Ints, Ints]:
    table = _ask("returns_by_period", document, scope, days)
    period = number_of(document, days, numbers(table, "at"))
    return numbers(table, "person"), period, numbers(table, "times")


def _rows(document: RetentionDocument, scope: Scope, days: Calendar) -> tuple[Ints, Ints, Floats]:
    table = _ask("returns", document, scope, days)
    value = table.column("value").to_numpy().astype(np.float64)
    return numbers(table, "person"), numbers(table, "at"), value


def _ask(name: str, document: RetentionDocument, scope: Scope, days: Calendar) -> pa.Table:
    asked = scope.values()
    # a period that begins before the range still counts as a whole: bounds, not the range
    begin = int(days.bounds[0])
    until = FAR
    if document.criterion == "on":
        until = int(days.bounds[-1])
        if document.clock == "rolling" or document.value is not None:
            until = max(until, days.end + (document.last_period + 1) * FIXED_MS[document.unit])
    asked.parameters.update(begin=begin, until=until)
    value = (
        "0."
        if document.value is None
        else f"ifNull({number_sql(document.value.property, 'event', asked)}, 0)"
    )
    pieces = {
        "person": scope.person,
        "period": period_sql(document),
        "value": value,
        "return": document.returning.sql(asked, scope.person),
        "filters": conditions_sql(document.filters, asked, scope.person),
    }
    return scope.ask(statement(SQL / f"{name}.sql", pieces), asked)
