"""Customers and their purchases as plain arrays; and as histories, as of a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from userops.analyses.value.document import CustomerValue
from userops.query.dates import absolute
from userops.query.filters import number_sql
from userops.query.scope import Scope
from userops.query.sql import statement
from userops.stats.buying import Histories
from userops.stats.runs import begins

SQL = Path(__file__).parent / "sql"
EPOCH = date(1970, 1, 1).toordinal()
WEEK = 7
Ints = npt.NDArray[Any]
Floats = npt.NDArray[Any]


@dataclass(frozen=True, eq=False)
class Purchases:
    """One entry for each day on which a customer bought, by customer and day; several purchases of a day
    are one. `first`: the customer's first such day of all."""

    person: Ints
    day: Ints
    amount: Floats
    first: Ints

    def of(self, which: npt.NDArray[np.bool_]) -> Purchases:
        parts = (self.person, self.day, self.amount, self.first)
        return Purchases(*(part[which] for part in parts))


@dataclass(frozen=True, eq=False)
class Customers:
    """As of a day, by person in rising order. Times are in days.

    - `repeats`: days with a purchase after the first; `last`: from the first to the last of them.
    - `watched`: from the first purchase to the day.
    - `spent`: on the repeats.
    """

    person: Ints
    repeats: Ints
    last: Ints
    watched: Ints
    spent: Floats

    def __len__(self) -> int:
        return len(self.person)

    @property
    def mean(self) -> Floats:
        """Of the repeats; 0 without any, and where refunds are more than purchases."""
        return np.maximum(self.spent, 0) / np.maximum(self.repeats, 1)

    def weeks(self) -> Histories:
        """In weeks, one for each customer."""
        return Histories(
            self.repeats.astype(float), self.last / WEEK, self.watched / WEEK, np.ones(len(self))
        )

    def grouped(self) -> Histories:
        """In weeks; customers with the same history are one, with their number."""
        rows = np.stack([self.repeats, self.last, self.watched], axis=1)
        unique, count = np.unique(rows, axis=0, return_counts=True)
        x, last, watched = unique.T.astype(float)
        return Histories(x, last / WEEK, watched / WEEK, count.astype(float))


def last_day(document: CustomerValue, scope: Scope) -> date:
    """The last day of the range that is over."""
    yesterday = scope.now.astimezone(scope.zone).date() - timedelta(days=1)
    return min(document.range.last_day, yesterday)


def number_of(day: date) -> int:
    return day.toordinal() - EPOCH


def purchases(document: CustomerValue, scope: Scope) -> Purchases:
    """Those up to the last day by customers whose first one of all lies in the range."""
    values, last = scope.values(), last_day(document, scope)
    after = absolute(last, last).bounds(scope.zone)[1]
    pieces = {
        "person": scope.person,
        "value": number_sql(document.purchase.property, "event", values),
        "after": values.instant(after),
        "condition": document.step().sql(values, scope.person),
    }
    table = scope.ask(statement(SQL / "purchases.sql", pieces), values)
    person, day, amount = (table.column(name).to_numpy() for name in table.column_names)
    person, day = person.astype(np.int64), day.astype(np.int64)
    order = np.lexsort((day, person))
    person, day, amount = person[order], day[order], amount[order]
    starts = np.flatnonzero(begins(person))
    first = np.repeat(day[starts], np.diff(np.append(starts, len(person))))
    found = Purchases(person, day, amount, first)
    return found.of(first >= number_of(document.range.first))


def customers(of: Purchases, day: int) -> Customers:
    """Everyone who had bought by the end of a day, as they stood then."""
    known = of.of(of.day <= day)
    starts = np.flatnonzero(begins(known.person))
    ends = np.append(starts, len(known.person))[1:] - 1
    first = known.first[starts]
    again = np.where(known.day > known.first, known.amount, 0.0)
    spent = np.add.reduceat(again, starts) if len(starts) else np.zeros(0)
    return Customers(
        known.person[starts], ends - starts, known.day[ends] - first, day - first, spent
    )
