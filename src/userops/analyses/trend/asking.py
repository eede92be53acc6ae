"""What a trend asks the engine: the leading breakdown values, then the figures of each series."""

from __future__ import annotations

from itertools import accumulate
from pathlib import Path
from typing import Any

from userops.analyses.breakdown import (
    REST,
    Value,
    columns_sql,
    told_apart_sql,
    tuples_sql,
    value_sql,
    values_of,
)
from userops.analyses.trend import rollup
from userops.analyses.trend.counting import counted
from userops.analyses.trend.document import Series, Trend
from userops.analyses.trend.measures import Aggregate, Figure, Measure
from userops.analyses.trend.ranking import Figures, Ranking, ranked_counts
from userops.events.fields import BY_NAME
from userops.query.axis import Axis
from userops.query.filters import conditions_sql, number_sql, text_sql
from userops.query.scope import Scope
from userops.query.sql import Values, all_of, any_of, statement
from userops.query.steps import OTHERS

SQL = Path(__file__).parent / "sql"


def series_sql(document: Trend, series: Series, scope: Scope, values: Values) -> str:
    """The condition on a row of `events` for counting in a series."""
    common = conditions_sql(document.filters, values, scope.person)
    return all_of([series.sql(values, scope.person), common])


def _spread_sql(value: str, ranking: Ranking, width: int, values: Values) -> str:
    """The value, and also the rest where a chart does not draw it."""
    if not width or not ranking.crowded:
        return value
    drawn = tuples_sql(ranking.drawn_values, width, values)
    rest = f"tuple({', '.join([repr(REST)] * width)})"
    return f"arrayJoin(if({value} in {drawn}, [{value}], [{value}, {rest}]))"


def _argument_sql(aggregate: Aggregate, series: Series, scope: Scope, values: Values) -> str:
    if aggregate.argument == "person":
        return scope.person
    if not aggregate.argument:
        return ""
    assert series.property is not None
    if aggregate.argument == "text":
        return f"nullIf({text_sql(series.property, 'event', values)}, '')"
    number = number_sql(series.property, "event", values)
    return f"if(isFinite({number}), {number}, null)"


def top_values(document: Trend, scope: Scope, drawn: int) -> Ranking:
    """Rank by the first series' figure over the range, then by events of any series."""
    width = len(document.breakdown)
    if not width:
        return Ranking(((),), more=False, drawn=1)
    values = scope.values()
    axis = Axis(document.range, document.unit, scope.zone)
    conditions = [series_sql(document, each, scope, values) for each in document.series]
    value, known = value_sql(document.breakdown, values, scope.person)
    pieces = {
        "value": value,
        "known": known,
        "score": _score_sql(document.series[0], conditions[0], scope, values),
        "condition": any_of(conditions),
        "begin": values.instant(axis.bounds[0]),
        "after": values.instant(axis.bounds[1]),
        "columns": columns_sql(width).rstrip(", "),
        "limit": values.whole(document.limit + 1),
    }
    table = scope.ask(statement(SQL / "top_values.sql", pieces), values)
    found = values_of(table.to_pydict(), width, table.num_rows)
    return Ranking(tuple(found[: document.limit]), len(found) > document.limit, drawn)


def ranked_at_once(document: Trend) -> bool:
    """Whether ranking and figures come from one reading: every value has its own cells in it, so only
    where there are few, and where a figure is not sought anew for each cell, as a quantile is."""
    measure = document.series[0].measured()
    few = all(
        each.of == "event" and each.property in BY_NAME and BY_NAME[each.property].low_cardinality
        for each in document.breakdown
    )
    cheap = not measure.window and not any(each.parameters for each in measure.aggregates)
    return len(document.series) == 1 and few and cheap


def ranked_figures(
    document: Trend, scope: Scope, axis: Axis, drawn: int
) -> tuple[Ranking, dict[Value, Figures]]:
    """What `top_values` and `figures` say, of a document with a breakdown that is `ranked_at_once`."""
    (series,), values, width = document.series, scope.values(), len(document.breakdown)
    if series.measured().counts_events:
        return _ranked_counts(document, scope, axis, drawn)
    pieces, limit = _states(series, scope, values), document.limit
    value, _known = value_sql(document.breakdown, values, scope.person)
    others, rest = (f"tuple({', '.join([repr(each)] * width)})" for each in (OTHERS, REST))
    pieces |= {
        "value": value,
        "bucket": axis.bucket_sql(values),
        "score": _score_of_states(series),
        "told_apart": f"if(place > {values.whole(limit)}, {others}, value)",
        "spread": f"arrayJoin(if(place > {values.whole(min(drawn, limit))}, [value, {rest}], [value]))",
        "condition": series_sql(document, series, scope, values),
        "begin": values.instant(axis.bounds[0]),
        "after": values.instant(axis.bounds[1]),
        "columns": columns_sql(width),
    }
    table = scope.ask(statement(SQL / "ranked_cells.sql", pieces), values)
    rows, found = table.to_pydict(), dict[Value, int]()
    for each, best in zip(values_of(rows, width, table.num_rows), rows["best"], strict=True):
        found[each] = min(best, found.get(each, best))
    together = {(name,) * width for name in (OTHERS, REST)}
    named = [each for each in sorted(found, key=found.__getitem__) if each not in together]
    return Ranking(tuple(named), max(rows["last"], default=0) > limit, drawn), _read_cells(
        rows, table.num_rows, width, series.measured(), axis
    )


def _ranked_counts(
    document: Trend, scope: Scope, axis: Axis, drawn: int
) -> tuple[Ranking, dict[Value, Figures]]:
    """Numbers of events add up, so all but counting them needs no engine."""
    values = scope.values()
    condition = series_sql(document, document.series[0], scope, values)
    cells = counted(document.breakdown, scope, axis, values, condition)
    return ranked_counts(cells, document.limit, drawn, len(document.breakdown))


def _score_sql(series: Series, condition: str, scope: Scope, values: Values) -> str:
    parts = []
    for aggregate in series.measured().aggregates:
        argument = _argument_sql(aggregate, series, scope, values)
        parts.append(aggregate.sql("If", ", ".join(filter(None, [argument, condition]))))
    return " / ".join(parts)


def figures(
    document: Trend, series: Series, scope: Scope, axis: Axis, ranking: Ranking
) -> dict[Value, Figures]:
    """The figures of one series over an axis, by breakdown value."""
    if document.breakdown and not ranking.values:
        return {}
    if rollup.plan_of(document, series, scope, axis).source != "events":
        return {(): Figures(*rollup.points(series, scope, axis))}
    ask = _trailing if series.measured().window else _cells
    return ask(document, series, scope, axis, ranking)


def _cells(
    document: Trend, series: Series, scope: Scope, axis: Axis, ranking: Ranking
) -> dict[Value, Figures]:
    values, width = scope.values(), len(document.breakdown)
    value, known = value_sql(document.breakdown, values, scope.person)
    if ranking.more or document.compare:  # else every value of the range is told apart
        value = told_apart_sql(value, ranking.values, width, values)
    pieces = {
        "value": value,
        "known": known,
        "bucket": axis.bucket_sql(values),
        **_states(series, scope, values),
        "spread": _spread_sql("value", ranking, width, values),
        "condition": series_sql(document, series, scope, values),
        "begin": values.instant(axis.bounds[0]),
        "after": values.instant(axis.bounds[1]),
        "columns": columns_sql(width),
    }
    table = scope.ask(statement(SQL / "cells.sql", pieces), values)
    return _read_cells(table.to_pydict(), table.num_rows, width, series.measured(), axis)


def _named(series: Series) -> list[tuple[Aggregate, str]]:
    return [(each, f"part_{at}") for at, each in enumerate(series.measured().aggregates)]


def _states(series: Series, scope: Scope, values: Values) -> dict[str, str]:
    """A series' aggregates as states, and how they are put together."""
    named = _named(series)
    states = [
        f"{each.sql('State', _argument_sql(each, series, scope, values))} as {name}"
        for each, name in named
    ]
    merged = [f"{each.sql('Merge', name)} as figure_{name}" for each, name in named]
    return {
        "states": ", ".join(states),
        "names": ", ".join(name for _, name in named),
        "merged": ", ".join(merged),
    }


def _score_of_states(series: Series) -> str:
    """The figure over the range, on each cell of a value."""
    return " / ".join(
        f"{each.sql('Merge', name)} over (partition by value)" for each, name in _named(series)
    )


def _read_cells(
    rows: dict[str, list[Any]], count: int, width: int, measure: Measure, axis: Axis
) -> dict[Value, Figures]:
    parts = [rows[name] for name in rows if name.startswith("figure_")]
    totals: dict[Value, Figure] = {}
    points: dict[Value, dict[int, Figure]] = {}
    for value, bucket, whole, *found in zip(
        values_of(rows, width, count), rows["bucket"], rows["whole"], *parts, strict=True
    ):
        figure = measure.figure(found)
        if whole:
            totals[value] = figure
        else:
            points.setdefault(value, {})[axis.places[bucket]] = figure
    return {value: Figures(total, points.get(value, {})) for value, total in totals.items()}


def _trailing(
    document: Trend, series: Series, scope: Scope, axis: Axis, ranking: Ranking
) -> dict[Value, Figures]:
    values, width = scope.values(), len(document.breakdown)
    window = series.measured().window
    value, known = value_sql(document.breakdown, values, scope.person)
    told_apart = told_apart_sql(value, ranking.values, width, values)
    pieces = {
        "spread": _spread_sql(told_apart, ranking, width, values),
        "known": known,
        "person": scope.person,
        "window": values.whole(window),
        "condition": series_sql(document, series, scope, values),
        "begin": values.instant(axis.trailing_begin(window)),
        "after": values.instant(axis.bounds[1]),
        "columns": columns_sql(width),
    }
    table = scope.ask(statement(SQL / "trailing.sql", pieces), values)
    return _read_trailing(table.to_pydict(), table.num_rows, width, axis)


def _read_trailing(
    rows: dict[str, list[Any]], count: int, width: int, axis: Axis
) -> dict[Value, Figures]:
    changes: dict[Value, dict[int, int]] = {}
    values = values_of(rows, width, count)
    for value, day, change in zip(values, rows["bucket"], rows["difference"], strict=True):
        changes.setdefault(value, {})[day] = change
    days = list(axis.places)
    result = {}
    for value, differences in changes.items():
        before = sum(change for day, change in differences.items() if day < days[0])
        running = accumulate((differences.get(day, 0) for day in days), initial=before)
        counts = list(running)[1:]
        result[value] = Figures(counts[-1], dict(enumerate(counts)))
    return result
