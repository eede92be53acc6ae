"""Who did the core action on which day: from the daily rollups where these tell it, else from the events."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from userops.analyses.breakdown import (
    NO_GROUPS,
    Groups,
    columns_sql,
    read_groups,
    tuples_sql,
    value_sql,
)
from userops.analyses.churn.calendar import Calendar, calendar, number_of
from userops.analyses.churn.document import Churn
from userops.analyses.churn.silences import Ints, Silences, silences
from userops.query.active import ActiveDays
from userops.query.plan import BROKEN_DOWN, Plan, from_events
from userops.query.scope import Scope
from userops.query.sql import Values, statement
from userops.query.steps import EventStep

SQL = Path(__file__).parent / "sql"


def plan(document: Churn, scope: Scope) -> Plan:
    if document.breakdown:
        return from_events(BROKEN_DOWN)
    return _active(document, scope, calendar(document, scope)).plan(document.filters)


def silences_of(document: Churn, scope: Scope, days: Calendar) -> tuple[Silences, Groups]:
    """Every silence that begins on a day that is read; its code is a place in `groups.all`."""
    if days.empty:
        return _nothing(), NO_GROUPS
    if plan(document, scope).source != "events":
        return _from_rollups(document, scope, days), NO_GROUPS
    groups = _leading(document, scope, days)
    width, values = groups.width, scope.values()
    pieces = _pieces(document, scope, days, values)
    found = f"indexOf({tuples_sql(groups.values, width, values)}, value)" if width else "1"
    table = scope.ask(statement(SQL / "visits.sql", {**pieces, "code": found}), values)
    person, day, place = (_ints(table.column(name)) for name in ("person", "day", "code"))
    # whose value is not told apart is one of the others, who stand last
    return silences(person, day, np.where(place == 0, len(groups.values), place - 1)), groups


def _nothing() -> Silences:
    none = np.zeros(0, np.int64)
    return silences(none, none, none)


def _ints(column: Any) -> Ints:
    if pa.types.is_date32(column.type):
        column = column.cast(pa.int32())
    return np.asarray(column.to_numpy(), np.int64)


def _active(document: Churn, scope: Scope, days: Calendar) -> ActiveDays:
    return ActiveDays(scope, EventStep(event=document.event), last=days.last)


def _from_rollups(document: Churn, scope: Scope, days: Calendar) -> Silences:
    sets = _active(document, scope, days).sets()
    if not sets:
        return _nothing()
    person = np.concatenate([np.array(each.to_array(), np.int64) for each in sets.values()])
    numbers = [number_of(day) for day in sets]
    day = np.repeat(numbers, [len(each) for each in sets.values()])
    return silences(person, day, np.zeros(len(person), np.int64))


def _pieces(document: Churn, scope: Scope, days: Calendar, values: Values) -> dict[str, str]:
    value, known = value_sql(document.breakdown, values, scope.person)
    begin, after = days.bounds(scope)
    return {
        "person": scope.person,
        "value": value,
        "known": known,
        "begin": values.instant(begin),
        "after": values.instant(after),
        "condition": document.step().sql(values, scope.person),
    }


def _leading(document: Churn, scope: Scope, days: Calendar) -> Groups:
    width = len(document.breakdown)
    if not width:
        return NO_GROUPS
    values = scope.values()
    pieces = {
        **_pieces(document, scope, days, values),
        "columns": columns_sql(width).rstrip(", "),
        "limit": values.whole(document.limit + 1),
    }
    table = scope.ask(statement(SQL / "top.sql", pieces), values)
    return read_groups(table.to_pydict(), width, document.limit)
