"""Properties of a user that are kept with an answer, as they were then.

Beside an anonymous answer only what many others share: at least `LEAST` users of the product have all of it at that
moment, so that nobody is found again by it, whoever reads the database.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from userops.audience.people import scope_of
from userops.events import profiles, store
from userops.events.catalogue import personal_of
from userops.events.identity import uids_of
from userops.experience.surveys.models import Survey
from userops.experience.surveys.results.hiding import LEAST
from userops.segments import evaluate, parse

LONGEST = 100


def carries_of(survey: Survey) -> list[str]:
    """The properties that its answers carry. Results are parted by them before everybody who may see figures, so
    what says who somebody is (decision 19) is none of them, also where that was decided later."""
    personal = personal_of(survey.product_id)
    return [name for name in survey.carries if ("user", name) not in personal]


def carried(survey: Survey, person: int | None) -> dict[str, str]:
    """What is kept with an answer of a person, in the order of the survey's settings."""
    if person is None or not survey.carries:
        return {}
    known = profiles.of_person(survey.product_id, uids_of(survey.product_id, person))
    there = {name: known[name] for name in carries_of(survey) if known.get(name) is not None}
    if survey.anonymous:
        there = _shared(survey, there)
    return {name: str(value)[:LONGEST] for name, value in there.items()}


def _shared(survey: Survey, there: Mapping[str, Any]) -> dict[str, Any]:
    """As many of the properties, from the first on, as enough users have together."""
    names = [name for name, value in there.items() if isinstance(value, str | int | float)]
    for count in range(len(names), 0, -1):
        kept = {name: there[name] for name in names[:count]}
        if _how_many(survey, kept) >= LEAST:
            return kept
    return {}


def _how_many(survey: Survey, kept: Mapping[str, Any]) -> int:
    conditions = [{"who": "user", "property": name, "value": value} for name, value in kept.items()]
    wanted = {"product": survey.product.slug, "where": {"and": conditions}}
    return len(evaluate(parse(wanted), scope_of(store.current(), survey.product)))
