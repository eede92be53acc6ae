"""What people did, day by day, as plain arrays: all that the features and the outcomes are made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from userops.analyses.risk.document import Risk
from userops.query.dates import absolute
from userops.query.filters import conditions_sql
from userops.query.scope import Scope
from userops.query.sql import Values, statement
from userops.stats.runs import begins

SQL = Path(__file__).parent / "sql"
EPOCH = date(1970, 1, 1).toordinal()
Ints = npt.NDArray[Any]
NAMES = 20
"""So many of the most common events are told apart."""
MOST_PERSONS = 25_000
"""Beyond so many the model is learnt from a sample of about that size."""


@dataclass(frozen=True, eq=False)
class History:
    """One entry for each person, day and event name, by person and day. Days since 1970.

    - `names`: what the codes stand for, from 1 on; 0 is any other event.
    - `modulo`: 1, or one in how many persons is in it.
    """

    person: Ints
    day: Ints
    code: Ints
    times: Ints
    core: Ints
    names: tuple[str, ...]
    modulo: int

    def between(self, first: int, last: int) -> History:
        """The part of it on these days, both included."""
        kept = (self.day >= first) & (self.day <= last)
        person, day, code = self.person[kept], self.day[kept], self.code[kept]
        times, core = self.times[kept], self.core[kept]
        return History(person, day, code, times, core, self.names, self.modulo)

    def present(self) -> tuple[Ints, Ints]:
        """Persons and days on which they did the core action, each pair once, by person and day."""
        did = self.core > 0
        person, day = self.person[did], self.day[did]
        new = begins(person, day)
        return person[new], day[new]


def number_of(day: date) -> int:
    return day.toordinal() - EPOCH


def day_of(number: int) -> date:
    return date.fromordinal(EPOCH + number)


def last_day(document: Risk, scope: Scope) -> date:
    """The last day of the range that is over: the day of the prediction."""
    yesterday = scope.now.astimezone(scope.zone).date() - timedelta(days=1)
    return min(document.range.last_day, yesterday)


def _within(
    document: Risk, scope: Scope, first: date, last: date, values: Values
) -> dict[str, str]:
    begin, after = absolute(first, last).bounds(scope.zone)
    return {
        "person": scope.person,
        "begin": values.instant(begin),
        "after": values.instant(after),
        "filters": conditions_sql(document.filters, values, scope.person),
    }


def common_names(document: Risk, scope: Scope, until: date) -> tuple[str, ...]:
    """The signals asked for, and the most common events up to a day. Later days have no say in what is
    looked at."""
    values = scope.values()
    pieces = _within(document, scope, document.range.first, until, values)
    sql = statement(SQL / "names.sql", {**pieces, "limit": values.whole(NAMES)})
    found = scope.ask(sql, values).column("event").to_pylist()
    return tuple(dict.fromkeys([*document.signals, *found]))


def read(
    document: Risk, scope: Scope, first: date, last: date, names: tuple[str, ...], *, whole: bool
) -> History:
    """What happened between two days; of everybody, or of a sample where there are too many."""
    modulo = 1 if whole else _modulo(document, scope, first, last)
    values = scope.values()
    pieces = {
        **_within(document, scope, first, last, values),
        "names": values.texts(names),
        "core": document.core().sql(values, scope.person),
        "modulo": values.add(modulo, "UInt32"),
    }
    table = scope.ask(statement(SQL / "days.sql", pieces), values)
    person, day, code, times, core = (
        table.column(name).to_numpy().astype(np.int64) for name in table.column_names
    )
    return History(person, day, code, times, core, names, modulo)


def _modulo(document: Risk, scope: Scope, first: date, last: date) -> int:
    values = scope.values()
    table = scope.ask(
        statement(SQL / "size.sql", _within(document, scope, first, last, values)), values
    )
    return max(1, -(-int(table.column("persons")[0].as_py()) // MOST_PERSONS))
