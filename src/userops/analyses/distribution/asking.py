"""What a distribution asks the engine: each person's figure, and how many fall into each bucket."""

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
from userops.analyses.distribution.buckets import fixed_cuts
from userops.analyses.distribution.document import Distribution
from userops.query.axis import Axis, distinct_sql
from userops.query.dates import DateRange
from userops.query.filters import number_sql, text_sql
from userops.query.scope import Scope
from userops.query.sql import Values, statement

SQL = Path(__file__).parent / "sql"
WHOLE = 0
"""The period of the whole range."""

Rows = dict[Value, dict[int, dict[str, Any]]]
"""By group and place of the period, the aggregates of the engine."""


def periods(document: Distribution, scope: Scope, range_: DateRange) -> Axis | None:
    """The periods of a range; none when it is looked at as a whole."""
    unit = document.period()
    return Axis(range_, unit, scope.zone) if unit else None


def persons_sql(
    document: Distribution,
    scope: Scope,
    range_: DateRange,
    groups: Groups,
    values: Values,
    *,
    by_period: bool,
) -> str:
    """The statement that answers `value`, `period`, `person` and `figure`, one row for each person."""
    axis = periods(document, scope, range_) if by_period else None
    value, known = value_sql(document.breakdown if groups.width else (), values, scope.person)
    begin, after = range_.bounds(scope.zone)
    pieces = {
        "value": groups.sql(value, values),
        "known": known,
        "period": axis.place_sql(values) if axis else str(WHOLE),
        "person": scope.person,
        "figure": _figure_sql(document, scope, range_, values),
        "condition": document.step().sql(values, scope.person),
        "begin": values.instant(begin),
        "after": values.instant(after),
        # one key is much cheaper than three of which two are the same on every row
        "keys": "value, period, person" if groups.width or axis else "person",
    }
    return statement(SQL / "persons.sql", pieces)


def _figure_sql(document: Distribution, scope: Scope, range_: DateRange, values: Values) -> str:
    measure = document.measured()
    if measure.places:
        axis = Axis(range_, measure.places, scope.zone)
        return distinct_sql(axis.place_sql(values), len(axis.buckets))
    if document.property is None:
        return measure.sql
    number = number_sql(document.property, "event", values)
    return measure.sql.format(
        number=f"if(isFinite({number}), {number}, null)",
        text=text_sql(document.property, "event", values),
    )


def leading(document: Distribution, scope: Scope) -> Groups:
    """The breakdown values with the most persons."""
    width = len(document.breakdown)
    if not width:
        return NO_GROUPS
    values, groups = scope.values(), Groups((), more=False, width=width)
    pieces = {
        "persons": persons_sql(document, scope, document.range, groups, values, by_period=False),
        "columns": columns_sql(width).rstrip(", "),
        "limit": values.whole(document.limit + 1),
    }
    table = scope.ask(statement(SQL / "top.sql", pieces), values)
    return read_groups(table.to_pydict(), width, document.limit)


def cuts_of(document: Distribution, scope: Scope) -> tuple[float, ...]:
    """Where buckets are cut: given, by a fixed series, or into equal parts of the persons of the range."""
    if not document.quantiles:
        return fixed_cuts(document)
    values, parts = scope.values(), document.quantiles
    levels = ", ".join(repr(part / parts) for part in range(1, parts))
    pieces = {
        "persons": persons_sql(document, scope, document.range, NO_GROUPS, values, by_period=False),
        "levels": levels,
    }
    row = scope.ask(statement(SQL / "quantiles.sql", pieces), values).to_pylist()[0]
    # equal figures are never parted: a cut at the least one would leave nobody below it
    return tuple(sorted({cut for cut in row["cuts"] or () if cut > row["least"]}))


def counts(
    document: Distribution,
    scope: Scope,
    range_: DateRange,
    groups: Groups,
    cuts: tuple[float, ...],
    *,
    by_period: bool,
) -> Rows:
    values, width = scope.values(), groups.width
    pieces = {
        "persons": persons_sql(document, scope, range_, groups, values, by_period=by_period),
        "columns": columns_sql(width),
        "cuts": values.add([float(cut) for cut in cuts], "Array(Float64)"),
        "buckets": str(len(cuts) + 1),
    }
    table = scope.ask(statement(SQL / "counts.sql", pieces), values)
    found: Rows = {}
    keys = values_of(table.to_pydict(), width, table.num_rows)
    for value, row in zip(keys, table.to_pylist(), strict=True):
        found.setdefault(value, {})[row["period"]] = row
    return found
