"""Many tests at once: p values that are honest about how many were made."""

from __future__ import annotations

from collections.abc import Sequence


def benjamini_hochberg(p: Sequence[float]) -> list[float]:
    """q values in the order given: the smallest false discovery rate at which each is a discovery.

    Benjamini & Hochberg (1995), the step-up procedure; q_(i) = min over j ≥ i of m p_(j) / j, at most 1.
    """
    count = len(p)
    found, lowest = [1.0] * count, 1.0
    order = sorted(range(count), key=lambda place: p[place], reverse=True)
    for rank, place in zip(range(count, 0, -1), order, strict=True):
        lowest = min(lowest, p[place] * count / rank)
        found[place] = lowest
    return found


def holm(p: Sequence[float]) -> list[float]:
    """Adjusted p-values in the order given: below α, the chance of even one false finding is below α.

    Holm (1979), the step-down procedure; p_(i) = max over j ≤ i of (m − j + 1) p_(j), at most 1.
    """
    count = len(p)
    found, highest = [1.0] * count, 0.0
    for rank, place in enumerate(sorted(range(count), key=lambda place: p[place])):
        highest = max(highest, min(1.0, (count - rank) * p[place]))
        found[place] = highest
    return found
