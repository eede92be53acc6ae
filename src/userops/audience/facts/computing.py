"""Facts of all persons from their events: what `oracle.py` says the slow way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from userops.analyses.rfm.document import Rfm
from userops.analyses.rfm.groups import NAMES
from userops.analyses.rfm.scoring import scored
from userops.audience.facts.definitions import (
    RFM_DAYS,
    TIMEOUT_MS,
    WINDOWS,
    day_text,
    number_text,
)
from userops.events.person_set import PersonSet, held
from userops.query.active import ActiveDays, union
from userops.query.dates import EARLIEST, absolute, midnight, milliseconds
from userops.query.filters import MOMENT, number_sql, text_sql
from userops.query.scope import Scope
from userops.query.sql import Values, statement
from userops.query.steps import ANY_EVENT, EventStep

SQL = Path(__file__).parent / "sql"
EVENTS_AT_ONCE = 10_000_000
_EPOCH = date(1970, 1, 1).toordinal()

Facts = dict[str, dict[int, str]]
"""By name of the fact: the value of each person that has one."""
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What facts are computed of. `category`: empty where the product has no such property."""

    as_of: date
    value_property: str
    category: str
    lifecycle_days: int
    events: int
    """How many events there are, which decides in how many parts they are read."""


def computed(scope: Scope, wanted: Wanted) -> Facts:
    """All facts of everybody with an event up to the as-of day."""
    return _whole(scope, wanted, _own(scope, wanted, None))


def renewed(scope: Scope, wanted: Wanted, before: Facts, persons: Sequence[int]) -> Facts:
    """All facts of everybody, of which only those of these persons are read from events anew; `before`: what the
    last refresh found, with the same settings."""
    with held(scope.engine, persons) as those:
        anew = _own(scope, wanted, those)
    gone = set(persons)
    kept = {
        name: {
            person: value for person, value in before.get(name, {}).items() if person not in gone
        }
        for name in anew
    }
    return _whole(scope, wanted, {name: kept[name] | values for name, values in anew.items()})


def _whole(scope: Scope, wanted: Wanted, own: Facts) -> Facts:
    """With what follows from the day as well: from the rollups, and from how people stand to each other."""
    persons = list(own["$first_seen"])
    first = [
        date.fromisoformat(own["$first_seen"][person]).toordinal() - _EPOCH for person in persons
    ]
    return {
        **own,
        **_active_days(scope, wanted, persons),
        "$lifecycle": _lifecycle(scope, wanted, persons, first),
        "$rfm": _rfm(scope, wanted),
    }


def _own(scope: Scope, wanted: Wanted, those: PersonSet | None) -> Facts:
    """What follows from nothing but the events of each person."""
    table = _persons(scope, wanted, those)
    persons = table["person"]
    found = {
        "$first_seen": _texts(persons, table["first_day"], _day),
        "$last_seen": _texts(persons, table["last_day"], _day),
        "$events": _texts(persons, table["events"], str),
        "$sessions": _texts(persons, table["sessions"], str),
        "$amount": _texts(persons, table["amount"], number_text),
        "$first_channel": {
            person: text
            for person, text in zip(persons, table["first_channel"], strict=True)
            if text
        },
    }
    return found | _most(scope, wanted, those)


def _whose(scope: Scope, those: PersonSet | None, values: Values) -> str:
    if those is None:
        return "1"
    return f"{scope.person} in (select person from {values.identifier(those.name)})"  # noqa: S608 - a placeholder


def _day(number: int) -> str:
    return day_text(date.fromordinal(_EPOCH + number))


def _texts(persons: list[int], values: list[Any], text: Any) -> dict[int, str]:
    return {person: text(value) for person, value in zip(persons, values, strict=True)}


def after(scope: Scope, wanted: Wanted) -> int:
    """The end of the as-of day."""
    return milliseconds(midnight(wanted.as_of + timedelta(days=1), scope.zone))


def _persons(scope: Scope, wanted: Wanted, those: PersonSet | None) -> dict[str, list[Any]]:
    parts = wanted.events // EVENTS_AT_ONCE + 1
    found: dict[str, list[Any]] = {}
    for part in range(parts):
        values = scope.values()
        pieces = {
            "person": scope.person,
            "after": values.instant(after(scope, wanted)),
            "timeout": values.whole(TIMEOUT_MS),
            "value": number_sql(wanted.value_property, "event", values),
            "parts": values.add(parts, "UInt32"),
            "part": values.add(part, "UInt32"),
            "whose": _whose(scope, those, values),
        }
        table = scope.ask(statement(SQL / "persons.sql", pieces), values)
        for name, column in table.to_pydict().items():
            found.setdefault(name, []).extend(column)
    return found


def _active_days(scope: Scope, wanted: Wanted, persons: list[int]) -> Facts:
    """Days with any event in each window, from the rollups where they count."""
    first = wanted.as_of - timedelta(days=max(WINDOWS) - 1)
    sets = ActiveDays(scope, EventStep(event=ANY_EVENT), first, wanted.as_of).sets()
    counts = np.zeros(max(persons, default=0) + 1, np.int64)
    found: Facts = {}
    for since, window in pairwise((0, *sorted(WINDOWS))):
        for back in range(since, window):
            day = sets.get(wanted.as_of - timedelta(days=back))
            if day:
                counts[np.asarray(day.to_array(), np.int64)] += 1
        found[f"$active_days_{window}"] = {person: str(counts[person]) for person in persons}
    return found


def _lifecycle(
    scope: Scope, wanted: Wanted, persons: list[int], first_days: list[int]
) -> dict[int, str]:
    """The state of each person, as `definitions` says."""
    span = timedelta(days=wanted.lifecycle_days)
    begin = wanted.as_of - span + timedelta(days=1)
    sets = ActiveDays(scope, EventStep(event=ANY_EVENT), begin - span, wanted.as_of).sets()
    now = union([each for day, each in sets.items() if day >= begin])
    before = union([each for day, each in sets.items() if day < begin])
    new_from = begin.toordinal() - _EPOCH
    return {
        person: _state(person in now, person in before, first >= new_from)
        for person, first in zip(persons, first_days, strict=True)
    }


def _state(now: bool, before: bool, new: bool) -> str:
    if now:
        return "$new" if new else "$returning" if before else "$resurrected"
    return "$dormant" if before else "$inactive"


def _rfm(scope: Scope, wanted: Wanted) -> dict[int, str]:
    first = max(wanted.as_of - timedelta(days=RFM_DAYS - 1), EARLIEST)
    range_ = absolute(first, wanted.as_of)
    document = Rfm.model_validate(
        {
            "product": scope.slug,
            "event": ANY_EVENT,
            "monetary": {"property": wanted.value_property},
            "filters": [{"property": wanted.value_property, "op": "set"}],
            "range": range_,
        }
    )
    found = scored(document, scope, range_)
    return {
        int(person): f"${NAMES[place]}"
        for person, place in zip(found.person, found.group, strict=True)
    }


def _most(scope: Scope, wanted: Wanted, those: PersonSet | None) -> Facts:
    """What each person's events carry most often."""
    asked: Mapping[str, str] = {
        "$preferred_hour": "$hour",
        "$preferred_weekday": "$weekday",
        "$main_platform": "platform",
        "$favourite": wanted.category,
    }
    found: Facts = {}
    for name, property_ in asked.items():
        if not property_:
            found[name] = {}
            continue
        values = scope.values()
        pieces = {
            "person": scope.person,
            "after": values.instant(after(scope, wanted)),
            "text": _text(property_, values),
            "whose": _whose(scope, those, values),
        }
        table = scope.ask(statement(SQL / "most.sql", pieces), values).to_pydict()
        found[name] = dict(zip(table["person"], table["value"], strict=True))
    return found


def _text(property_: str, values: Values) -> str:
    moment = MOMENT.get(property_)
    return moment.sql if moment else text_sql(property_, "event", values)
