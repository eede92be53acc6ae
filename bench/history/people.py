"""The users: when they come, how active they are, which ids they have, where they live."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bench.history.catalogue import (
    CHANNEL_SHARE,
    CHANNELS,
    COUNTRIES,
    DAYS,
    GROWTH,
    PLACES,
    PLATFORM_SHARE,
    PLATFORMS,
    pick,
    zipf,
)

EVENTS_PER_USER = 32
KNOWN, ANONYMOUS, MERGED = 0, 1, 2
KIND_SHARE = np.array([0.40, 0.45, 0.15])
"""Always logged in; never logged in; anonymous first, then known: merged identities."""
Codes = npt.NDArray[np.int64]


@dataclass(frozen=True)
class People:
    """Columns, one place per user, in order of the day on which they come."""

    start: Codes
    """Day of the first visit, from 0."""
    weight: npt.NDArray[np.float64]
    """How often they come back: lognormal, so a few are there all the time."""
    kind: Codes
    log_in: Codes
    """The day from which a merged user is known."""
    platform: Codes
    channel: Codes
    place: Codes
    country: Codes
    number: Codes
    """What the id of a known user is made of."""

    @property
    def count(self) -> int:
        return len(self.start)


def make_people(random: np.random.Generator, events: int) -> People:
    count = max(events // EVENTS_PER_USER, 50)
    # a fifth of the users is there from the first week on: a shop does not begin with the history
    arriving = np.concatenate([[3.0] * 7, 1.0 + GROWTH * np.arange(DAYS - 7) / DAYS])
    start = np.sort(pick(random, arriving, count))
    kind = pick(random, KIND_SHARE, count)
    return People(
        start=start,
        weight=random.lognormal(0.0, 1.3, count),
        kind=kind,
        log_in=start + random.geometric(0.25, count) - 1,
        platform=pick(random, PLATFORM_SHARE, count) % len(PLATFORMS),
        channel=pick(random, CHANNEL_SHARE, count) % len(CHANNELS),
        place=zipf(random, len(PLACES), count, 0.7),
        country=np.minimum(zipf(random, len(COUNTRIES), count, 6.0), len(COUNTRIES) - 1),
        number=10_000_000 + random.permutation(count),
    )
