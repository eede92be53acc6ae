"""The statement of a correlation: one row per person inside the engine, counts out of it."""

from __future__ import annotations

from pathlib import Path

from userops.analyses.correlation.document import Correlation
from userops.query.dates import milliseconds
from userops.query.filters import conditions_sql, text_sql
from userops.query.scope import Scope
from userops.query.sql import Values, all_of, statement

SQL = Path(__file__).parent / "sql"
_GAP = "(toUnixTimestamp64Milli(ts) - toUnixTimestamp64Milli(starts.at))"


def per_person_sql(
    document: Correlation, scope: Scope, values: Values, property_: str | None
) -> str:
    """The text of `per_person.sql`; what is noted is the event, or the value of a property."""
    goal = document.goal
    begin, after = document.range.bounds(scope.zone)
    filters = conditions_sql(document.filters, values, scope.person)
    values.parameters.update(
        early=document.early_ms,
        goal_begin=goal.begin_ms,
        goal_end=goal.end_ms,
        least=goal.least,
        most=document.max_times if property_ is None else 1,
        now=milliseconds(scope.now),
    )
    asked = "what != ''"
    if property_ is None and document.events:
        asked = f"what in {values.texts(document.events)}"
    pieces = {
        "person": scope.person,
        "start": all_of([document.start.sql(values, scope.person), filters]),
        "what": "event" if property_ is None else text_sql(property_, "event", values),
        "gap": _GAP,
        "goal": goal.sql(values, scope.person),
        "filters": filters,
        "asked": asked,
        "begin": values.instant(begin),
        "after": values.instant(after),
        "until": values.instant(after + goal.end_ms),
    }
    return statement(SQL / "per_person.sql", pieces).rstrip()
