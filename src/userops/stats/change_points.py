"""When a daily series shifted: weekdays removed, then the XmR chart (Shewhart, Wheeler) and one shift.

All robust to single odd days: medians of weekdays, the median moving range.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt
from statistics import fmean, median

WEEK = 7
LEAST = 28
"""Fewer days cannot tell a shift from a weekday."""
SIDE = 5
"""A shift needs so many days on either side."""
THRESHOLD = 4.5
"""Standard errors between both sides: a false shift in about one of fifty steady series of 60 days."""
LIMIT = 3.14
"""Natural process limits from the median moving range (Wheeler)."""
SIGMA = 0.954
"""The median moving range of a normal series, in standard deviations."""


@dataclass(frozen=True, slots=True)
class Shift:
    """From `place` on the level is `after`; `score` in standard errors."""

    place: int
    before: float
    after: float
    score: float


@dataclass(frozen=True, slots=True)
class Chart:
    """A series without its weekdays, its limits, and the places outside of them."""

    values: tuple[float, ...]
    centre: float
    low: float
    high: float
    outside: tuple[int, ...]


def running_median(values: Sequence[float]) -> list[float]:
    """Of the week around each day; shorter at the ends."""
    return [median(values[max(0, at - 3) : at + 4]) for at in range(len(values))]


def without_weekdays(values: Sequence[float]) -> list[float]:
    """Less the median of its place in the week, measured against a running median of the week."""
    level = running_median(values)
    effects = [
        median(values[at] - level[at] for at in range(day, len(values), WEEK))
        for day in range(min(WEEK, len(values)))
    ]
    middle = fmean(effects) if effects else 0.0
    return [value - (effects[at % WEEK] - middle) for at, value in enumerate(values)]


def moving_sigma(values: Sequence[float]) -> float:
    """The standard deviation from day to day, by the median moving range; a shift does not widen it."""
    ranges = [abs(b - a) for a, b in pairwise(values)]
    found = median(ranges) / SIGMA if ranges else 0.0
    # most days equal, as in rare counts: the mean is then the only measure left
    return found or (fmean(ranges) / 1.128 if ranges else 0.0)


def chart(values: Sequence[float]) -> Chart:
    """The XmR chart of a daily series, weekdays removed where there are two weeks."""
    plain = without_weekdays(values) if len(values) >= 2 * WEEK else list(values)
    centre = median(plain) if plain else 0.0
    reach = LIMIT * SIGMA * moving_sigma(plain)
    outside = tuple(at for at, each in enumerate(plain) if reach and abs(each - centre) > reach)
    return Chart(tuple(plain), centre, centre - reach, centre + reach, outside)


def shift(values: Sequence[float]) -> Shift | None:
    """The clearest shift of level, or None: too few days, or none clear enough.

    The place with the largest difference of means in standard errors (the likelihood ratio of one
    shift), where σ is that from day to day and single odd days are drawn in to 3σ of the running median
    of their week: a median of a whole side would hide a shift inside of it.
    """
    count = len(values)
    if count < LEAST:
        return None
    plain = without_weekdays(values)
    sigma = moving_sigma(plain)
    if not sigma:
        return None
    drawn = _drawn_in(plain, sigma)
    found = [_at(drawn, place, sigma) for place in range(SIDE, count - SIDE + 1)]
    best = max(found, key=lambda each: each.score)
    return best if best.score >= THRESHOLD else None


def _at(drawn: list[float], place: int, sigma: float) -> Shift:
    before, after = drawn[:place], drawn[place:]
    error = sigma * sqrt(1 / len(before) + 1 / len(after))
    low, high = fmean(before), fmean(after)
    return Shift(place, low, high, abs(high - low) / error)


def _drawn_in(values: list[float], sigma: float) -> list[float]:
    middles = running_median(values)
    return [
        min(max(each, middle - 3 * sigma), middle + 3 * sigma)
        for each, middle in zip(values, middles, strict=True)
    ]


def noise_of_means(values: Sequence[float], days0: int, days1: int) -> float | None:
    """95% of differences between means of so many days that day-to-day variation alone would make,
    relative to the level; None below two weeks of history or at level zero."""
    if len(values) < 2 * WEEK:
        return None
    plain = without_weekdays(values)
    level = fmean(plain)
    if not level:
        return None
    return 1.96 * moving_sigma(plain) / abs(level) * sqrt(1 / days0 + 1 / days1)
