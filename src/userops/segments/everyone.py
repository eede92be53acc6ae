"""All persons of a product: who has an event, or a profile."""

from __future__ import annotations

from pathlib import Path

from pyroaring import BitMap

from userops.events.rollups.reading import persons_of
from userops.query.active import ActiveDays, union
from userops.query.dates import EARLIEST, LATEST
from userops.query.scope import Scope
from userops.query.sql import Values, statement
from userops.query.steps import ANY_EVENT, EventStep
from userops.segments.kept import KEPT

SQL = Path(__file__).parent / "sql"


def everyone(scope: Scope) -> BitMap:
    """The set is shared: do not change it. At a past day, those who had an event by then, and those who
    never had one, of whom only a profile tells."""
    return KEPT.get(scope, "everyone", lambda: _everyone(scope))


def _everyone(scope: Scope) -> BitMap:
    values = scope.values()
    known = asked(scope, "profiles", values, {})
    active = _active(scope)
    if scope.before is None:
        return active | known
    # a profile has no date: whoever came later did not exist yet
    later = asked(scope, "later", values, {"person": scope.person}, past=False)
    return active | (known - later)


def _active(scope: Scope) -> BitMap:
    days = ActiveDays(scope, EventStep(event=ANY_EVENT), EARLIEST, LATEST)
    if days.plan().source != "events":
        return union(list(days.sets().values()))
    return asked(scope, "active", scope.values(), {"person": scope.person})


def asked(
    scope: Scope, name: str, values: Values, pieces: dict[str, str], *, past: bool = True
) -> BitMap:
    """The set that a statement of this folder answers."""
    sql = statement(SQL / f"{name}.sql", pieces)
    before = scope.before if past else None
    table = scope.engine.arrow(
        sql, values.parameters, query_id=scope.query_id, text=False, before=before
    )
    (state,) = table.column("persons").to_pylist()
    return persons_of(state)
