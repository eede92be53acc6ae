"""Chance, tamed: scores fall as planned within each group, so that what was not planted is not found either."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from userops.demo.surveys.words import THEMES

Generator = np.random.Generator
Floats = npt.NDArray[np.float64]
WRITES = 0.6
"""So many of those who finish say why."""


def scores(means: Sequence[float], spread: float, low: int, high: int, rng: Generator) -> list[int]:
    """Whole numbers around each mean: those of one mean take the quantiles of the normal distribution, in random
    order."""
    wanted = np.asarray(means, dtype=float)
    found = np.zeros(wanted.size)
    for mean in np.unique(wanted):
        place = np.flatnonzero(wanted == mean)
        found[place] = mean + spread * quantiles(place.size, rng)
    return [int(each) for each in np.clip(np.rint(found), low, high)]


def quantiles(count: int, rng: Generator) -> Floats:
    """`count` values of the standard normal distribution, evenly spread over it, in random order."""
    values = [NormalDist().inv_cdf((at + 0.5) / count) for at in range(count)]
    return np.asarray(values)[rng.permutation(count)]


def why(share: float, rng: Generator, *, incident: bool = False) -> str:
    """What somebody says of a score that lies at `share` of its scale; nothing, for some. After the incident it is
    of payments for half of the dissatisfied."""
    level = "low" if share <= 0.6 else "middle" if share < 0.86 else "high"
    if rng.random() > WRITES:
        return ""
    weights = np.array([getattr(theme, level) for theme in THEMES], dtype=float)
    if incident and level == "low":
        weights[1] = weights.sum() - weights[1]
    theme = THEMES[int(rng.choice(len(THEMES), p=weights / weights.sum()))]
    return str(rng.choice(theme.texts))


def later(at: datetime, hours: float, rng: Generator, before: datetime) -> datetime:
    """An exponential time later, at most to `before`."""
    moment = at + timedelta(hours=float(rng.exponential(hours)) + 0.01)
    return moment if moment < before else at + (before - at) * float(rng.uniform(0.1, 0.9))
