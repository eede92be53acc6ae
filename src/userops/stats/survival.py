"""How long something lasts when not all of it has ended: the Kaplan–Meier estimate in whole units of time.

Silences between two visits, subscriptions, cases. Those that have not ended are censored: all that is known
is that they lasted at least so long. Leaving them out, or taking their length so far for the whole, would
make everything look shorter than it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, sqrt
from typing import Any

import numpy as np
import numpy.typing as npt

from userops.stats.proportions import Z95

Counts = npt.NDArray[Any]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Survival:
    """By length in whole units, from 0 on.

    - `at_risk`: how many lasted at least so long (those censored at that length included).
    - `ended`: how many ended at that length.
    - `surviving`: the share that lasts longer than that (Kaplan & Meier 1958).
    - `variance`: the sum of d / (n (n − d)) up to that length (Greenwood 1926); that of the logarithm.
    """

    at_risk: Counts
    ended: Counts
    surviving: Floats
    variance: Floats

    def __len__(self) -> int:
        return len(self.surviving)

    def median(self) -> int | None:
        """The first length that at most half outlast; none where more do to the end."""
        below = np.flatnonzero(self.surviving <= 0.5)
        return int(below[0]) if below.size else None

    def interval(self, length: int) -> tuple[float, float]:
        """95% interval of the share that lasts longer than `length`."""
        return _interval(float(self.surviving[length]), float(self.variance[length]))

    def ends_within(self, length: int, further: int) -> tuple[float, float, float]:
        """Of what has lasted `length`, the share that ends within `further` more units, and its 95%
        interval."""
        before, after = self.surviving[length], self.surviving[length + further]
        if not before > 0:
            raise ValueError("nothing lasts so long")
        lasting = float(after / before)
        spread = float(self.variance[length + further] - self.variance[length])
        low, high = _interval(lasting, spread)
        return 1 - lasting, 1 - high, 1 - low


def kaplan_meier(ended: Counts, censored: Counts) -> Survival:
    """From how many ended, and how many are known not to have ended by then, at each length from 0."""
    if ended.shape != censored.shape:
        raise ValueError("both count the same lengths")
    leaving = (ended + censored)[::-1].cumsum()[::-1]
    going = leaving > 0
    share = np.divide(ended, leaving, out=np.zeros(len(ended)), where=going)
    rest = leaving - ended
    # where all ended, nothing is left to be unsure of
    term = np.divide(ended, leaving * rest, out=np.zeros(len(ended)), where=rest > 0)
    return Survival(leaving, ended, np.cumprod(1 - share), np.cumsum(term))


def _interval(share: float, variance: float) -> tuple[float, float]:
    """On the scale of log(−log), which keeps it within 0 and 1 (Kalbfleisch & Prentice 1980)."""
    if not 0 < share < 1 or variance <= 0:
        return share, share
    half = Z95 * sqrt(variance) / abs(log(share))
    return share ** exp(half), share ** exp(-half)
