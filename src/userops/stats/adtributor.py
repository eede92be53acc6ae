"""Which dimension tells most of a change: explanatory power and surprise.

Bhagwan et al., “Adtributor: Revenue Debugging in Advertising Systems”, NSDI 2014, section 4. One
dimension at a time, by design. It ranks places to look at; it does not know causes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, log2

Pair = tuple[float, float]
"""Numerator and denominator."""
ENOUGH = 0.67
"""T_EP: how much of the change the named elements must tell."""
LEAST = 0.1
"""T_EEP: how much one element must tell to be named."""


@dataclass(frozen=True, slots=True)
class Telling:
    """What a dimension tells: places of its named elements, most surprising first; their power and
    surprise added up; the surprise of all elements. `enough`: whether the power reached T_EP."""

    places: tuple[int, ...]
    power: float
    surprise: float
    whole: float
    enough: bool

    def beyond(self, usual: float) -> float:
        """The surprise less the share of it that is usual: what such a dimension surprises by anyway.

        A new app version takes over from the last one in any two weeks; the expected values of the paper
        are forecasts, and a base period is a poor one.
        """
        return self.surprise * max(0.0, 1 - usual / self.whole) if self.whole else 0.0


def surprise(expected: float, found: float) -> float:
    """Half the Jensen–Shannon terms of one element: its expected and its found share of the whole, in bits."""
    middle = expected + found
    return (_term(expected, middle) + _term(found, middle)) / 2


def _term(share: float, middle: float) -> float:
    return share * log2(2 * share / middle) if share > 0 else 0.0


def surprises(expected: Sequence[float], found: Sequence[float]) -> list[float]:
    """Of each element of a dimension; all zero where a whole is not positive."""
    whole0, whole1 = fsum(expected), fsum(found)
    if whole0 <= 0 or whole1 <= 0:
        return [0.0] * len(expected)
    return [
        surprise(max(f, 0.0) / whole0, max(a, 0.0) / whole1)
        for f, a in zip(expected, found, strict=True)
    ]


def powers(expected: Sequence[float], found: Sequence[float]) -> list[float]:
    """EP of an additive figure: each element's share of the change; all zero without change."""
    change = fsum(found) - fsum(expected)
    if not change:
        return [0.0] * len(expected)
    return [(a - f) / change for f, a in zip(expected, found, strict=True)]


def surprises_of_ratio(
    expected: Sequence[Pair], found: Sequence[Pair], mixes: Sequence[float]
) -> list[float]:
    """Of each element of a ratio x / n; `mixes`: its mix in the decomposition of the change.

    The paper adds the surprise of x and that of n, so that every new app version is a surprise whether or
    not its rate differs. Here x surprises as far as its shares differ from those that equal moves of all
    rates would make (a new element is expected at the old whole rate), and n as far as its mix tells of
    the change.
    """
    whole0 = [fsum(column) for column in zip(*expected, strict=True)]
    whole1 = [fsum(column) for column in zip(*found, strict=True)]
    rate = whole0[0] / whole0[1]
    change = whole1[0] / whole1[1] - rate
    alike = [a[1] * (f[0] / f[1] if f[1] else rate) for f, a in zip(expected, found, strict=True)]
    of_rate = surprises(alike, [a[0] for a in found])
    of_mix = surprises([f[1] for f in expected], [a[1] for a in found])
    return [
        rated + mixed * (min(1.0, abs(mix / change)) if change else 0.0)
        for rated, mixed, mix in zip(of_rate, of_mix, mixes, strict=True)
    ]


def telling(power: Sequence[float], surprise_: Sequence[float]) -> Telling:
    """The succinct set of a dimension: elements by surprise, those with enough power, until T_EP.

    The surprise is divided by the sum of all powers' sizes: where moves cancel each other out, as when
    one version takes over from another, the dimension tells of the exchange and less of the change.
    """
    named: list[int] = []
    for place in sorted(range(len(power)), key=lambda at: (-surprise_[at], -power[at], at)):
        if power[place] > LEAST:
            named.append(place)
            if fsum(power[at] for at in named) > ENOUGH:
                break
    total = fsum(power[at] for at in named)
    moved = fsum(abs(each) for each in power)
    surprised = fsum(surprise_[at] for at in named) / max(1.0, moved)
    return Telling(tuple(named), total, surprised, fsum(surprise_), total > ENOUGH)
