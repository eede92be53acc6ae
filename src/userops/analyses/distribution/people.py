"""Who is behind a number of a distribution."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from userops.analyses.breakdown import NO_GROUPS, names_of
from userops.analyses.chosen import Selection
from userops.analyses.distribution import asking
from userops.analyses.distribution.document import Distribution
from userops.analyses.table import People
from userops.query.dates import DateRange
from userops.query.scope import Scope
from userops.query.sql import Values, all_of, statement


class Chosen(Selection):
    """`{"from": 6, "to": 11, "start": "2024-02-01"}`: whose figure is at least 6 and less than 11."""

    EXAMPLE = '{"from": 6, "to": 11}'

    from_: float | None = Field(default=None, alias="from", allow_inf_nan=False)
    to: float | None = Field(default=None, allow_inf_nan=False)


def people(
    document: Distribution, scope: Scope, selection: Mapping[str, Any], limit: int, offset: int
) -> People:
    """Raises `DocumentError` for a wrong selection."""
    chosen = Chosen.of(selection, names_of(document.breakdown))
    groups = asking.leading(document, scope) if chosen.breakdown else NO_GROUPS
    range_, values = chosen.range_of(document), scope.values()
    by_period = chosen.start is not None
    pieces = {
        "persons": asking.persons_sql(document, scope, range_, groups, values, by_period=by_period),
        "chosen": _chosen_sql(document, scope, range_, chosen, values),
        "offset": values.whole(offset),
        "limit": values.whole(limit),
    }
    row = scope.ask(statement(asking.SQL / "people.sql", pieces), values).to_pylist()[0]
    return People(row["persons"], row["total"])


def _chosen_sql(
    document: Distribution, scope: Scope, range_: DateRange, chosen: Chosen, values: Values
) -> str:
    axis = asking.periods(document, scope, range_)
    conditions = chosen.cell_sql(axis, names_of(document.breakdown), values)
    if chosen.from_ is not None:
        conditions.append(f"figure >= {values.number(chosen.from_)}")
    if chosen.to is not None:
        conditions.append(f"figure < {values.number(chosen.to)}")
    return all_of(conditions)
