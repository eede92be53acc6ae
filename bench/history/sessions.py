"""One day of the shop: who visits, and what happens in each visit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bench.history.catalogue import (
    CART,
    CHECKOUT,
    DAY_MS,
    FIRST_MS,
    HOUR,
    OPEN,
    PAY,
    VIEW,
    browsing,
    pick,
)
from bench.history.people import People

Codes = npt.NDArray[np.int64]
MEAN_EVENTS = 8.4
"""Of a visit; only the first estimate, each day is corrected by what the days before brought."""
FRESH_SHARE = 0.4
"""Of the returning visits, by people who came within the last days; others by people of any age."""
PLOTS = np.array([0.70, 0.17, 0.06, 0.05, 0.02])
"""Browses · puts into the cart · goes to the checkout · pays · comes back to pay for an old cart."""
_TAILS = np.array(
    [[-1, -1, -1], [CART, -1, -1], [CHECKOUT, CART, -1], [PAY, CHECKOUT, CART], [PAY, CHECKOUT, -1]]
)
"""How a visit of each plot ends, from the last event backwards."""


@dataclass(frozen=True)
class Day:
    """Events of one day, one place each, in order of visit and time."""

    user: Codes
    event: Codes
    ms: Codes
    visit: Codes
    """Number of the visit within the day."""


class Visits:
    """Draws the visitors of a day. People are in order of their first day."""

    def __init__(self, random: np.random.Generator, people: People) -> None:
        self._random = random
        self._weights = np.concatenate([[0.0], np.cumsum(people.weight)])
        self._first = np.searchsorted(people.start, np.arange(people.start.max() + 1_000))

    def of(self, day: int, count: int) -> Codes:
        """All who come for the first time, and others until there are `count`."""
        begin, end = self._first[day], self._first[day + 1]
        new = np.arange(begin, end)
        if not end:
            return new
        others = max(count - len(new), 0)
        fresh = int(others * FRESH_SHARE)
        age = np.minimum(self._random.geometric(0.18, fresh), day)
        started = day - age
        low, high = self._first[started], self._first[started + 1]
        some = self._random.integers(low, np.maximum(high, low + 1))
        loyal = self._drawn(end, others - fresh)
        return np.concatenate([new, np.minimum(some, end - 1), loyal])

    def _drawn(self, end: int, count: int) -> Codes:
        places = self._random.random(count) * self._weights[end]
        return np.minimum(np.searchsorted(self._weights, places, side="right") - 1, end - 1)


def make_day(random: np.random.Generator, visitors: Codes, day: int) -> Day:
    count = len(visitors)
    plot = pick(random, PLOTS, count)
    length = random.geometric(1 / 6.5, count) + np.array([1, 3, 4, 5, 3])[plot]
    visit = np.repeat(np.arange(count), length)
    ends = np.cumsum(length)
    total = int(ends[-1]) if count else 0
    codes, edges = browsing()
    event = codes[np.searchsorted(edges, random.random(total))]
    first = ends - length
    event[first] = OPEN
    bought = plot > 0
    event[first[bought & (plot < 4)] + 1] = VIEW
    for back in range(3):
        tail = _TAILS[plot, back]
        event[(ends - 1 - back)[tail >= 0]] = tail[tail >= 0]
    hour = pick(random, HOUR, count)
    begin = hour * 3_600_000 + random.integers(0, 3_600_000, count)
    gap = random.exponential(28_000, total).astype(np.int64)
    # a burst now and then: events of the same millisecond exist in every real history
    gap[random.random(total) < 0.004] = 0
    run = np.cumsum(gap)
    passed = run - np.repeat(run[first] if count else run[:0], length)
    ms = FIRST_MS + day * DAY_MS + np.repeat(begin, length) + passed
    return Day(visitors[visit], event, ms, visit)
