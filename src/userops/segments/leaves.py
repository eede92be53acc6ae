"""One condition of a segment to the set of its persons: from the rollups where they answer, else by one
statement."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, timedelta
from functools import singledispatch
from typing import Any

from pyroaring import BitMap

from userops.analyses.answering import parse as parse_question
from userops.analyses.funnel import FUNNEL
from userops.query.active import ActiveDays, by_number, count_once, union
from userops.query.dates import EARLIEST, LATEST, DateRange, absolute, midnight, milliseconds
from userops.query.filters import Condition, chosen_sql, number_sql
from userops.query.scope import Scope
from userops.query.sql import Values, statement
from userops.query.steps import EventStep
from userops.segments.document import Behind, Did, Leaf, OfUser, Sequence, Timed
from userops.segments.everyone import SQL, asked, everyone
from userops.segments.kept import KEPT
from userops.segments.sampling import sampled, within_sql

ALL = 2**32
"""More persons than there can be."""

Days = tuple[date, date]
"""First and last day, both included; nobody where the first is after the last."""


def of_leaf(leaf: Leaf, scope: Scope) -> BitMap:
    """The persons of a condition. The set is shared: do not change it."""
    return KEPT.get(scope, _key(leaf, scope), lambda: _found(leaf, scope))


def without_doing(leaf: Did) -> bool:
    """Whether who never did the event passes too."""
    return leaf.measure in ("times", "days") and leaf.holds(0)


def left_out(leaf: Did, scope: Scope) -> BitMap:
    """Of a condition that passes `without_doing`: who does not pass. The set is shared: do not change it."""
    days = days_of(leaf.range, scope)
    key = f"not {_key(leaf, scope)}"
    return KEPT.get(scope, key, lambda: _who_did(leaf, scope, days, passing=False))


def from_events(leaf: Leaf) -> bool:
    """Whether a condition is answered from events alone, so that nobody else is among its persons."""
    return isinstance(leaf, Did | Timed | Sequence)


def _key(leaf: Leaf, scope: Scope) -> str:
    day = scope.now.astimezone(scope.zone).date()
    # what does not read events answers of everybody, whoever is in the sample
    some = sampled(scope) if by_rows(leaf, scope) else ""
    return f"{leaf.model_dump_json(by_alias=True)} {day}{some}"


def by_rows(leaf: Leaf, scope: Scope) -> bool:
    """Whether rows of its events are read, which can be done of some users alone."""
    if isinstance(leaf, Timed):
        return ActiveDays(scope, _step(leaf)).plan(leaf.filters).source == "events"
    if not isinstance(leaf, Did):
        return False
    passing = not without_doing(leaf)
    return not _by_bitmaps(leaf, scope, days_of(leaf.range, scope), passing=passing)


def reads_events(leaf: Leaf, scope: Scope) -> bool:
    """Whether the persons of a condition are found by reading rows of its events, which can be read of some
    users alone; False where bitmaps answer, or where they were found for the same data before."""
    if not by_rows(leaf, scope):
        return False
    turned = isinstance(leaf, Did) and without_doing(leaf)
    return not KEPT.has(scope, f"not {_key(leaf, scope)}" if turned else _key(leaf, scope))


def rows_of(leaf: Did | Timed, scope: Scope) -> int | None:
    """How many rows a condition that reads events has to look at; None where the rollups do not know."""
    first, last = days_of(leaf.range, scope) if isinstance(leaf, Did) else (EARLIEST, LATEST)
    names = leaf.event if isinstance(leaf.event, tuple) else (leaf.event,)
    days = [ActiveDays(scope, EventStep(event=name), first, last) for name in names]
    if first > last or any(each.plan().source == "events" for each in days):
        return 0 if first > last else None
    return sum(day.events for each in days for day in each.counts().values())


def at_most(leaf: Did | Timed, scope: Scope) -> BitMap | None:
    """Of a condition that reads events: persons outside whom nobody can pass it, from bitmaps alone; None where
    these do not say. The set is shared: do not change it."""
    if isinstance(leaf, Did) and without_doing(leaf):
        return None
    first, last = days_of(leaf.range, scope)
    if first > last:
        return BitMap()
    active = ActiveDays(scope, EventStep(event=leaf.event), first, last)
    if active.plan().source == "events":
        return None
    key = f"at most {leaf.event} {first} {last}"
    return KEPT.get(scope, key, lambda: union(list(active.sets().values())))


def of_fact(name: str, scope: Scope) -> BitMap:
    """The persons of whom a fact says anything."""
    return of_leaf(OfUser(property=name, op="set"), scope)


def days_of(range_: DateRange, scope: Scope) -> Days:
    """The days of a range, as far as they have been."""
    today = scope.now.astimezone(scope.zone).date()
    if range_.preset == "all_time":
        return EARLIEST, today
    days = range_.resolve(scope.now, scope.zone)
    return days.first, days.last_day if scope.before is None else min(days.last_day, today)


@singledispatch
def _found(leaf: Any, scope: Scope) -> BitMap:
    raise TypeError(leaf)


@_found.register
def _(leaf: Did, scope: Scope) -> BitMap:
    if without_doing(leaf):
        return everyone(scope) - left_out(leaf, scope)
    return _who_did(leaf, scope, days_of(leaf.range, scope), passing=True)


def _who_did(leaf: Did, scope: Scope, days: Days, *, passing: bool) -> BitMap:
    """Of those who did the event, who passes the test, or who does not."""
    if days[0] > days[1]:
        return BitMap()
    if not _by_bitmaps(leaf, scope, days, passing=passing):
        return _by_events(leaf, scope, days, passing=passing)
    sets = list(ActiveDays(scope, _step(leaf), *days).sets().values())
    return union(sets) if leaf.measure == "times" else _on_days(leaf, sets, passing)


def _by_bitmaps(leaf: Did, scope: Scope, days: Days, *, passing: bool) -> bool:
    """Whether who was active on which day says who passes."""
    if leaf.filters or not (leaf.measure == "days" or _settled_by_once(leaf, passing)):
        return False
    return ActiveDays(scope, _step(leaf), *days).plan().source != "events"


def _settled_by_once(leaf: Did, passing: bool) -> bool:
    """Whether everybody who did the event at all is meant."""
    if leaf.measure != "times" or leaf.holds(1) != passing:
        return False
    if passing:
        return leaf.op == "gte" and leaf.least() <= 1
    return leaf.op == "none" or (leaf.op in ("lte", "eq") and leaf.least() == 0)


def _on_days(leaf: Did, sets: list[BitMap], passing: bool) -> BitMap:
    planes: list[BitMap] = []
    for persons in sets:
        count_once(planes, persons)
    return union([who for days, who in by_number(planes) if leaf.holds(days) == passing])


def _by_events(leaf: Did, scope: Scope, days: Days, *, passing: bool) -> BitMap:
    values = scope.values()
    test = _test_sql(leaf, values)
    pieces = {
        "person": scope.person,
        "figure": _figure_sql(leaf, values),
        "condition": _step(leaf).sql(values, scope.person),
        "test": test if passing else f"not ({test})",
        "within": within_sql(scope, values),
        **_bounds(days, scope, values),
    }
    return asked(scope, "did", values, pieces)


def _figure_sql(leaf: Did, values: Values) -> str:
    if leaf.measure == "times":
        return "count()"
    if leaf.measure == "days":
        return "uniqExact(toDate(ts, {timezone:String}))"
    assert leaf.property is not None
    number = number_sql(leaf.property, "event", values)
    kept = f"if(isFinite({number}), {number}, null)"
    return f"sum({kept})" if leaf.measure == "sum" else f"avg({kept})"


def _test_sql(leaf: Did, values: Values) -> str:
    low = values.number(leaf.least())
    if leaf.op == "none":
        return "figure = 0"
    if leaf.op == "between":
        assert leaf.high is not None
        return f"ifNull(figure >= {low} and figure <= {values.number(leaf.high)}, 0)"
    sign = {"gte": ">=", "lte": "<=", "eq": "="}[leaf.op]
    return f"ifNull(figure {sign} {low}, 0)"


def _step(leaf: Did | Timed) -> EventStep:
    return EventStep(event=leaf.event, filters=leaf.filters)


def _bounds(days: Days, scope: Scope, values: Values) -> dict[str, str]:
    begin, after = (midnight(day, scope.zone) for day in (days[0], days[1] + timedelta(days=1)))
    return {
        "begin": values.instant(milliseconds(begin)),
        "after": values.instant(milliseconds(after)),
    }


@_found.register
def _(leaf: Timed, scope: Scope) -> BitMap:
    days = days_of(leaf.range, scope)
    if days[0] > days[1]:
        return BitMap()
    if not leaf.filters:
        kept = ActiveDays(scope, _step(leaf))
        if kept.plan().source != "events":
            return _timed_by_days(leaf, kept.sets(), days)
    values = scope.values()
    pieces = {
        "person": scope.person,
        "figure": "min(ts)" if leaf.who == "first" else "max(ts)",
        "condition": _step(leaf).sql(values, scope.person),
        "within": within_sql(scope, values),
        **_bounds(days, scope, values),
    }
    return asked(scope, "timed", values, pieces)


def _timed_by_days(leaf: Timed, sets: dict[date, BitMap], days: Days) -> BitMap:
    inside = union([each for day, each in sets.items() if days[0] <= day <= days[1]])
    beyond = [
        each
        for day, each in sets.items()
        if (day < days[0] if leaf.who == "first" else day > days[1])
    ]
    return inside - union(beyond)


@_found.register
def _(leaf: OfUser, scope: Scope) -> BitMap:
    values = scope.values()
    condition = Condition(property=leaf.property, op=leaf.op, value=leaf.value, of="user")
    chosen, negated = chosen_sql(condition, values)
    found = asked(scope, "chosen", values, {"chosen": chosen})
    return everyone(scope) - found if negated else found


@_found.register
def _(leaf: Sequence, scope: Scope) -> BitMap:
    first, last = days_of(leaf.range, scope)
    first = max(first, _first_day(scope))
    if first > last:
        return BitMap()
    steps = [each.model_dump(mode="json", by_alias=True) for each in leaf.steps]
    document = FUNNEL.document.model_validate(
        {
            "kind": "funnel",
            "product": scope.slug,
            "steps": steps,
            "window": leaf.window,
            "range": absolute(first, last).model_dump(
                mode="json", by_alias=True, exclude_none=True
            ),
        }
    )
    found = FUNNEL.people(document, scope, {"step": len(steps)}, ALL, 0)
    return BitMap(found.persons)


@_found.register
def _(leaf: Behind, scope: Scope) -> BitMap:
    analysis, question = parse_question(leaf.question)
    scope = replace(scope, now=question.as_of(scope.now))
    resolved = question.resolve(scope, _first_day(scope))
    return BitMap(analysis.people(resolved, scope, leaf.selection, ALL, 0).persons)


def _first_day(scope: Scope) -> date:
    """The day of the first event; today where there is none."""
    values = scope.values()
    row = scope.ask(statement(SQL / "first.sql"), values).to_pylist()[0]
    if not row["events"]:
        return scope.now.astimezone(scope.zone).date()
    at = row["at"]
    day: date = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(scope.zone).date()
    return day
