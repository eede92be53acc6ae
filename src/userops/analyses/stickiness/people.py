"""Who is behind a number of a stickiness."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from pydantic import Field

from userops.analyses.breakdown import NO_GROUPS, Groups, Value, names_of, tuples_sql
from userops.analyses.chosen import Selection
from userops.analyses.stickiness import asking
from userops.analyses.stickiness.document import Stickiness
from userops.analyses.stickiness.running import axis_of
from userops.analyses.table import People
from userops.query.axis import Axis
from userops.query.dates import absolute
from userops.query.scope import Scope
from userops.query.sql import Values, statement


class Chosen(Selection):
    """`{"intervals": 3, "at_least": true, "start": "2024-02-05"}`, or `{"start": "2024-02-05", "days": 30}`.

    `intervals`: active in so many; 0 with `at_least`: in any. `start`: a period of the view `periods`. `days`: the
    distinct users of so many days up to `start`.
    """

    EXAMPLE = '{"intervals": 3, "at_least": true}'

    intervals: int = Field(default=0, ge=0)
    at_least: bool = False
    days: int | None = None


def people(
    document: Stickiness, scope: Scope, selection: Mapping[str, Any], limit: int, offset: int
) -> People:
    """Raises `DocumentError` for a wrong selection."""
    chosen = _selected(document, selection)
    groups, value = _group(document, scope, chosen)
    values = scope.values()
    if chosen.days is None:
        inner, conditions = _of_frequency(document, scope, chosen, groups, values)
    else:
        inner, conditions = _of_days(document, scope, chosen, groups, values)
    if groups.width:
        conditions.append(f"value in {tuples_sql((value,), groups.width, values)}")
    pieces = {
        "statement": inner,
        "chosen": " and ".join(conditions),
        "offset": values.whole(offset),
        "limit": values.whole(limit),
    }
    row = scope.ask(statement(asking.SQL / "people.sql", pieces), values).to_pylist()[0]
    return People(row["persons"], row["total"])


def _selected(document: Stickiness, selection: Mapping[str, Any]) -> Chosen:
    chosen = Chosen.of(selection, names_of(document.breakdown))
    if chosen.days not in (None, 1, 7, 30):
        raise Chosen.wrong("days 应为 1、7 或 30", "days must be 1, 7 or 30")
    return chosen


def _group(document: Stickiness, scope: Scope, chosen: Chosen) -> tuple[Groups, Value]:
    if not chosen.breakdown:
        return NO_GROUPS, ()
    groups = asking.leading(document, scope, axis_of(document, scope))
    return groups, chosen.value_of(names_of(document.breakdown))


def _of_frequency(
    document: Stickiness, scope: Scope, chosen: Chosen, groups: Groups, values: Values
) -> tuple[str, list[str]]:
    if document.view == "ratio":
        # which picture is shown does not change who was how often active
        document = document.model_copy(update={"view": "exactly"})
    axis = axis_of(document, scope, chosen.range_of(document))
    sign = ">=" if chosen.at_least else "="
    conditions = [f"active {sign} {values.whole(chosen.intervals)}", "active > 0"]
    if chosen.start is not None:
        if document.view != "periods":
            raise Chosen.wrong("start 只用于 periods 视图", "start belongs to the view `periods`")
        place = chosen.place_in(asking.periods(document, axis))
        conditions.append(f"period = {values.whole(place)}")
    return asking.active_intervals(document, scope, axis, groups, values), conditions


def _of_days(
    document: Stickiness, scope: Scope, chosen: Chosen, groups: Groups, values: Values
) -> tuple[str, list[str]]:
    """Who was active on any of the days up to `start`: in a range of these days alone."""
    assert chosen.days is not None
    days = Axis(chosen.range_of(document), "day", scope.zone)
    last = days.buckets[chosen.place_in(days)].start
    window = absolute(last - timedelta(days=chosen.days - 1), last)
    alone = document.model_copy(update={"unit": "day", "view": "exactly", "range": window})
    axis = axis_of(alone, scope, window)
    return asking.active_intervals(alone, scope, axis, groups, values), ["active > 0"]
