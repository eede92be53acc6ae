"""From the engine's counts to the points of a lifecycle."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from userops.analyses.lifecycle import rollup
from userops.analyses.lifecycle.document import Lifecycle
from userops.analyses.lifecycle.states import STATES
from userops.analyses.lifecycle.units import NUMBER_SQL, number_of
from userops.errors import DocumentError
from userops.query.dates import MAX_BUCKETS, Bucket, add_units, buckets, midnight, milliseconds
from userops.query.scope import Scope
from userops.query.sql import Values, statement
from userops.words import Words

SQL = Path(__file__).parent / "sql"


def periods(document: Lifecycle, scope: Scope) -> list[Bucket]:
    """The whole units that the range touches; activity outside the range but in them counts."""
    if document.unit == "day" and document.range.days > MAX_BUCKETS:
        raise DocumentError(
            Words(
                f"日期范围过长：{document.range.days} 天，上限 {MAX_BUCKETS} 个区间。",
                f"The range is too long: {document.range.days} days, at most {MAX_BUCKETS} "
                "intervals.",
            ),
            code="too_many_intervals",
            hint=Words(
                "缩短日期范围，或改用更大的单位。", "Shorten the range or use a larger unit."
            ),
        )
    return buckets(document.range, document.unit, scope.zone)


def person_pieces(document: Lifecycle, scope: Scope, values: Values) -> dict[str, str]:
    """The pieces that both statements share: which rows are read, and which of them are activity.

    With `new_by` = `any_event` the first occurrence is that of any event, whatever the filters.
    """
    activity = document.step().sql(values, scope.person)
    every = document.new_by == "any_event"
    return {
        "person": scope.person,
        "number": NUMBER_SQL[document.unit],
        "condition": "1" if every else activity,
        "active": activity if every else "1",
    }


def day_of(bucket: Bucket) -> date:
    """The first day of a unit; lifecycles have no hours."""
    return date.fromisoformat(bucket.key())


def run(document: Lifecycle, scope: Scope) -> dict[str, Any]:
    units = periods(document, scope)
    counts = _counts(document, scope, units)
    points = [_point(unit, document, counts, scope) for unit in units]
    return {"unit": document.unit, "points": points, "average": _average(points)}


def _counts(
    document: Lifecycle, scope: Scope, units: list[Bucket]
) -> Mapping[int, Mapping[str, int]]:
    """Active, new and returning persons by number of unit."""
    if rollup.plan(document, scope).source != "events":
        after = add_units(day_of(units[-1]), 1, document.unit)
        return rollup.counts(document, scope, after - timedelta(days=1))
    before = add_units(day_of(units[0]), -1, document.unit)
    values = scope.values()
    pieces = {
        **person_pieces(document, scope, values),
        "begin": values.instant(milliseconds(midnight(before, scope.zone))),
        "after": values.instant(units[-1].end),
    }
    table = scope.ask(statement(SQL / "states.sql", pieces), values)
    return {row["unit"]: row for row in table.to_pylist()}


def _point(
    unit: Bucket, document: Lifecycle, counts: Mapping[int, Mapping[str, int]], scope: Scope
) -> dict[str, Any]:
    nobody = {"active": 0, "new": 0, "returning": 0}
    number = number_of(day_of(unit), document.unit)
    now, before = counts.get(number, nobody), counts.get(number - 1, nobody)
    return {
        "start": unit.key(),
        "new": now["new"],
        "returning": now["returning"],
        "resurrected": now["active"] - now["new"] - now["returning"],
        "dormant": before["active"] - now["returning"],
        "active": now["active"],
        "unfinished": unit.unfinished(scope.now),
    }


def _average(points: list[dict[str, Any]]) -> dict[str, float | None]:
    """Means over the finished periods; none where no period is finished."""
    finished = [point for point in points if not point["unfinished"]]
    names = [*(state.name for state in STATES), "active"]
    return {
        name: sum(point[name] for point in finished) / len(finished) if finished else None
        for name in names
    }
