"""What every part of a journey needs, and what it returns: batches of events of one name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from userops.demo.people import Bools, Floats, Generator, Ints, People
from userops.demo.plan import Plan
from userops.demo.visits import Visits
from userops.demo.world import PERSONAS


@dataclass(frozen=True)
class Coded:
    """A column of few distinct texts: `names[codes[i]]`."""

    names: Sequence[str]
    codes: Ints


@dataclass(frozen=True)
class Batch:
    """Events of one name. `key` orders the events of one visit; the arrays are parallel."""

    event: str
    visit: Ints
    key: Floats
    properties: dict[str, Coded | Ints | Floats] = field(default_factory=dict)
    amount: Floats | None = None


@dataclass(frozen=True)
class Scene:
    """The visits with what is known about each, and the source of chance."""

    rng: Generator
    plan: Plan
    people: People
    visits: Visits
    persona: Ints
    """Of each visit; −1 for bots."""
    bot: Bools
    settled: Bools
    """Logged in from the first moment of the visit on."""
    bad_release: Bools

    def trait(self, name: str) -> Floats:
        """A number of the persona of each visit; 0 for bots."""
        values = np.array([getattr(persona, name) for persona in PERSONAS] + [0.0])
        return np.asarray(values[self.persona])

    def happens(self, chance: Floats | float, where: Bools | None = None) -> Ints:
        """Indices of the visits in which something of this chance happens; never for bots."""
        hit = (self.rng.random(self.visits.size) < chance) & ~self.bot
        return np.flatnonzero(hit if where is None else hit & where)

    def at(self, visit: Ints, key: float) -> Floats:
        """The same place in the journey for all of these visits."""
        return np.full(visit.size, key)

    def choice(
        self, names: Sequence[str], size: int, shares: Sequence[float] | None = None
    ) -> Coded:
        """Independent draws of one of `names`."""
        return Coded(names, self.rng.choice(len(names), size, p=shares).astype(np.int64))


def make_scene(rng: Generator, plan: Plan, people: People, visits: Visits) -> Scene:
    person = visits.person
    bad = np.array(
        [release.version == "3.2.0" and release.platform == 1 for release in plan.releases]
    )
    return Scene(
        rng=rng,
        plan=plan,
        people=people,
        visits=visits,
        persona=people.persona[person],
        bot=people.is_bot[person],
        settled=visits.known & ~visits.wall,
        bad_release=bad[visits.release] & ~people.is_bot[person],
    )
