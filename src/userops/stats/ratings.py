"""Answers on a scale of whole numbers: the conventions by which they become one score.

The same answers read 20 of 100 by one convention and 50 by another, so a score never goes without its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import fsum, sqrt

import scipy

from userops.stats.proportions import wilson
from userops.stats.scales import Scale

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Rated:
    """`value` with its 95% interval; None where it is not defined. `hits`: of a share, how many."""

    value: float | None
    interval: Interval | None
    answered: int
    hits: int | None = None


def mean(counts: Mapping[int, int], scale: Scale) -> Rated:
    """Mean with Student's interval, within the scale; the interval is None below two answers, and where all
    say the same: by their spread alone two answers would be as sure as two thousand."""
    count = sum(counts.values())
    if not count:
        return Rated(None, None, 0)
    value = fsum(answer * times for answer, times in counts.items()) / count
    if count < 2:
        return Rated(value, None, count)
    variance = fsum(times * (answer - value) ** 2 for answer, times in counts.items()) / (count - 1)
    if not variance:
        return Rated(value, None, count)
    half = float(scipy.special.stdtrit(count - 1, 0.975)) * sqrt(variance / count)
    # Student's interval may leave the scale, a mean may not
    return Rated(value, (max(scale.low, value - half), min(scale.high, value + half)), count)


def rescaled(counts: Mapping[int, int], scale: Scale) -> Rated:
    """(x̄ − lowest) / (highest − lowest) × 100: 0 if all give the lowest, 100 if all give the highest."""
    return _moved(mean(counts, scale), scale.low, scale.high - scale.low)


def of_highest(counts: Mapping[int, int], scale: Scale) -> Rated:
    """x̄ / highest × 100: never 0 on a scale from 1."""
    return _moved(mean(counts, scale), 0, scale.high)


def top_share(counts: Mapping[int, int], scale: Scale, top: int | None = None) -> Rated:
    """Share of the `top` highest answers in percent, with Wilson's interval."""
    least = scale.high - (scale.top if top is None else top) + 1
    count = sum(counts.values())
    hits = sum(times for answer, times in counts.items() if answer >= least)
    found = wilson(hits, count)
    if found is None:
        return Rated(None, None, 0, 0)
    return Rated(100 * hits / count, (100 * found[0], 100 * found[1]), count, hits)


def _moved(rated: Rated, low: float, span: float) -> Rated:
    if rated.value is None:
        return rated
    ends = rated.interval

    def move(value: float) -> float:
        return (value - low) / span * 100

    return Rated(move(rated.value), ends and (move(ends[0]), move(ends[1])), rated.answered)


def sample_size(
    population: int | None = None, margin: float = 0.05, share: float = 0.5, z: float = 1.96
) -> int:
    """Answers needed for a share ± margin, with the correction for a finite population (Cochran 1977)."""
    from math import ceil

    whole = z * z * share * (1 - share) / (margin * margin)
    if population is None:
        return ceil(whole)
    return min(population, ceil(whole / (1 + (whole - 1) / population))) if population else 0
