"""Groups of persons of whom we have counts and numbers: a finite mixture, fitted by expectation–maximisation.

Each person is a bag of observations in several blocks. Within a group, a `Counts` block is multinomial and a
`Numbers` block is normal; given the group, blocks are independent (latent class analysis; for both kinds
and missing values Hunt and Jorgensen 2003, Computational Statistics & Data Analysis 41:429). A person of few
observations weighs little, one without any in a block is simply not known there: nothing is imputed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import pi

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

PRIOR = 5.0
"""Observations of everyone that each group has beside its own, so that nothing is impossible."""
LEAST_VARIANCE = 0.02
"""Of a group's numbers, where everyone's is 1."""
FIRST_PRIOR = 0.5
"""The same at the start, when each group has one person."""
HEAVIEST = 40.0
"""Observations that one person weighs at most in a block: who was seen a thousand times is one person still."""
STARTS, WARMING, LONGEST = 8, 8, 150
CLOSE = 1e-4
"""A fit ends when a step gains less, in nats per person."""
ROWS = 256
"""Matrices are multiplied in slices of so many persons: small ones stay on one core, which is faster."""


@dataclass(frozen=True, eq=False)
class Counts:
    """`values`: how often each person (row) was seen with each value (column)."""

    name: str
    values: npt.NDArray[np.generic]

    def taken(self, rows: Ints) -> Counts:
        return Counts(self.name, self.values[rows])


@dataclass(frozen=True, eq=False)
class Numbers:
    """`values`: one number per person on a common scale (see `scaled`); NaN where it is not known."""

    name: str
    values: Floats

    def taken(self, rows: Ints) -> Numbers:
        return Numbers(self.name, self.values[rows])


Block = Counts | Numbers


def scaled(numbers: Floats) -> Floats:
    """Numbers as a `Numbers` block wants them: a heavy tail by its logarithm, then (x − median) / spread,
    cut at ±4; the spread is that between quartiles over 1.349, or else the standard deviation."""
    known = numbers[np.isfinite(numbers)]
    if not known.size:
        return np.full(numbers.shape, np.nan)
    values = np.where(np.isfinite(numbers), numbers, np.nan)
    low, middle, high = np.percentile(known, (25, 50, 75))
    top = np.percentile(known, 99)
    if top - middle > 4 * max(middle - np.percentile(known, 1), high - low, 1e-12):
        values = np.sign(values) * np.log1p(np.abs(values))
        known = values[np.isfinite(values)]
        low, middle, high = np.percentile(known, (25, 50, 75))
    spread = (high - low) / 1.349 or float(known.std()) or 1.0
    return np.asarray(np.clip((values - middle) / spread, -4, 4), np.float64)


@dataclass(frozen=True, eq=False)
class Mixture:
    """`weights`: by column of the design and group, such that design @ weights + log(shares) is the logarithm
    of each person's likelihood in each group, but for a constant."""

    shares: Floats
    weights: Floats

    @property
    def groups(self) -> int:
        return len(self.shares)

    def posterior(self, blocks: Sequence[Block]) -> Floats:
        """The probability of each group (column) for each person (row)."""
        rows = len(blocks[0].values)
        found = np.empty((rows, self.groups))
        for begin in range(0, rows, 64 * ROWS):
            part = np.arange(begin, min(begin + 64 * ROWS, rows))
            design = _Design([block.taken(part) for block in blocks])
            found[part] = design.expected(self)[0][: len(part)]
        return found


class _Design:
    """All blocks as one matrix in slices of rows: counts as they are, numbers as x², x, 1."""

    def __init__(self, blocks: Sequence[Block]):
        columns = [_columns(block) for block in blocks]
        ends = np.cumsum([part.shape[1] for part in columns]).tolist()
        self.slices = [
            slice(end - part.shape[1], end) for end, part in zip(ends, columns, strict=True)
        ]
        self.counted = [isinstance(block, Counts) for block in blocks]
        self.persons = len(columns[0])
        slices = -(-self.persons // ROWS)
        whole = np.zeros((slices * ROWS, ends[-1]))
        whole[: self.persons] = np.hstack(columns)
        self.matrix = whole.reshape(slices, ROWS, ends[-1])
        self.everyone = whole.sum(0)
        self.there = (np.arange(slices * ROWS) < self.persons)[:, None].astype(np.float64)

    def expected(self, mixture: Mixture) -> tuple[Floats, float]:
        """The E step: probabilities of groups, 0 in rows of nobody; and the log-likelihood."""
        score = (self.matrix @ mixture.weights).reshape(-1, mixture.groups)
        score += np.log(mixture.shares)
        most = score.max(1, keepdims=True)
        likely = np.exp(score - most)
        whole = likely.sum(1, keepdims=True)
        total = float(((most + np.log(whole)) * self.there).sum())
        return likely / whole * self.there, total

    def maximised(self, probabilities: Floats, prior: float = PRIOR) -> Mixture:
        """The M step."""
        groups = probabilities.shape[1]
        slices = probabilities.reshape(-1, ROWS, groups)
        sums = (slices.transpose(0, 2, 1) @ self.matrix).sum(0)
        weights = np.empty((sums.shape[1], groups))
        for place, counted in zip(self.slices, self.counted, strict=True):
            whole, own = self.everyone[place], sums[:, place]
            weights[place] = (_multinomial if counted else _normal)(own, whole, prior).T
        shares = probabilities.sum(0) + 1.0
        return Mixture(shares / shares.sum(), weights)


def _columns(block: Block) -> Floats:
    if isinstance(block, Counts):
        values = np.asarray(block.values, np.float64)
        seen = values.sum(1, keepdims=True)
        weighed = values * np.minimum(1.0, HEAVIEST / np.maximum(seen, 1.0))
        return np.asarray(weighed, np.float64)
    known = np.isfinite(block.values)
    value = np.where(known, block.values, 0.0)
    return np.stack([value * value, value, known.astype(np.float64)], axis=1)


def _multinomial(own: Floats, whole: Floats, prior: float) -> Floats:
    usual = (whole + 1e-9) / (whole + 1e-9).sum()
    counts = own + prior * usual
    return np.asarray(np.log(counts / counts.sum(1, keepdims=True)))


def _normal(own: Floats, whole: Floats, prior: float) -> Floats:
    """Rows hold the sums of x², x, 1; everyone's own mean and variance stand in for `prior` persons."""
    known = max(whole[2], 1.0)
    mean = whole[1] / known
    variance = max(whole[0] / known - mean**2, LEAST_VARIANCE)
    count = own[:, 2] + prior
    centre = (own[:, 1] + prior * mean) / count
    square = (own[:, 0] + prior * (variance + mean**2)) / count
    spread = np.maximum(square - centre**2, LEAST_VARIANCE * variance)
    constant = -(centre**2) / (2 * spread) - np.log(2 * pi * spread) / 2
    return np.stack([-1 / (2 * spread), centre / spread, constant], axis=1)


Run = Callable[..., Iterable[tuple[Floats, float]]]
"""Like `map`: how the starts are carried out, one after the other or several at a time."""


def fitted(
    blocks: Sequence[Block], groups: int, random: np.random.Generator, run: Run = map
) -> tuple[Mixture, float]:
    """The best of several starts, and its log-likelihood per person but for a constant of the blocks.

    Larger groups come first. However the starts are carried out, the answer is the same.
    """
    design = _Design(blocks)
    seeds = [_seeds(design, groups, random) for _ in range(STARTS if groups > 1 else 1)]
    starts = run(lambda each: _warmed(design, each), seeds)
    probabilities, before = max(starts, key=lambda start: start[1])
    for _ in range(LONGEST):
        mixture = design.maximised(probabilities)
        probabilities, total = design.expected(mixture)
        if total - before < CLOSE * design.persons:
            break
        before = total
    order = np.argsort(-mixture.shares, kind="stable")
    return Mixture(mixture.shares[order], mixture.weights[:, order]), total / design.persons


def _seeds(design: _Design, groups: int, random: np.random.Generator) -> Ints:
    """A person for each group."""
    return random.choice(design.persons, groups, replace=groups > design.persons)


def _warmed(design: _Design, seeds: Ints) -> tuple[Floats, float]:
    """A few steps from groups of one person each."""
    groups = len(seeds)
    probabilities = np.zeros((len(design.there), groups))
    probabilities[seeds, np.arange(groups)] = 1.0
    probabilities, total = design.expected(design.maximised(probabilities, FIRST_PRIOR))
    for _ in range(WARMING):
        probabilities, total = design.expected(design.maximised(probabilities))
    return probabilities, total
