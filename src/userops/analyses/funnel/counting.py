"""The fast path: only how many got how far, by the engine's `windowFunnel`.

Checked against the oracle: where no event can be two steps the plain function is exact, and else the
mode `strict_once` is, ties included. Other modes and options differ from our law.
"""

from __future__ import annotations

from userops.analyses.funnel.document import FunnelDocument
from userops.analyses.funnel.rows import SQL, read_until, wanted_sql
from userops.query.filters import conditions_sql
from userops.query.scope import Scope
from userops.query.sql import statement


def counted(document: FunnelDocument, scope: Scope) -> list[int]:
    """Users that did each step, for a document that is `simple`."""
    values = scope.values()
    begin, end = document.range.bounds(scope.zone)
    values.parameters.update(begin=begin, until=read_until(document, scope))
    conditions = [each.sql(values, scope.person) for each in document.steps]
    conditions[0] = (
        f"({conditions[0]}) and ts < fromUnixTimestamp64Milli({values.whole(end)}, 'UTC')"
    )
    window = values.add(document.window_ms, "UInt64")
    sql = statement(
        SQL / "counts.sql",
        {
            "person": scope.person,
            "window": window,
            "mode": ", 'strict_once'" if _shared(document) else "",
            "conditions": ", ".join(conditions),
            "wanted": wanted_sql(document, values, scope.person),
            "filters": conditions_sql(document.filters, values, scope.person),
        },
    )
    by_depth = {row["depth"]: row["persons"] for row in scope.ask(sql, values).to_pylist()}
    return [
        sum(persons for depth, persons in by_depth.items() if depth > at)
        for at in range(len(document.steps))
    ]


def _shared(document: FunnelDocument) -> bool:
    """Whether one event may match two steps, as far as names tell."""
    names = [set(step.events) for step in document.steps]
    return any(
        not one or not other or one & other
        for at, one in enumerate(names)
        for other in names[at + 1 :]
    )
