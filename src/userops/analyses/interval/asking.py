"""What an interval asks the engine: the pairs, and how their gaps lie."""

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
from userops.analyses.interval.document import Interval
from userops.query.axis import Axis
from userops.query.durations import EDGES
from userops.query.filters import conditions_sql, text_sql
from userops.query.scope import Scope
from userops.query.sql import Values, all_of, statement

SQL = Path(__file__).parent / "sql"

Rows = dict[Value, dict[int | None, dict[str, Any]]]
"""By group and place on the axis (none: the whole range), the aggregates of the engine."""


def pairs_sql(document: Interval, scope: Scope, axis: Axis, values: Values, *, told: bool) -> str:
    """The statement that answers `person`, `ts` (of the start), `gap` (ms) and `value`, one row for each
    pair that starts in the range. `told`: with the value of the group."""
    begin, after = axis.bounds
    value, known = value_sql(document.breakdown if told else (), values, scope.person)
    start = document.start.sql(values, scope.person)
    end = document.end.sql(values, scope.person)
    held = [text_sql(name, "event", values) for name in document.hold_constant]
    pieces = {
        "person": scope.person,
        "value": value,
        "known": known,
        "key": f"toUnixTimestamp64Milli(ts) * 4 + multiIf(not ({start}), 2, {end}, 1, 0)",
        "start": start,
        "end": end,
        "filters": conditions_sql(document.filters, values, scope.person),
        "held": all_of([f"{each} != ''" for each in held]),
        "holding": f"tuple({', '.join(held)})",
        "within": values.whole(document.within_ms),
        "step": "1" if document.chained else "2",
        "begin": values.instant(begin),
        "after": values.instant(after),
        "until": values.instant(after + document.within_ms),
    }
    return statement(SQL / "pairs.sql", pieces)


def leading(document: Interval, scope: Scope, axis: Axis) -> Groups:
    """The groups with the most pairs."""
    width = len(document.breakdown)
    if not width:
        return NO_GROUPS
    values = scope.values()
    pieces = {
        "pairs": pairs_sql(document, scope, axis, values, told=True),
        "columns": columns_sql(width).rstrip(", "),
        "limit": values.whole(document.limit + 1),
    }
    table = scope.ask(statement(SQL / "top.sql", pieces), values)
    return read_groups(table.to_pydict(), width, document.limit)


def figures(document: Interval, scope: Scope, axis: Axis, groups: Groups) -> Rows:
    values, width = scope.values(), groups.width
    by_period = document.view == "periods"
    pieces = {
        "pairs": pairs_sql(document, scope, axis, values, told=bool(width)),
        "group": groups.sql("value", values),
        "period": axis.place_sql(values) if by_period else "0",
        "columns": columns_sql(width),
        "place": "period" if by_period else "0",
        "whole": "grouping(period)" if by_period else "1",
        "sets": "(value, period), (value)" if by_period else "(value)",
    }
    table = scope.ask(statement(SQL / "figures.sql", pieces), values)
    found: Rows = {}
    keys = values_of(table.to_pydict(), width, table.num_rows)
    for value, row in zip(keys, table.to_pylist(), strict=True):
        found.setdefault(value, {})[None if row["whole"] else row["place"]] = row
    return found


def histograms(
    document: Interval, scope: Scope, axis: Axis, groups: Groups
) -> dict[Value, list[int]]:
    """By group, the pairs between each two edges."""
    values, width = scope.values(), groups.width
    bounds = values.add([edge * 1000 for edge in EDGES], "Array(Int64)")
    pieces = {
        "pairs": pairs_sql(document, scope, axis, values, told=bool(width)),
        "group": groups.sql("value", values),
        "columns": columns_sql(width),
        "bucket": f"arrayCount(edge -> edge <= gap, {bounds}) - 1",
    }
    table = scope.ask(statement(SQL / "histogram.sql", pieces), values)
    rows = table.to_pydict()
    found: dict[Value, list[int]] = {}
    for value, bucket, count in zip(
        values_of(rows, width, table.num_rows), rows["bucket"], rows["pairs"], strict=True
    ):
        found.setdefault(value, [0] * len(EDGES))[bucket] = count
    return found
