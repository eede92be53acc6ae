"""What a stickiness asks the engine: in how many intervals each person is active, and DAU, WAU, MAU."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from userops.analyses.breakdown import (
    NO_GROUPS,
    Groups,
    Value,
    columns_sql,
    read_groups,
    value_sql,
    values_of,
)
from userops.analyses.stickiness import rollup
from userops.analyses.stickiness.document import Stickiness
from userops.analyses.stickiness.rollup import MAU_DAYS
from userops.query.axis import Axis, distinct_sql
from userops.query.scope import Scope
from userops.query.sql import Values, statement

SQL = Path(__file__).parent / "sql"
WHOLE = 0
"""The period of the whole range."""
_DAY = "toInt32(toDate(ts, {timezone:String}))"

# an hour, week or month that a period cuts counts in both of its periods; days have up to 25 hours
_LONGEST: dict[str, dict[str, int]] = {
    "hour": {"day": 26, "week": 7 * 24 + 2, "month": 31 * 24 + 2, "quarter": 92 * 24 + 2},
    "day": {"week": 7, "month": 31, "quarter": 92},
    "week": {"month": 6, "quarter": 15},
    "month": {"quarter": 3},
}

Frequencies = dict[Value, dict[int, list[tuple[int, int, int]]]]
"""By value and period: number of active intervals, of those that are over, and persons."""


@dataclass(frozen=True, slots=True)
class Day:
    """Distinct persons of a day, of the 7 and of the 30 days up to it."""

    dau: int
    wau: int
    mau: int


@dataclass(frozen=True, slots=True)
class Source:
    """The rows that are read, as pieces of a statement; `value` and `person` are columns of it."""

    value: str
    person: str
    pieces: dict[str, str]


def source(
    document: Stickiness, scope: Scope, values: Values, groups: Groups, bounds: tuple[int, int]
) -> Source:
    """The matching events between two instants."""
    value, known = value_sql(document.breakdown if groups.width else (), values, scope.person)
    condition = document.step().sql(values, scope.person)
    begin, after = (values.instant(at) for at in bounds)
    return Source(
        groups.sql(value, values),
        scope.person,
        {
            "source": f"events {known}",
            "where": f"product = {{product:UInt32}} and ts >= {begin} and ts < {after}"
            f" and ({condition})",
        },
    )


def often(document: Stickiness, rows: Source, place: str, period: str, values: Values) -> Source:
    """The rows as intervals in which a person did it at least `min_times`."""
    pieces = {
        **rows.pieces,
        "value": rows.value,
        "person": rows.person,
        "place": place,
        "period": period,
        "times": values.whole(document.min_times),
    }
    inner = statement(SQL / "often.sql", pieces)
    return Source("value", "person", {"source": f"({inner})", "where": "1"})


def leading(document: Stickiness, scope: Scope, axis: Axis) -> Groups:
    """The breakdown values with the most persons."""
    width = len(document.breakdown)
    if not width:
        return NO_GROUPS
    values = scope.values()
    rows = source(document, scope, values, Groups((), more=False, width=width), axis.bounds)
    pieces = {
        **rows.pieces,
        "value": rows.value,
        "person": rows.person,
        "columns": columns_sql(width).rstrip(", "),
        "limit": values.whole(document.limit + 1),
    }
    table = scope.ask(statement(SQL / "top.sql", pieces), values)
    return read_groups(table.to_pydict(), width, document.limit)


def active_intervals(
    document: Stickiness, scope: Scope, axis: Axis, groups: Groups, values: Values
) -> str:
    """The statement that answers `value`, `period`, `person`, `active` and `finished`: one row for
    each person who was active."""
    rows = source(document, scope, values, groups, axis.bounds)
    place, period = axis.place_sql(values), _period_sql(document, axis, values)
    time = "ts"
    if document.min_times > 1:
        rows = often(document, rows, place, period, values)
        place, period, time = "place", "period", "last"
    active, finished = _counts_sql(document, scope, axis, (place, time), values)
    pieces = {
        **rows.pieces,
        "value": rows.value,
        "person": rows.person,
        "period": period,
        "active": active,
        "finished": finished,
    }
    return statement(SQL / "active.sql", pieces)


def _counts_sql(
    document: Stickiness, scope: Scope, axis: Axis, columns: tuple[str, str], values: Values
) -> tuple[str, str]:
    """The number of distinct intervals, and of those that are over. `columns`: place and time of a row."""
    place, time = columns
    open_ = [each for each in axis.buckets if each.unfinished(scope.now)]
    over = f"{time} < {values.instant(open_[0].begin)}" if open_ else ""
    most = longest(document, axis)
    active = distinct_sql(place, most)
    return active, distinct_sql(place, most, over) if over else active


def _period_sql(document: Stickiness, axis: Axis, values: Values) -> str:
    if document.view != "periods":
        return str(WHOLE)
    return periods(document, axis).place_sql(values)


def periods(document: Stickiness, axis: Axis) -> Axis:
    """The longer units in which intervals are counted."""
    return Axis(axis.range, document.period, axis.zone)


def longest(document: Stickiness, axis: Axis) -> int:
    """The largest number of intervals that anybody can be active in."""
    if document.view != "periods":
        return len(axis.buckets)
    return min(_LONGEST[document.unit][document.period], len(axis.buckets))


def frequencies(document: Stickiness, scope: Scope, axis: Axis, groups: Groups) -> Frequencies:
    if not groups.width and rollup.plan(document, scope).source != "events":
        return {(): {WHOLE: rollup.frequencies(document, scope, axis)}}
    values, width = scope.values(), groups.width
    pieces = {
        "statement": active_intervals(document, scope, axis, groups, values),
        "columns": columns_sql(width),
    }
    table = scope.ask(statement(SQL / "frequencies.sql", pieces), values)
    rows, found = table.to_pydict(), Frequencies()
    for value, period, active, finished, users in zip(
        values_of(rows, width, table.num_rows),
        rows["period"], rows["active"], rows["finished"], rows["users"],
        strict=True,
    ):  # fmt: skip
        found.setdefault(value, {}).setdefault(period, []).append((active, finished, users))
    return found


def days(
    document: Stickiness, scope: Scope, axis: Axis, groups: Groups
) -> dict[Value, dict[int, Day]]:
    """DAU, WAU and MAU by value and place on a daily axis."""
    if not groups.width and rollup.plan(document, scope).source != "events":
        found_days = rollup.days(document, scope, axis)
        return {(): {place: Day(*each) for place, each in enumerate(found_days)}}
    values, width = scope.values(), groups.width
    bounds = (axis.trailing_begin(MAU_DAYS), axis.bounds[1])
    rows = source(document, scope, values, groups, bounds)
    day = _DAY
    if document.min_times > 1:
        rows, day = often(document, rows, _DAY, str(WHOLE), values), "place"
    pieces = {
        **rows.pieces,
        "value": rows.value,
        "person": rows.person,
        "day": day,
        "columns": columns_sql(width),
    }
    table = scope.ask(statement(SQL / "trailing.sql", pieces), values)
    found = table.to_pydict()
    changes: dict[Value, dict[int, tuple[int, int, int]]] = {}
    for value, at, *change in zip(
        values_of(found, width, table.num_rows),
        found["day"], found["dau"], found["wau_change"], found["mau_change"],
        strict=True,
    ):  # fmt: skip
        changes.setdefault(value, {})[at] = (change[0], change[1], change[2])
    return {value: _running(each, list(axis.places)) for value, each in changes.items()}


def _running(changes: dict[int, tuple[int, int, int]], places: list[int]) -> dict[int, Day]:
    """From changes to numbers: those before the range are where the windows begin."""

    def sums(which: int) -> list[int]:
        before = sum(change[which] for at, change in changes.items() if at < places[0])
        steps = (changes.get(at, (0, 0, 0))[which] for at in places)
        return list(accumulate(steps, initial=before))[1:]

    wau, mau = sums(1), sums(2)
    return {
        place: Day(changes.get(at, (0, 0, 0))[0], wau[place], mau[place])
        for place, at in enumerate(places)
    }
