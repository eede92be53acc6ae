"""What is asked of the engine about sessions: the sessions, and figures over them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from userops.analyses.breakdown import (
    NO_GROUPS,
    Groups,
    Value,
    columns_sql,
    read_groups,
    value_sql,
    values_of,
)
from userops.analyses.sessions.document import Sessions
from userops.analyses.sessions.figures import edges
from userops.query.axis import Axis
from userops.query.dates import milliseconds
from userops.query.scope import Scope
from userops.query.sql import Values, statement

SQL = Path(__file__).parent / "sql"
AROUND_MS = 24 * 3_600_000
"""How far before and after the range events are looked at for sessions that its edges cut."""

Rows = dict[Value, dict[int | None, dict[str, Any]]]
"""By group and place on the axis (none: the whole range), the aggregates of the engine."""


def sessions_sql(
    document: Sessions, scope: Scope, axis: Axis, values: Values, *, told: bool
) -> str:
    """The statement that answers `person`, `ts` (the begin), `until`, `depth` and `value`, one row for
    each session of the range and around it. `told`: with the value of the group."""
    begin, after = axis.bounds
    value, known = _value_sql(document, values, scope.person) if told else ("tuple()", "")
    pieces = {
        "person": scope.person,
        "known": known,
        "condition": document.step().sql(values, scope.person),
        "from": values.instant(begin - AROUND_MS),
        "to": values.instant(after + AROUND_MS),
        "timeout": values.whole(document.timeout_ms),
        "loose": "session = ''" if document.split == "id_or_gap" else "1",
        **_item_pieces(document, value, told=told),
    }
    statements = [statement(SQL / "by_gap.sql", pieces)]
    if document.split == "id_or_gap":
        end = "max" if document.view == "exit" else "min"
        pieces["told"] = f"{end}(tuple(ts, {value})).2" if told else value
        statements.append(statement(SQL / "by_id.sql", pieces))
    return " union all ".join(statements)


def _item_pieces(document: Sessions, value: str, *, told: bool) -> dict[str, str]:
    """An event as its time alone, or with the value of its group. Simultaneous events stand in the order
    of their values."""
    time = "toUnixTimestamp64Milli(ts)"
    if not told:
        item, times, first, last, told_by = time, "items", "part[1]", "part[-1]", "tuple()"
    else:
        item, times = f"({time}, {value})", "tupleElement(items, 1)"
        first, last = "part[1].1", "part[-1].1"
        told_by = "part[-1].2" if document.view == "exit" else "part[1].2"
    return {
        "item": item,
        "times": times,
        "first": f"fromUnixTimestamp64Milli({first}, 'UTC')",
        "last": f"fromUnixTimestamp64Milli({last}, 'UTC')",
        "told": told_by,
    }


def _value_sql(document: Sessions, values: Values, person: str) -> tuple[str, str]:
    if document.at_places and document.place == "event":
        return "tuple(toString(event))", ""
    return value_sql(document.told_by(), values, person)


def range_pieces(scope: Scope, document: Sessions, axis: Axis, values: Values) -> dict[str, str]:
    """Sessions that begin in the range count; one whose last event is older than the timeout is over."""
    begin, after = axis.bounds
    return {
        "begin": values.instant(begin),
        "after": values.instant(after),
        "open": values.instant(milliseconds(scope.now) - document.timeout_ms),
    }


def leading(document: Sessions, scope: Scope, axis: Axis) -> Groups:
    """The groups with the most sessions."""
    width = document.width
    if not width:
        return NO_GROUPS
    values = scope.values()
    pieces = {
        "sessions": sessions_sql(document, scope, axis, values, told=True),
        "columns": columns_sql(width).rstrip(", "),
        "limit": values.whole(document.limit + 1),
        **range_pieces(scope, document, axis, values),
    }
    table = scope.ask(statement(SQL / "top.sql", pieces), values)
    return read_groups(table.to_pydict(), width, document.limit)


def figures(document: Sessions, scope: Scope, axis: Axis, groups: Groups) -> Rows:
    values, width = scope.values(), groups.width
    by_period = document.view == "figures"
    pieces = {
        "sessions": sessions_sql(document, scope, axis, values, told=bool(width)),
        "group": groups.sql("value", values),
        "period": axis.place_sql(values) if by_period else "0",
        "columns": columns_sql(width),
        "bounce": values.whole(document.bounce_events),
        "place": "period" if by_period else "0",
        "whole": "grouping(period)" if by_period else "1",
        "sets": "(value, period), (value)" if by_period else "(value)",
        **range_pieces(scope, document, axis, values),
    }
    table = scope.ask(statement(SQL / "figures.sql", pieces), values)
    rows = table.to_pylist()
    found: Rows = {}
    keys = values_of(table.to_pydict(), width, table.num_rows)
    for value, row in zip(keys, rows, strict=True):
        found.setdefault(value, {})[None if row["whole"] else row["place"]] = row
    return found


def bucket_sql(document: Sessions, measured: str, values: Values) -> str:
    """The number of the part of the histogram that a column falls into."""
    scale = 1000 if document.view == "length" else 1
    bounds = values.add([edge * scale for edge in edges(document.view)], "Array(Int64)")
    return f"arrayCount(edge -> edge <= {measured}, {bounds}) - 1"


MEASURED = {
    "length": "toUnixTimestamp64Milli(until) - toUnixTimestamp64Milli(ts)",
    "depth": "toInt64(depth)",
}


def histograms(
    document: Sessions, scope: Scope, axis: Axis, groups: Groups
) -> dict[Value, list[int]]:
    """By group, the sessions in each part of the histogram."""
    values, width = scope.values(), groups.width
    pieces = {
        "sessions": sessions_sql(document, scope, axis, values, told=bool(width)),
        "group": groups.sql("value", values),
        "bucket": bucket_sql(document, MEASURED[document.view], values),
        "columns": columns_sql(width),
        **range_pieces(scope, document, axis, values),
    }
    table = scope.ask(statement(SQL / "histogram.sql", pieces), values)
    rows = table.to_pydict()
    found: dict[Value, list[int]] = {}
    for value, bucket, count in zip(
        values_of(rows, width, table.num_rows), rows["bucket"], rows["sessions"], strict=True
    ):
        found.setdefault(value, [0] * len(edges(document.view)))[bucket] = count
    return found
