"""A pain point with a price: of those who meet a crash, some never come back. And the pain points that the demo keeps.

The other things that people complain of (delivery, coupons, goods that are not found) make nobody leave.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa

from userops.demo.people import Bools
from userops.demo.scene import Scene
from userops.demo.stream import EVENT_NAMES, Rows
from userops.demo.visits import Visits

T = TypeVar("T", Visits, Rows)
LEAVES = 0.3
"""Chance that a person never comes back after the visit of their first crash."""


def leave_after_crashes(seed: int, scene: Scene, rows: Rows) -> tuple[Scene, Rows]:
    """The company without the later visits of those who leave. Chance of its own, so that all else stays."""
    rng = np.random.Generator(np.random.PCG64([seed, 7]))
    person, last = _leaving(rng, scene, rows)
    until = np.full(scene.people.size, np.iinfo(np.int64).max)
    until[person] = scene.visits.start[last]
    stays = scene.visits.start <= until[scene.visits.person]
    place = np.cumsum(stays) - 1
    kept = stays[rows.visit]
    left = _where(rows, kept)
    return (
        replace(
            scene,
            visits=_where(scene.visits, stays),
            persona=scene.persona[stays],
            bot=scene.bot[stays],
            settled=scene.settled[stays],
            bad_release=scene.bad_release[stays],
        ),
        replace(left, visit=place[left.visit]),
    )


def _leaving(rng: np.random.Generator, scene: Scene, rows: Rows) -> tuple[Any, Any]:
    """Who leaves, and the visit of their first crash."""
    visit = np.unique(rows.visit[rows.kind == EVENT_NAMES.index("crash")])
    visit = visit[np.lexsort((scene.visits.start[visit], scene.visits.person[visit]))]
    person, first = np.unique(scene.visits.person[visit], return_index=True)
    leaves = rng.random(person.size) < LEAVES
    return person[leaves], visit[first[leaves]]


def _where(given: T, which: Bools) -> T:
    """The same with some of its elements only."""
    found = {}
    for each in fields(given):
        values = getattr(given, each.name)
        found[each.name] = (
            values.filter(pa.array(which)) if isinstance(values, pa.Array) else values[which]
        )
    return replace(given, **found)


def tell_pain(scene: Scene, rows: Rows) -> dict[str, Any]:
    """Of those whose first crash lies at least 15 days before the end: how many had no event on the 14 days after
    that day; and of everybody, on any day of theirs so long before the end."""
    day = (rows.ts - scene.plan.start_ms) // 86_400_000
    person = scene.visits.person[rows.visit]
    there = np.zeros((scene.people.size, scene.plan.days), dtype=bool)
    there[person, day] = True
    crashed = rows.kind == EVENT_NAMES.index("crash")
    first = np.full(scene.people.size, scene.plan.days)
    np.minimum.at(first, person[crashed], day[crashed])
    met = np.flatnonzero(first < scene.plan.days - 14)
    gone = [not there[each, first[each] + 1 : first[each] + 15].any() for each in met]
    return {
        "event": "crash",
        "planned": {"leaves": LEAVES},
        "realised": {"met": int(met.size), "gone_14_days": int(np.sum(gone))},
    }
