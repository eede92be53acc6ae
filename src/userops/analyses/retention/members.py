"""Members of cohorts: who started, when, and under which value of the breakdown."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from userops.analyses.retention.calendar import Calendar, Ints, number_of, period_sql
from userops.analyses.retention.document import RetentionDocument
from userops.query.filters import conditions_sql
from userops.query.known import known_sql
from userops.query.scope import Scope
from userops.query.sql import Values, statement
from userops.query.steps import OTHERS, EventStep

SQL = Path(__file__).parent / "sql"
Key = tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Members:
    """One entry per person and cohort, in order of person, then cohort. `at`: the start, UTC ms."""

    person: Ints
    cohort: Ints
    at: Ints
    keys: list[Key]
    """Values of the breakdown; empty without one."""

    def __len__(self) -> int:
        return len(self.person)


def members(document: RetentionDocument, scope: Scope, days: Calendar) -> Members:
    """Those whose start event falls in the range, by the document's way of entry."""
    values = scope.values()
    values.parameters.update(begin=days.begin, end=days.end)
    pieces = {
        "person": scope.person,
        "start": document.start.sql(values, scope.person),
        "filters": conditions_sql(document.filters, values, scope.person),
        "period": period_sql(document),
        "named": EventStep(event=document.start.event).sql(values, scope.person),
    }
    pieces["columns"] = _columns(document, values, pieces)
    table = scope.ask(statement(SQL / f"{document.entry}.sql", pieces), values)
    person, at = numbers(table, "person"), numbers(table, "at")
    if document.entry == "recurring":
        cohort = number_of(document, days, numbers(table, "period"))
    else:
        cohort = days.period(at)
    return Members(person, cohort, at, _keys(document, scope, table, person))


def numbers(table: pa.Table, name: str) -> Ints:
    found: Ints = table.column(name).to_numpy().astype(np.int64)
    return found


def _columns(document: RetentionDocument, values: Values, pieces: dict[str, str]) -> str:
    """Event properties at the start event; of simultaneous events the last in the order of text."""
    sql = ""
    for place, each in enumerate(document.breakdown):
        if each.of == "user":
            continue
        value, when = each.sql(values), "-toUnixTimestamp64Milli(ts)"
        if document.entry == "first_ever":
            start = f"({pieces['start']}) and ({pieces['filters']})"
            sql += f",\n    argMaxIf({value}, ({when}, {value}), {start}) as b{place}"
        else:
            sql += f",\n    argMax({value}, ({when}, {value})) as b{place}"
    return sql


def _keys(document: RetentionDocument, scope: Scope, table: pa.Table, person: Ints) -> list[Key]:
    if not document.breakdown:
        return []
    columns: list[list[str]] = []
    profiles = _profiles(document, scope)
    for place, each in enumerate(document.breakdown):
        if each.of == "user":
            columns.append([profiles.get(one, {}).get(place, "") for one in person.tolist()])
        else:
            columns.append(table.column(f"b{place}").to_pylist())
    return list(zip(*columns, strict=True))


def _profiles(document: RetentionDocument, scope: Scope) -> dict[int, dict[int, str]]:
    """User properties of the breakdown, by person and place."""
    values = scope.values()
    wanted = {place: each for place, each in enumerate(document.breakdown) if each.of == "user"}
    if not wanted:
        return {}
    known = known_sql({f"b{place}": each.property for place, each in wanted.items()}, values)
    table = scope.ask(statement(SQL / "profiles.sql", {"known": known}), values)
    cells = [table.column(f"b{place}").to_pylist() for place in wanted]
    return {
        person: dict(zip(wanted, row, strict=True))
        for person, *row in zip(table.column("person").to_pylist(), *cells, strict=True)
    }


def groups(document: RetentionDocument, keys: list[Key]) -> list[tuple[Key, Ints]]:
    """Each value of the breakdown with its members' positions: the most frequent, then the others."""
    ranked = sorted(Counter(keys).items(), key=lambda each: (-each[1], each[0]))
    shown = [key for key, _ in ranked[: document.breakdown_limit]]
    number = {key: at for at, key in enumerate(shown)}
    place = np.array([number.get(key, len(shown)) for key in keys], np.int64)
    result: list[tuple[Key, Ints]] = [
        (key, np.flatnonzero(place == at)) for at, key in enumerate(shown)
    ]
    if len(ranked) > len(shown):
        result.append(((OTHERS,) * len(document.breakdown), np.flatnonzero(place == len(shown))))
    return result


def named(document: RetentionDocument, key: Key) -> dict[str, Any]:
    return {each.property: value for each, value in zip(document.breakdown, key, strict=True)}
