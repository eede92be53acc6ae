"""A trend's parts by the values of properties, and the persons behind one of them."""

from __future__ import annotations

from math import fsum
from typing import Any

from userops.analyses.breakdown import value_sql
from userops.analyses.figures import Asked, Cell, Parts
from userops.analyses.table import People
from userops.analyses.trend.asking import SQL, series_sql
from userops.analyses.trend.divisions import Column, Division, division
from userops.analyses.trend.document import Trend
from userops.analyses.trend.formulas import letter
from userops.query.axis import Axis
from userops.query.dates import DateRange
from userops.query.filters import number_sql
from userops.query.scope import Scope
from userops.query.sql import Values, any_of, statement


def divided(
    asked: Asked, document: Trend, of: Division
) -> tuple[Parts, tuple[dict[str, Parts], ...]]:
    """The parts of the whole, and by dimension those of each value."""
    values, columns = asked.scope.values(), of.columns
    by_person = of.persons and asked.standing != "every"
    width = len(asked.dimensions)
    pieces = _rows(asked, document, of, values)
    held = [f"toString(value.{at + 1})" for at in range(width)]
    if by_person:
        edge = "max" if asked.standing == "last" else "min"
        # of simultaneous events the first or the last in text
        pieces["standing"] = _array([f"{edge}({each})" for each in held])
        pieces |= {"edge": edge, "person": asked.scope.person}
        pieces["parts"] = ", ".join(
            f"{_of_person(column, at)} as part_{at}" for at, column in enumerate(columns)
        )
        cells, sums = "standing", [_sum(column, at) for at, column in enumerate(columns)]
    else:
        cells, sums = _array(held), [_of_row(column, at) for at, column in enumerate(columns)]
    pieces["cells"] = f"arrayConcat([(toUInt16(0), '')], arrayZip({_numbers(width)}, {cells}))"
    pieces["sums"] = ", ".join(f"{each} as sum_{at}" for at, each in enumerate(sums))
    name = "divided_by_person" if by_person else "divided"
    rows = asked.scope.ask(statement(SQL / f"{name}.sql", pieces), values).to_pylist()
    return _read(rows, of, width)


def _read(
    rows: list[dict[str, Any]], of: Division, width: int
) -> tuple[Parts, tuple[dict[str, Parts], ...]]:
    whole: Parts = (0.0,) * len(of.parts)
    found: tuple[dict[str, Parts], ...] = tuple({} for _ in range(width))
    for row in rows:
        sums = {column: row[f"sum_{at}"] or 0 for at, column in enumerate(of.columns)}
        parts = tuple(_weighed([(w, sums[column]) for w, column in part]) for part in of.parts)
        if row["dimension"]:
            found[row["dimension"] - 1][row["held"]] = parts
        else:
            whole = parts
    return whole, found


def _weighed(part: list[tuple[float, float]]) -> float:
    if len(part) == 1 and part[0][0] == 1:
        return part[0][1]
    return fsum(weight * value for weight, value in part)


def _array(items: list[str]) -> str:
    return f"[{', '.join(items)}]" if items else "emptyArrayString()"


def _numbers(width: int) -> str:
    return f"arrayMap(n -> toUInt16(n), range(1, {width + 1}))"


def _bounds(document: Trend, of: Division, scope: Scope) -> tuple[int, int]:
    if not of.window:
        return document.range.bounds(scope.zone)
    last = DateRange.model_construct(from_=document.range.last_day, to=document.range.last_day)
    axis = Axis(last, "day", scope.zone)
    return axis.trailing_begin(of.window), axis.bounds[1]


def _rows(asked: Asked, document: Trend, of: Division, values: Values) -> dict[str, str]:
    """The pieces of `rows`: which events, what they carry, and in which series they count."""
    begin, after = _bounds(document, of, asked.scope)
    value, known = value_sql(asked.dimensions, values, asked.scope.person)
    conditions = [
        series_sql(document, document.series[at], asked.scope, values) for at in of.series
    ]
    columns = [f"{asked.scope.person} as person"]
    for at, condition in zip(of.series, conditions, strict=True):
        columns.append(f"({condition}) as counts_{letter(at)}")
        property_ = document.series[at].property
        if property_ is not None:
            number = number_sql(property_, "event", values)
            columns.append(f"if(isFinite({number}), {number}, null) as number_{letter(at)}")
    return {
        "value": value if asked.dimensions else "tuple('')",
        "known": known,
        "columns": ", ".join(columns),
        "condition": any_of(conditions),
        "begin": values.instant(begin),
        "after": values.instant(after),
    }


def _standing(asked: Asked, held: str) -> str:
    """The value at a person's first or last event; of simultaneous ones the first or last in text."""
    function = "argMax" if asked.standing == "last" else "argMin"
    return f"{function}({held}, (ts, {held}))"


def _counts(column: Column) -> str:
    return f"counts_{letter(column.series)}"


def _number(column: Column) -> str:
    return f"number_{letter(column.series)}"


def _of_row(column: Column, _at: int) -> str:
    """A column as an aggregate over rows."""
    counts = _counts(column)
    return {
        "events": f"countIf({counts})",
        "persons": f"uniqExactIf(person, {counts})",
        "sum": f"sumKahanIf({_number(column)}, {counts})",
        "numbers": f"countIf({counts} and {_number(column)} is not null)",
    }[column.kind]


def _of_person(column: Column, at: int) -> str:
    return f"max({_counts(column)})" if column.kind == "persons" else _of_row(column, at)


def _sum(column: Column, at: int) -> str:
    return f"sumKahan(part_{at})" if column.kind == "sum" else f"sum(part_{at})"


def people(asked: Asked, cell: Cell, limit: int, offset: int) -> People:
    """Persons that count in a part of the figure, at a value of the first dimension or at all."""
    document: Trend = asked.document.model_copy(update={"breakdown": (), "compare": None})
    names = [letter(at) for at in range(len(document.series))]
    names += [f"formula_{at + 1}" for at in range(len(document.formulas))]
    of = division(document, names.index(asked.figure.name))
    assert of is not None
    values = asked.scope.values()
    counts = any_of([_counts(column) for _, column in of.parts[cell.part]])
    pieces = _rows(asked, document, of, values)
    pieces["chosen"] = _chosen(asked, of, counts, cell, values)
    pieces |= {"offset": values.whole(offset), "limit": values.whole(limit)}
    row = asked.scope.ask(statement(SQL / "behind.sql", pieces), values).to_pylist()[0]
    return People(row["persons"], row["total"])


def _chosen(asked: Asked, of: Division, counts: str, cell: Cell, values: Values) -> str:
    if cell.value is None:
        return f"max({counts})"
    held, wanted = "toString(value.1)", values.text(cell.value)
    if of.persons and asked.standing != "every":
        return f"max({counts}) and {_standing(asked, held)} = {wanted}"
    return f"countIf(({counts}) and {held} = {wanted}) > 0"
