"""Weights by which those who answered look like those who were asked, on known attributes.

Deming and Stephan (1940): each attribute's shares are matched in turn until all are (“raking”). No weight is
more than `LIMIT` times another's mean or less than its inverse: a few answers must not speak for many. What
the weights cost is Kish's effective number of answers, (Σw)² / Σw².
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
LIMIT = 5.0
ROUNDS = 200
NEAR = 1e-6


@dataclass(frozen=True, eq=False)
class Raked:
    """`weights` have the mean 1. `absent`: (attribute, value) of which nobody answered: no weight can speak
    for them. `gap`: the largest difference that is left between a share and its target."""

    weights: Floats
    effective: float
    trimmed: int
    gap: float
    absent: tuple[tuple[int, str], ...]

    @property
    def deff(self) -> float:
        """Kish's design effect: answers for each answer in effect, 1 without weights."""
        return len(self.weights) / self.effective if self.effective else 1.0


def effective_count(weights: Floats) -> float:
    """Kish (1965): (Σw)² / Σw²; 0 of nobody."""
    squares = float((weights**2).sum())
    return float(weights.sum()) ** 2 / squares if squares else 0.0


def rake(
    answered: Sequence[Sequence[str]], targets: Sequence[Mapping[str, float]], limit: float = LIMIT
) -> Raked:
    """`answered`: of each attribute, a value for each answer; `targets`: of each, values → how many (or which
    share) were asked. A value that has no target keeps the share it has among the answers."""
    count = len(answered[0]) if answered else 0
    if not count:
        return Raked(np.ones(0), 0.0, 0, 0.0, ())
    sides = [_side(values, wanted) for values, wanted in zip(answered, targets, strict=True)]
    weights = np.ones(count)
    for _round in range(ROUNDS):
        for codes, shares, _absent in sides:
            weights = _matched(weights, codes, shares)
        weights = _trimmed(weights, limit)
        if _gap(weights, sides) < NEAR:
            break
    edge = (weights >= limit * (1 - 1e-3)) | (weights <= (1 + 1e-3) / limit)
    gone = tuple((at, value) for at, side in enumerate(sides) for value in side[2])
    gap = _gap(weights, sides)
    return Raked(weights, effective_count(weights), int(edge.sum()), gap, gone)


_Side = tuple[npt.NDArray[np.intp], Floats, tuple[str, ...]]


def _side(values: Sequence[str], wanted: Mapping[str, float]) -> _Side:
    """The places of the answers' values, the share that each place should have, and values without answers."""
    names, codes = np.unique(np.asarray(values, dtype=object).astype(str), return_inverse=True)
    own = np.bincount(codes, minlength=len(names)) / len(codes)
    known = np.asarray([name in wanted for name in names])
    whole = sum(wanted[name] for name in names if name in wanted)
    shares = own.copy()
    if whole > 0:
        room = float(own[known].sum())
        for place, name in enumerate(names):
            if known[place]:
                shares[place] = wanted[name] / whole * room
    there = set(names.tolist())
    gone = tuple(name for name, size in wanted.items() if size > 0 and name not in there)
    return codes, shares, gone


def _matched(weights: Floats, codes: npt.NDArray[np.intp], shares: Floats) -> Floats:
    have = np.bincount(codes, weights, minlength=len(shares)) / weights.sum()
    # a value with a target of nothing weighs as little as it can; the limit lifts it
    factor = np.divide(shares, have, out=np.ones_like(have), where=have > 0)
    return np.asarray(weights * np.maximum(factor, 1e-9)[codes])


def _trimmed(weights: Floats, limit: float) -> Floats:
    """Within the limits of their mean, which is 1: what is cut off goes to the others."""
    for _round in range(ROUNDS):
        weights = weights / weights.mean()
        held = np.clip(weights, 1 / limit, limit)
        if np.abs(held - weights).max() < NEAR:
            break
        weights = held
    return np.asarray(weights / weights.mean())


def _gap(weights: Floats, sides: Sequence[_Side]) -> float:
    whole = weights.sum()
    gaps = (
        np.abs(np.bincount(codes, weights, minlength=len(shares)) / whole - shares).max()
        for codes, shares, _absent in sides
    )
    return float(max(gaps))
