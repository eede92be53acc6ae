"""Exact matching: those to whom something happened (cases) against others of the same stratum to whom it did not.

The difference is that of the cases: the mean of their outcomes less the mean of the controls, each stratum of
controls weighted to its number of cases (average effect on the treated; Imbens 2004, §III). It compares, and is
proof of a cause only as far as nothing beside the strata sets cases and controls apart.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy

from userops.stats.runs import begins

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

LEAST_CONTROLS = 2
"""A stratum with fewer controls tells nothing of how they vary, and is left out."""
LEAST_CASES = 30
"""With fewer matched cases no difference is told."""


@dataclass(frozen=True, slots=True)
class Matching:
    """Which rows are compared. All arrays are parallel to the rows that were matched."""

    stratum: Ints
    """Renumbered from 0."""
    case: Bools
    kept: Bools
    weight: Floats
    """1 for a kept case, cases / controls of its stratum for a kept control, 0 for the rest."""
    cases: int
    matched: int
    controls: int
    strata: int

    @property
    def enough(self) -> bool:
        return self.matched >= LEAST_CASES


@dataclass(frozen=True, slots=True)
class Effect:
    """Means of the outcome and their difference, with its 95% interval. `low`, `high`, `error` and `p` are None
    where the outcome does not vary."""

    of_cases: float
    of_controls: float
    value: float
    low: float | None
    high: float | None
    error: float | None
    p: float | None

    @property
    def certainty(self) -> float:
        """d² / (d² + se²): the share of the difference that shrinking towards nothing leaves; 0 where unknown."""
        if self.error is None or self.value == 0:
            return 0.0
        return self.value**2 / (self.value**2 + self.error**2)


def match(stratum: Ints, case: Bools) -> Matching:
    """Keep the strata with a case and at least two controls. `stratum`: any whole number of each row."""
    names, place = np.unique(stratum, return_inverse=True)
    place = place.astype(np.int64)
    cases = np.bincount(place[case], minlength=names.size)
    controls = np.bincount(place[~case], minlength=names.size)
    usable = (cases > 0) & (controls >= LEAST_CONTROLS)
    kept = usable[place]
    ratio = np.divide(cases, controls, out=np.zeros(names.size), where=usable)
    weight = np.where(case, 1.0, ratio[place]) * kept
    return Matching(
        stratum=place,
        case=case,
        kept=kept,
        weight=weight,
        cases=int(case.sum()),
        matched=int((kept & case).sum()),
        controls=int((kept & ~case).sum()),
        strata=int(usable.sum()),
    )


def thin(stratum: Ints, case: Bools, order: Floats, *, ratio: int = 10, least: int = 20) -> Bools:
    """Which rows to keep so that a stratum has at most `ratio` controls for each case, but up to `least`; those
    with the lowest `order` (drawn by chance) stay. Strata without a case keep nobody."""
    names, place = np.unique(stratum, return_inverse=True)
    cases = np.bincount(place[case], minlength=names.size)
    most = np.where(cases > 0, np.maximum(cases * ratio, least), 0)
    keep = case.copy()
    rows = np.flatnonzero(~case)
    rows = rows[np.lexsort((order[rows], place[rows]))]
    group = place[rows]
    begin = np.flatnonzero(begins(group))
    rank = np.arange(rows.size) - np.repeat(begin, np.diff(np.append(begin, rows.size)))
    keep[rows[rank < most[group]]] = True
    return keep


def difference(matching: Matching, person: Ints, outcome: Floats) -> Effect | None:
    """The difference of an outcome; None with fewer than 30 matched cases.

    Its variance is that of the influence of each row, added up by person, since a person may be a control on
    several days (Lin & Wei's robust variance): (y − m₀ − d) / N for a case, −(n₁ / N)(y − m₀) / n₀ for a control of a
    stratum of n₁ cases and n₀ controls with mean m₀, the latter times √(n₀ / (n₀ − 1)). The interval is by Student's
    t with N − 1 degrees of freedom.
    """
    if not matching.enough:
        return None
    kept, case = matching.kept, matching.case[matching.kept]
    place, y, who = matching.stratum[kept], outcome[kept].astype(np.float64), person[kept]
    size = int(place.max()) + 1
    cases = np.bincount(place[case], minlength=size)
    controls = np.bincount(place[~case], minlength=size)
    sums = np.bincount(place[~case], y[~case], minlength=size)
    means = np.divide(sums, controls, out=np.zeros(size), where=controls > 0)
    total = matching.matched
    mine = float(y[case].mean())
    theirs = float((cases * means).sum() / total)
    found = mine - theirs
    spread = np.sqrt(np.divide(controls, controls - 1, out=np.zeros(size), where=controls > 1))
    share = np.divide(cases, controls * total, out=np.zeros(size), where=controls > 0)
    rest = y - means[place]
    influence = np.where(case, (rest - found) / total, -(share * spread)[place] * rest)
    _, index = np.unique(who, return_inverse=True)
    by_person = np.bincount(index, influence)
    error = math.sqrt(float((by_person**2).sum()) * total / (total - 1))
    return _told(mine, theirs, error, total - 1)


def _told(mine: float, theirs: float, error: float, freedom: int) -> Effect:
    found = mine - theirs
    if error < 1e-12:
        return Effect(mine, theirs, found, None, None, None, None)
    reach = float(scipy.special.stdtrit(freedom, 0.975)) * error
    p = float(2 * scipy.special.stdtr(freedom, -abs(found) / error))
    return Effect(mine, theirs, found, found - reach, found + reach, error, p)


@dataclass(frozen=True, slots=True)
class Moments:
    """Sums of a trait that add up: of whole groups that are not held in memory."""

    count: float = 0.0
    total: float = 0.0
    squares: float = 0.0

    @classmethod
    def of(cls, values: npt.NDArray[Any], weight: Floats | None = None) -> Moments:
        weight = np.ones(values.size) if weight is None else weight
        return cls(
            float(weight.sum()), float((weight * values).sum()), float((weight * values**2).sum())
        )

    def __add__(self, other: Moments) -> Moments:
        return Moments(
            self.count + other.count, self.total + other.total, self.squares + other.squares
        )

    @property
    def mean(self) -> float | None:
        return self.total / self.count if self.count > 0 else None

    @property
    def variance(self) -> float:
        if self.count <= 0:
            return 0.0
        return max(0.0, self.squares / self.count - (self.total / self.count) ** 2)


def standardised(cases: Moments, controls: Moments, scale: float) -> float | None:
    """The standardised mean difference (Austin 2009): the difference of the means over `scale`; None where either
    is empty, or nothing varies while the means differ."""
    if cases.mean is None or controls.mean is None:
        return None
    apart = cases.mean - controls.mean
    if scale <= 0:
        return 0.0 if abs(apart) < 1e-12 else None
    return apart / scale


def scale_of(cases: Moments, controls: Moments) -> float:
    """√((s₁² + s₀²) / 2), taken before matching and kept after it, so that both are comparable."""
    return math.sqrt((cases.variance + controls.variance) / 2)
