"""The net promoter score: of answers from 0 to 10, the share of 9 and 10 less the share of 0 to 6.

Cut-offs: Reichheld (2003). Interval: adjusted Wald, three answers added, of which ¾ are promoters and
¾ detractors; it covers best of those compared by Rocks, The American Statistician 70:4 (2016). The plain
Wald interval says ±0 when everybody is a promoter.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

import scipy

from userops.stats.comparisons import Difference
from userops.stats.proportions import Z95

LOWEST, HIGHEST = 0, 10
PASSIVE_FROM, PROMOTER_FROM = 7, 9
_ADDED, _EACH = 3.0, 0.75


@dataclass(frozen=True, slots=True)
class Nps:
    """How many answered what. They add up: of two waves, the sum of each."""

    promoters: int = 0
    passives: int = 0
    detractors: int = 0

    def __add__(self, other: Nps) -> Nps:
        return Nps(
            self.promoters + other.promoters,
            self.passives + other.passives,
            self.detractors + other.detractors,
        )

    @property
    def answered(self) -> int:
        return self.promoters + self.passives + self.detractors

    @property
    def score(self) -> float | None:
        """From −100 to 100; None while nobody has answered."""
        count = self.answered
        return 100 * (self.promoters - self.detractors) / count if count else None


def counted(scores: Iterable[int]) -> Nps:
    """Answers by group. Raises `ValueError` for one outside 0…10."""
    groups = [0, 0, 0]
    for score in scores:
        if not LOWEST <= score <= HIGHEST:
            raise ValueError(f"an NPS answer is 0 to 10, got {score}")
        groups[(score >= PASSIVE_FROM) + (score >= PROMOTER_FROM)] += 1
    return Nps(promoters=groups[2], passives=groups[1], detractors=groups[0])


def wald_margin(nps: Nps, z: float = Z95) -> float | None:
    """Half the width of the plain Wald interval, in points; for comparison with other tools."""
    if not nps.answered:
        return None
    return 100 * z * sqrt(_variance(nps.promoters, nps.detractors, nps.answered))


def adjusted_score(nps: Nps) -> float | None:
    """The centre of the interval, in points; the score itself is that of the answers."""
    if not nps.answered:
        return None
    return 100 * (nps.promoters - nps.detractors) / (nps.answered + _ADDED)


def interval(nps: Nps, z: float = Z95) -> tuple[float, float] | None:
    """Adjusted Wald, within −100…100, 95% by default; None while nobody has answered."""
    centre = adjusted_score(nps)
    if centre is None:
        return None
    half = 100 * z * sqrt(_adjusted_variance(nps))
    return max(-100.0, centre - half), min(100.0, centre + half)


def weighted_interval(
    promoters: float, detractors: float, effective: float, z: float = Z95
) -> tuple[float, float] | None:
    """Of weighted shares (0…1) that rest on so many answers in effect (Kish)."""
    if effective <= 0:
        return None
    total = effective + _ADDED
    up, down = promoters * effective + _EACH, detractors * effective + _EACH
    half = 100 * z * sqrt(_variance(up, down, total))
    centre = 100 * (up - down) / total
    return max(-100.0, centre - half), min(100.0, centre + half)


def difference(later: Nps, earlier: Nps, z: float = Z95) -> Difference | None:
    """Later less earlier, in points: interval and two-sided p by the adjusted variances of both, so that
    two unanimous waves are not told apart for certain. `size`: in standard deviations of an answer.
    None while either is empty."""
    if later.score is None or earlier.score is None:
        return None
    var1, var2 = _adjusted_variance(later), _adjusted_variance(earlier)
    value, error = later.score - earlier.score, 100 * sqrt(var1 + var2)
    p = 2 * float(scipy.special.ndtr(-abs(value) / error))
    spread = 100 * sqrt((var1 * later.answered + var2 * earlier.answered) / 2)
    return Difference(value, value - z * error, value + z * error, p, value / spread)


def _variance(promoters: float, detractors: float, count: float) -> float:
    up, down = promoters / count, detractors / count
    # an answer is 1, 0 or −1
    return max(0.0, up + down - (up - down) ** 2) / count


def _adjusted_variance(nps: Nps) -> float:
    return _variance(nps.promoters + _EACH, nps.detractors + _EACH, nps.answered + _ADDED)
