"""Who is behind a number about sessions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from userops.analyses.breakdown import NO_GROUPS
from userops.analyses.chosen import Selection
from userops.analyses.sessions import asking
from userops.analyses.sessions.document import Sessions
from userops.analyses.sessions.figures import edges
from userops.analyses.sessions.running import axis_of
from userops.analyses.table import People
from userops.query.axis import Axis
from userops.query.scope import Scope
from userops.query.sql import Values, all_of, statement


class Chosen(Selection):
    """`{"start": "2024-02-01", "breakdown": {"channel": "ads"}}`: who began a session there.

    `bounced`: only those with a session that bounced. `bucket`: only with one in that part of the histogram.
    """

    EXAMPLE = '{"start": "2024-02-01", "breakdown": {"channel": "ads"}}'

    bounced: bool = False
    bucket: int | None = Field(default=None, ge=0)


def people(
    document: Sessions, scope: Scope, selection: Mapping[str, Any], limit: int, offset: int
) -> People:
    """Raises `DocumentError` for a wrong selection."""
    chosen = _selected(document, selection)
    axis = axis_of(document, scope)
    groups = asking.leading(document, scope, axis) if chosen.breakdown else NO_GROUPS
    axis = Axis(chosen.range_of(document), document.unit, scope.zone)
    values = scope.values()
    pieces = {
        "sessions": asking.sessions_sql(document, scope, axis, values, told=bool(groups.width)),
        "group": groups.sql("value", values),
        "period": axis.place_sql(values),
        "chosen": _chosen_sql(document, axis, chosen, values),
        "offset": values.whole(offset),
        "limit": values.whole(limit),
        **asking.range_pieces(scope, document, axis, values),
    }
    row = scope.ask(statement(asking.SQL / "people.sql", pieces), values).to_pylist()[0]
    return People(row["persons"], row["total"])


def _selected(document: Sessions, selection: Mapping[str, Any]) -> Chosen:
    chosen = Chosen.of(selection, document.names)
    if chosen.bucket is not None and (
        document.view not in asking.MEASURED or chosen.bucket >= len(edges(document.view))
    ):
        raise Chosen.wrong(
            "bucket 应为结果中直方图的一段", "bucket must be a part of the histogram"
        )
    return chosen


def _chosen_sql(document: Sessions, axis: Axis, chosen: Chosen, values: Values) -> str:
    conditions = chosen.cell_sql(axis, document.names, values)
    if chosen.bounced:
        conditions.append(f"over and depth <= {values.whole(document.bounce_events)}")
    if chosen.bucket is not None:
        bucket = asking.bucket_sql(document, document.view, values)
        conditions.append(f"over and {bucket} = {values.whole(chosen.bucket)}")
    return all_of(conditions)
