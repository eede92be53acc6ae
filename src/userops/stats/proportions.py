"""Intervals for shares of a whole."""

from __future__ import annotations

from math import sqrt

Z95 = 1.959963984540054
"""The 97.5% point of the standard normal distribution."""


def wilson(hits: int, total: int, z: float = Z95) -> tuple[float, float] | None:
    """Wilson score interval of `hits / total`, 95% by default; None when there is nobody.

    Wilson (1927), without continuity correction: holds for small counts and near 0 and 1, where the
    textbook interval leaves [0, 1].
    """
    if total <= 0:
        return None
    share = hits / total
    bottom = 1 + z * z / total
    centre = (share + z * z / (2 * total)) / bottom
    half = z / bottom * sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    # the exact ends at 0 and 1, free of rounding
    low = 0.0 if hits == 0 else centre - half
    high = 1.0 if hits == total else centre + half
    return low, high
