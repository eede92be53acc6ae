"""From assigned persons to the figures of personas."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np

from userops.analyses.personas.assigning import Assigned, assigned
from userops.analyses.personas.document import Personas
from userops.analyses.personas.naming import EVERYONE, LIGHT, names_of
from userops.analyses.personas.tallying import MEANS
from userops.analyses.personas.telling import traits_of
from userops.query.scope import Scope
from userops.stats.clustering import Grouping, Step
from userops.stats.proportions import wilson

LIGHT_ID = "light"


def run(document: Personas, scope: Scope) -> dict[str, Any]:
    return result_of(document, assigned(document, scope))


def group_id(place: int) -> str:
    return f"g{place + 1}"


def result_of(document: Personas, each: Assigned) -> dict[str, Any]:
    found, tally = each.found, each.tally
    grouped = isinstance(found, Grouping)
    users, light = int(tally.persons.sum()), int(tally.persons[-1])
    return {
        "users": users,
        "grouped": users - light,
        "light": light,
        "found": grouped,
        "reason": None if isinstance(found, Grouping) else found.reason,
        "number": each.groups if grouped else None,
        "agreement": found.agreement,
        "criterion": [_step(step) for step in found.curve],
        "features": each.features.as_json(),
        "numbers": list(each.features.numbers),
        "purchase": each.features.purchase,
        "value": _value(each),
        "groups": _groups(each),
    }


def _step(step: Step) -> dict[str, Any]:
    return asdict(step)


def _groups(each: Assigned) -> list[dict[str, Any]]:
    """Those that were found, the largest first, then the light; where none were, all others in one."""
    found, tally = each.found, each.tally
    several = each.groups > 1
    traits = traits_of(tally.grouped(), each.cells) if several else [[]] * each.groups
    groups = [
        {
            **_figures(each, place),
            "group": group_id(place) if isinstance(found, Grouping) else "all",
            "stability": _stability(each, place),
            "certainty": _mean(tally.certainty[place], int(tally.persons[place]))
            if isinstance(found, Grouping)
            else None,
            "traits": traits[place],
        }
        for place in range(each.groups)
    ]
    light = {
        **_figures(each, each.groups),
        "group": LIGHT_ID,
        "name": LIGHT.as_dict(),
        "stability": None,
        "certainty": None,
        "traits": [],
    }
    named = names_of(groups, each.features.numbers) if isinstance(found, Grouping) else [EVERYONE]
    return [
        *({**group, "name": name.as_dict()} for group, name in zip(groups, named, strict=True)),
        light,
    ]


def _stability(each: Assigned, place: int) -> float | None:
    if not isinstance(each.found, Grouping):
        return None
    return each.found.stability[int(each.order[place])]


def _mean(total: float, count: int) -> float | None:
    return float(total) / count if count else None


def _figures(each: Assigned, place: int) -> dict[str, Any]:
    tally = each.tally
    persons, everyone = int(tally.persons[place]), int(tally.persons.sum())
    interval = wilson(persons, everyone)
    value, whole = _value(each, place), _value(each)
    return {
        "users": persons,
        "share": persons / everyone if everyone else None,
        "share_interval": list(interval) if interval else None,
        **{
            name: _mean(tally.sums[place, at], persons)
            for at, name in enumerate(MEANS)
            if name != "value"
        },
        "buyers": int(tally.buyers[place]),
        "value": value,
        "value_per_user": None if value is None else _mean(value, persons),
        "value_share": value / whole if value is not None and whole else None,
        "hours": _shares(each.hours[place]),
        "weekdays": _shares(each.weekdays[place]),
    }


def _value(each: Assigned, place: int | None = None) -> float | None:
    """Of a group or of everyone; None where purchases carry no amounts."""
    if not each.features.valued:
        return None
    sums = each.tally.sums[:, MEANS.index("value")]
    return float(sums.sum() if place is None else sums[place])


def _shares(days: Any) -> list[float] | None:
    whole = float(np.sum(days))
    return [float(part) / whole for part in days] if whole else None
