"""Who is behind a number of an interval."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from userops.analyses.breakdown import NO_GROUPS, names_of
from userops.analyses.chosen import Selection
from userops.analyses.interval import asking
from userops.analyses.interval.document import Interval
from userops.analyses.interval.running import axis_of
from userops.analyses.table import People
from userops.query.axis import Axis
from userops.query.scope import Scope
from userops.query.sql import Values, all_of, statement


class Chosen(Selection):
    """`{"from": 60, "to": 300, "start": "2024-02-01"}`: who took at least 60 and less than 300 seconds."""

    EXAMPLE = '{"from": 60, "to": 300}'

    from_: float | None = Field(default=None, alias="from", ge=0, le=1e12, allow_inf_nan=False)
    to: float | None = Field(default=None, ge=0, le=1e12, allow_inf_nan=False)


def people(
    document: Interval, scope: Scope, selection: Mapping[str, Any], limit: int, offset: int
) -> People:
    """Raises `DocumentError` for a wrong selection."""
    chosen = Chosen.of(selection, names_of(document.breakdown))
    axis = axis_of(document, scope)
    groups = asking.leading(document, scope, axis) if chosen.breakdown else NO_GROUPS
    axis = Axis(chosen.range_of(document), document.unit, scope.zone)
    values = scope.values()
    pieces = {
        "pairs": asking.pairs_sql(document, scope, axis, values, told=bool(groups.width)),
        "group": groups.sql("value", values),
        "period": axis.place_sql(values),
        "chosen": _chosen_sql(document, axis, chosen, values),
        "offset": values.whole(offset),
        "limit": values.whole(limit),
    }
    row = scope.ask(statement(asking.SQL / "people.sql", pieces), values).to_pylist()[0]
    return People(row["persons"], row["total"])


def _chosen_sql(document: Interval, axis: Axis, chosen: Chosen, values: Values) -> str:
    conditions = chosen.cell_sql(axis, names_of(document.breakdown), values)
    if chosen.from_ is not None:
        conditions.append(f"gap >= {values.number(chosen.from_ * 1000)}")
    if chosen.to is not None:
        conditions.append(f"gap < {values.number(chosen.to * 1000)}")
    return all_of(conditions)
