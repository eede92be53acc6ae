"""The counts of a lifecycle from the daily rollups: sets of persons by unit."""

from __future__ import annotations

from datetime import date

from pyroaring import BitMap

from userops.analyses.lifecycle.document import Lifecycle
from userops.analyses.lifecycle.units import number_of
from userops.query.active import ActiveDays, union
from userops.query.plan import Plan
from userops.query.scope import Scope
from userops.query.steps import ANY_EVENT, EventStep


def plan(document: Lifecycle, scope: Scope) -> Plan:
    return _active(document, scope, document.range.last_day).plan(document.filters)


def counts(document: Lifecycle, scope: Scope, last: date) -> dict[int, dict[str, int]]:
    """By number of unit up to the one that ends with `last`: who was active, for how many of them it was
    the first unit ever, and how many were active in the unit before."""
    units = _by_unit(document, _active(document, scope, last))
    firsts = units
    if document.new_by == "any_event" and document.event != ANY_EVENT:
        anything = ActiveDays(scope, EventStep(event=ANY_EVENT), last=last)
        firsts = _by_unit(document, anything)
    found, seen, nobody = {}, BitMap(), BitMap()
    for number in sorted({*units, *firsts}):
        now = units.get(number, nobody)
        found[number] = {
            "active": len(now),
            "new": len(now) - now.intersection_cardinality(seen),
            "returning": now.intersection_cardinality(units.get(number - 1, nobody)),
        }
        seen |= firsts.get(number, nobody)
    return found


def _active(document: Lifecycle, scope: Scope, last: date) -> ActiveDays:
    return ActiveDays(scope, EventStep(event=document.event), last=last)


def _by_unit(document: Lifecycle, active: ActiveDays) -> dict[int, BitMap]:
    groups: dict[int, list[BitMap]] = {}
    for day, persons in active.sets().items():
        groups.setdefault(number_of(day, document.unit), []).append(persons)
    return {number: union(sets) for number, sets in groups.items()}
