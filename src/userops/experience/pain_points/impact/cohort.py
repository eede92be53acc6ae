"""Cases and controls of a comparison, gathered day by day.

A case is a person on their index day: the first day on which they were hit. Controls of that day are the others who
were there on it and had not been hit until its end. Whether somebody is hit later does not matter: it is not known yet.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from pyroaring import BitMap

from userops.experience.pain_points.definition import Trait
from userops.experience.pain_points.impact.hits import ByDay, Hits, index_days
from userops.experience.pain_points.impact.ledger import Array, Past, Today, number_of, persons
from userops.stats.matching import Moments, thin

ACTIVITY = (1, 3, 8)
TENURE = (7, 30)
TRAITS = ("activity", "value", "tenure")
_SEED = 20_261_127


@dataclass(frozen=True, slots=True)
class Cohort:
    """Parallel arrays of all rows that may be compared, thinned: at most ten controls of a stratum for each case,
    but up to twenty. `pool`: the sums of each trait over all others, before that."""

    stratum: Array
    case: Array
    person: Array
    day: Array
    traits: dict[str, Array]
    outcomes: dict[str, Array]
    pool: dict[str, Moments]
    cases: int
    """Persons with an index day in the range."""
    absent: int
    """Of these, not there by the core action on that day, or not among those who are compared."""
    young: int
    """Of these, with days after the index day that are not over."""
    value: float
    """Paid by all cases before their index day."""


@dataclass
class Gathering:
    """Fed with each day of the walk."""

    past: Past
    hits: Hits
    matched: tuple[Trait, ...]
    fresh: ByDay = field(init=False)
    seen: BitMap = field(default_factory=BitMap)
    rows: list[dict[str, Array]] = field(default_factory=list)
    pool: dict[str, Moments] = field(default_factory=dict)
    counts: dict[str, float] = field(
        default_factory=lambda: {"cases": 0, "absent": 0, "young": 0, "value": 0.0}
    )

    def __post_init__(self) -> None:
        self.fresh = index_days(self.hits.hit)

    def take(self, today: Today) -> None:
        fresh = self.fresh.get(today.day, BitMap())
        self.seen |= fresh
        there = self.past.core.get(today.day, BitMap())
        if self.hits.among is not None:
            there = there & self.hits.among.get(today.day, BitMap())
        cases = fresh & there
        self.counts["cases"] += len(fresh)
        self.counts["absent"] += len(fresh) - len(cases)
        self.counts["value"] += float(today.paid[persons(fresh)].sum())
        if not today.followed:
            self.counts["young"] += len(cases)
        elif cases:
            self._compare(today, cases, there - self.seen)

    def _compare(self, today: Today, cases: BitMap, others: BitMap) -> None:
        person = np.concatenate([persons(cases), persons(others)])
        case = np.arange(person.size) < len(cases)
        traits = self._traits(today, person)
        stratum = self._strata(today, person, traits, ~case)
        for name, values in traits.items():
            self.pool[name] = self.pool.get(name, Moments()) + Moments.of(values[~case])
        chance = np.random.default_rng([_SEED, number_of(today.day)]).random(person.size)
        keep = thin(stratum, case, chance)
        later, paid_later = today.later[person], today.paid_later[person]
        row: dict[str, Any] = {
            "stratum": stratum, "case": case, "person": person,
            "day": np.full(person.size, number_of(today.day)),
            "gone": (later == 0).astype(float), "active": later.astype(float), "paid": paid_later,
            **{f"trait:{name}": values for name, values in traits.items()},
        }  # fmt: skip
        self.rows.append({name: values[keep].copy() for name, values in row.items()})

    def _traits(self, today: Today, person: Array) -> dict[str, Array]:
        code = self._platform(today, person)
        found: dict[str, Array] = {
            "activity": today.recent[person].astype(float),
            "value": today.paid[person],
            "tenure": (number_of(today.day) - self.past.first_day[person]).astype(float),
        }
        for place, name in enumerate(self.past.platforms, 1):
            found[f"platform:{name}"] = (code == place).astype(float)
        return found

    def _platform(self, today: Today, person: Array) -> Array:
        known = self.past.platform_day[person] <= number_of(today.day)
        return np.where(known, self.past.platform[person], 0)

    def _strata(self, today: Today, person: Array, traits: dict[str, Array], other: Array) -> Array:
        """The day, and the band of each trait that is matched."""
        paying = traits["value"][other & (traits["value"] > 0)]
        middle = float(np.median(paying)) if paying.size else 0.0
        bands = {
            "activity": np.searchsorted(ACTIVITY, traits["activity"], side="right"),
            "value": (traits["value"] > 0).astype(int) + (traits["value"] > max(middle, 0.0)),
            "tenure": np.searchsorted(TENURE, traits["tenure"], side="right"),
            "platform": self._platform(today, person),
        }
        code = np.full(person.size, number_of(today.day), np.int64)
        for name in self.matched:
            code = code * 16 + bands[name]
        return code

    def cohort(self) -> Cohort:
        names = self.rows[0] if self.rows else {}
        joined = {name: np.concatenate([row[name] for row in self.rows]) for name in names}
        none = np.zeros(0)
        return Cohort(
            stratum=joined.get("stratum", none.astype(np.int64)),
            case=joined.get("case", none.astype(bool)),
            person=joined.get("person", none.astype(np.int64)),
            day=joined.get("day", none.astype(np.int64)),
            traits={
                name.removeprefix("trait:"): values
                for name, values in joined.items()
                if name.startswith("trait:")
            },
            outcomes={name: joined.get(name, none) for name in ("gone", "active", "paid")},
            pool=dict(self.pool),
            cases=int(self.counts["cases"]),
            absent=int(self.counts["absent"]),
            young=int(self.counts["young"]),
            value=self.counts["value"],
        )
