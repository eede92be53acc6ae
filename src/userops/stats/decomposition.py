"""Where a change sits: exact decompositions of the difference of a figure between two periods.

Nothing here says why a figure moved. Formulas: Kitagawa (1955) and Das Gupta (1993) for rates, which is
the Shapley value over {mix, rate}; Shapley (1953) for products.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import factorial, fsum, prod

MAX_FACTORS = 6
CANCELLING = 0.3
"""Moves against the net larger than this share of it make shares of the net misleading."""


@dataclass(frozen=True, slots=True)
class Share:
    """One segment's part of a change, as a share of all gains or of all losses, or of the net."""

    value: float
    of: str
    """`net`, `gains` or `losses`."""


def shares(contributions: Sequence[float]) -> list[Share | None]:
    """Each contribution as a share.

    Of the net change; where opposite moves cancel (the smaller side is more than 30% of the net), of
    all gains and of all losses separately. None for what did not move.
    """
    gains = fsum(each for each in contributions if each > 0)
    losses = -fsum(each for each in contributions if each < 0)
    net = gains - losses
    cancel = min(gains, losses) > CANCELLING * abs(net)
    return [_share(each, gains, losses, net, cancel) for each in contributions]


def _share(each: float, gains: float, losses: float, net: float, cancel: bool) -> Share | None:
    if each == 0:
        return None
    if not cancel:
        return Share(each / net, "net")
    return Share(each / gains, "gains") if each > 0 else Share(-each / losses, "losses")


@dataclass(frozen=True, slots=True)
class MixRate:
    """A segment's part in the change of a ratio. `state`: `both`, `new`, `gone`, `empty`."""

    mix: float
    rate: float
    state: str

    @property
    def total(self) -> float:
        return self.mix + self.rate


Pair = tuple[float, float]
"""Numerator and denominator of a segment."""


def mix_and_rate(before: Sequence[Pair], after: Sequence[Pair]) -> list[MixRate]:
    """R = Σx / Σn in two periods: the two-term midpoint decomposition, exact without a residual.

    rate_j = ½(w0+w1)(r1−r0); mix_j = (w1−w0)(½(r0+r1) − ½(R0+R1)), with w = n_j / Σn, r = x_j / n_j. A
    segment without n in one period has no rate there: all of its part is mix, at its one rate. What a
    segment without n brings in x is mix too. Raises `ValueError` where a period has no denominator.
    """
    whole = [
        tuple(fsum(column) for column in zip(*pairs, strict=True)) for pairs in (before, after)
    ]
    if any(len(each) < 2 or not each[1] for each in whole):
        raise ValueError("no denominator")
    middle = fsum(x / n for x, n in whole) / 2
    return [
        _segment(b, a, whole[0][1], whole[1][1], middle) for b, a in zip(before, after, strict=True)
    ]


def _segment(before: Pair, after: Pair, whole0: float, whole1: float, middle: float) -> MixRate:
    (x0, n0), (x1, n1) = before, after
    weight0, weight1 = n0 / whole0, n1 / whole1
    if n0 and n1:
        rate0, rate1 = x0 / n0, x1 / n1
        mix = (weight1 - weight0) * ((rate0 + rate1) / 2 - middle)
        return MixRate(mix, (weight0 + weight1) / 2 * (rate1 - rate0), "both")
    mix = (x1 / whole1 - x0 / whole0) - (weight1 - weight0) * middle
    state = "new" if n1 else "gone" if n0 else "empty"
    return MixRate(mix, 0.0, state)


def shapley_of_product(before: Sequence[float], after: Sequence[float]) -> list[float]:
    """M = ∏ factors in two periods: each factor's effect, averaged over all orders of change.

    The effects add up to ∏after − ∏before. Of two factors: ΔA·½(B0+B1). At most 6 factors.
    """
    count = len(before)
    if count > MAX_FACTORS or count != len(after):
        raise ValueError("factors")
    return [_effect(place, before, after) for place in range(count)]


def _effect(place: int, before: Sequence[float], after: Sequence[float]) -> float:
    count = len(before)
    rest = [at for at in range(count) if at != place]
    terms = []
    for size in range(count):
        weight = factorial(size) * factorial(count - size - 1) / factorial(count)
        for changed in combinations(rest, size):
            others = prod(after[at] if at in changed else before[at] for at in rest)
            terms.append(weight * others * (after[place] - before[place]))
    return fsum(terms)
