"""How sure: two shares compared, and one among many, so that rules say only what the figures carry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, sqrt

from userops.reports.book import Frozen
from userops.reports.quoting import Quote
from userops.stats.comparisons import of_shares
from userops.stats.multiplicity import holm
from userops.stats.proportions import Z95
from userops.words import Words

SURE = 0.05
FEW = 30
"""Below so many nobody draws a conclusion."""


@dataclass(frozen=True, slots=True)
class Apart:
    """A group against all the others together. `p` is adjusted by Holm for all that were looked at."""

    key: str
    k: int
    n: int
    rest_k: int
    rest_n: int
    difference: float
    low: float
    high: float
    p: float

    @property
    def sure(self) -> bool:
        """Told from the others by the test and by the interval, with enough people on both sides."""
        apart = self.low > 0 or self.high < 0
        return self.p < SURE and apart and min(self.n, self.rest_n) >= FEW


def each_against_rest(groups: Mapping[str, tuple[int, int]]) -> list[Apart]:
    """Every group of (k, n) against the rest: Newcombe's interval, Holm over all groups."""
    hits, total = sum(k for k, _ in groups.values()), sum(n for _, n in groups.values())
    found = []
    for key, (k, n) in groups.items():
        difference = of_shares(k, n, hits - k, total - n) if 0 < n < total else None
        if difference is not None:
            found.append((key, k, n, difference))
    adjusted = holm([each.p for *_, each in found])
    return [
        Apart(key, k, n, hits - k, total - n, each.value, each.low, each.high, p)
        for (key, k, n, each), p in zip(found, adjusted, strict=True)
    ]


def against(
    figure: Frozen, name: str, now: Quote, before: Quote, *, k: tuple[int, int], n: tuple[int, int]
) -> Quote | None:
    """The difference of two shares with its interval, as a value; None where a side is too small."""
    if min(n) < FEW:
        return None
    found = of_shares(k[0], n[0], k[1], n[1])
    if found is None:
        return None
    return figure.derived(
        name, found.value, "points", now, before, low=found.low, high=found.high, p=found.p
    )


def excludes_zero(value: Mapping[str, float]) -> bool:
    """Whether the interval of a difference leaves no doubt of its sign."""
    return value["low"] > 0 or value["high"] < 0


def ratio_of_counts(now: int, before: int) -> tuple[float, float]:
    """95% interval of how many times as many: two Poisson counts, by the logarithm of their ratio (Rothman,
    Epidemiology, 2012, ch. 9). Who came in both makes it wider than need be."""
    ratio, spread = now / before, Z95 * sqrt(1 / now + 1 / before)
    return ratio * exp(-spread), ratio * exp(spread)


def direction(value: float, up: Words, down: Words) -> Words:
    return up if value > 0 else down


def ranks(values: Sequence[float]) -> list[int]:
    """Places from the largest down."""
    return sorted(range(len(values)), key=lambda at: values[at], reverse=True)
