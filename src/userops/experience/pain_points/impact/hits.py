"""Whom the evidence names, by day; and who could have been hit on that day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from pyroaring import BitMap

from userops.events.rollups import reading
from userops.experience.pain_points.definition import ByEvent, ByExit, BySegment, Evidence
from userops.query.active import ActiveDays
from userops.query.dates import midnight, milliseconds
from userops.query.scope import Scope
from userops.query.sql import statement
from userops.query.steps import ANY_EVENT, EventStep
from userops.segments.as_of import as_of
from userops.segments.document import Segment
from userops.segments.evaluating import Others, evaluate

SQL = Path(__file__).parent / "sql"
ByDay = dict[date, BitMap]


@dataclass(frozen=True, slots=True)
class Hits:
    """`hit`: the persons of each day. `among`: those of each day who are compared; None: whoever was active."""

    hit: ByDay
    among: ByDay | None = None

    def persons(self) -> BitMap:
        return BitMap.union(*self.hit.values()) if self.hit else BitMap()


def days_between(first: date, last: date) -> list[date]:
    return [first + timedelta(days=at) for at in range((last - first).days + 1)]


def hits_of(
    evidence: Evidence, scope: Scope, first: date, last: date, *,
    segment: Segment | None = None, others: Others | None = None,
) -> Hits:  # fmt: skip
    """`segment`: the document of the segment that the evidence names."""
    if isinstance(evidence, ByEvent):
        among = evidence.among
        return Hits(
            ActiveDays(scope, evidence.step, first, last).sets(),
            None if among is None else ActiveDays(scope, among, first, last).sets(),
        )
    if isinstance(evidence, ByExit):
        step = ActiveDays(scope, evidence.step, first, last).sets()
        return Hits(_exits(evidence, scope, first, last), step)
    assert isinstance(evidence, BySegment) and segment is not None
    members = evaluate(segment, as_of(scope, first - timedelta(days=1)), others)
    return Hits(_first_days(members, scope, first, last))


def _exits(evidence: ByExit, scope: Scope, first: date, last: date) -> ByDay:
    values = scope.values()
    pieces = {
        "person": scope.person,
        "step": evidence.step.sql(values, scope.person),
        "next": evidence.next.sql(values, scope.person),
        "begin": values.instant(milliseconds(midnight(first, scope.zone))),
        "after": values.instant(milliseconds(midnight(last + timedelta(days=1), scope.zone))),
    }
    table = scope.ask(statement(SQL / "exits.sql", pieces), values, text=False).to_pydict()
    return reading.joined(table["day"], table["users"])


def _first_days(members: BitMap, scope: Scope, first: date, last: date) -> ByDay:
    active = ActiveDays(scope, EventStep(event=ANY_EVENT), first, last).sets()
    found: ByDay = {}
    waiting = members.copy()
    for day in sorted(active):
        came = active[day] & waiting
        if came:
            found[day] = came
            waiting -= came
    return found


def index_days(hit: ByDay) -> ByDay:
    """Each person on the first of their days only."""
    found: ByDay = {}
    seen = BitMap()
    for day in sorted(hit):
        fresh = hit[day] - seen
        if fresh:
            found[day] = fresh
            seen |= fresh
    return found
