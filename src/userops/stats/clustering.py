"""How many groups there are, whether there are any, and how far they can be trusted.

**Number of groups**: the gap statistic of Tibshirani, Walther and Hastie (2001) with the mixture's
log-likelihood in place of distances and, as reference, the same data with each block shuffled over persons
who were seen about as often. What a block tells by itself is in both; the gap is what groups explain of
how the blocks go together. The smallest number is taken that no larger one beats by more than its spread.

**Whether there are any**: the gap must exceed `WIDE` times its spread under shuffling, `LEAST_GAP`, and the
part `LEAST_PART` of what the blocks tell by themselves; and fits on halves of the persons must agree
(`STABLE`). Else `NoGroups` says why.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from userops.stats.agreement import adjusted_rand, crossed, jaccards, matched
from userops.stats.mixture import Block, Counts, Floats, Ints, Mixture, Run, fitted

LEAST_PERSONS = 60
CHOOSING, FITTING = 3_000, 20_000
"""Persons that the number of groups is chosen on, and that the groups are fitted to: a sample where there
are more. Everyone is assigned."""
SHUFFLES, HALVES = 4, 8
LEVELS = 8
"""Of how often persons were seen, within which blocks are shuffled."""
WIDE, LEAST_GAP, LEAST_PART = 4.0, 0.05, 0.1
"""The gap in spreads, in nats per person, and relative to what shuffled data gain."""
STABLE = 0.6
"""The least mean adjusted Rand index between fits on halves and the fit on all."""
FALLING = 2
"""No more groups are tried after the gap has fallen so often in a row."""

Why = Literal["few_persons", "few_features", "no_structure", "unstable"]


@dataclass(frozen=True, slots=True)
class Step:
    """One number of groups: log-likelihood per person beyond that of one group, in nats, of the data and,
    on average, when shuffled; `gap` is their difference and `spread` its standard error."""

    groups: int
    gain: float
    chance: float
    gap: float
    spread: float


@dataclass(frozen=True, slots=True)
class NoGroups:
    reason: Why
    curve: tuple[Step, ...] = ()
    agreement: float | None = None


@dataclass(frozen=True, eq=False)
class Grouping:
    """`group` and `certainty`: of each person, the likeliest group (0 is the largest) and its probability.

    `stability`: of each group, the mean Jaccard index with its match in the fits on halves (Hennig 2007);
    `agreement`: the mean adjusted Rand index of those fits. `told`: the blocks that tell anybody apart.
    """

    mixture: Mixture
    told: tuple[str, ...]
    group: Ints
    certainty: Floats
    curve: tuple[Step, ...]
    agreement: float
    stability: tuple[float, ...]

    def assigned(self, blocks: Sequence[Block]) -> tuple[Ints, Floats]:
        """Group and certainty of further persons, given the same blocks of theirs."""
        posterior = self.mixture.posterior([each for each in blocks if each.name in self.told])
        return np.asarray(posterior.argmax(1), np.int64), np.asarray(posterior.max(1))


def grouping(
    blocks: Sequence[Block], least: int = 2, most: int = 8, seed: int = 0, run: Run = map
) -> Grouping | NoGroups:
    """Group persons (rows of all blocks). The same blocks and seed give the same answer."""
    told = [block for block in blocks if _tells(block)]
    persons = len(blocks[0].values) if blocks else 0
    if persons < LEAST_PERSONS:
        return NoGroups("few_persons")
    if len(told) < 2:
        return NoGroups("few_features")
    random = np.random.default_rng(seed)
    sample = _taken(told, _some(persons, CHOOSING, random))
    curve = _curve(sample, least, most, random, run)
    best = _best(curve)
    if best.gap < max(LEAST_GAP, WIDE * best.spread, LEAST_PART * best.chance):
        return NoGroups("no_structure", curve)
    mixture, _ = fitted(_taken(told, _some(persons, FITTING, random)), best.groups, random, run)
    agreement, stability = _stability(mixture, sample, random, run)
    if agreement < STABLE:
        return NoGroups("unstable", curve, agreement)
    posterior = mixture.posterior(told)
    group = posterior.argmax(1)
    names = tuple(block.name for block in told)
    return Grouping(mixture, names, group, posterior.max(1), curve, agreement, stability)


def _tells(block: Block) -> bool:
    """Whether a block can tell anybody apart."""
    if isinstance(block, Counts):
        return int((block.values.sum(0) > 0).sum()) > 1
    known = block.values[np.isfinite(block.values)]
    return known.size > 1 and bool(known.min() < known.max())


def _some(persons: int, most: int, random: np.random.Generator) -> Ints:
    if persons <= most:
        return np.arange(persons)
    return np.sort(random.choice(persons, most, replace=False))


def _taken(blocks: Sequence[Block], rows: Ints) -> list[Block]:
    return [block.taken(rows) for block in blocks]


def _curve(
    blocks: Sequence[Block], least: int, most: int, random: np.random.Generator, run: Run
) -> tuple[Step, ...]:
    levels = _levels(blocks)
    shuffled = [_shuffled(blocks, levels, random) for _ in range(SHUFFLES)]
    _, alone = fitted(blocks, 1, random, run)
    steps: list[Step] = []
    for groups in range(least, most + 1):
        gain = fitted(blocks, groups, random, run)[1] - alone
        chances = [fitted(each, groups, random, run)[1] - alone for each in shuffled]
        chance = float(np.mean(chances))
        spread = float(np.std(chances, ddof=1)) * (1 + 1 / SHUFFLES) ** 0.5
        steps.append(Step(groups, gain, chance, gain - chance, spread))
        gaps = [step.gap for step in steps[-FALLING - 1 :]]
        if len(gaps) > FALLING and gaps == sorted(gaps, reverse=True):
            break
    return tuple(steps)


def _best(curve: Sequence[Step]) -> Step:
    widest = max(step.gap - step.spread for step in curve)
    return next(step for step in curve if step.gap >= widest)


def _levels(blocks: Sequence[Block]) -> Ints:
    """How often each person was seen, in equal parts from the seldom to the often."""
    counts = [block.values.sum(1) for block in blocks if isinstance(block, Counts)]
    if not counts:
        return np.zeros(len(blocks[0].values), np.int64)
    seen = np.sum(counts, axis=0)
    rank = np.argsort(np.argsort(seen, kind="stable"), kind="stable")
    return np.asarray(rank * LEVELS // len(seen), np.int64)


def _shuffled(blocks: Sequence[Block], levels: Ints, random: np.random.Generator) -> list[Block]:
    mixed = []
    for block in blocks:
        order = np.arange(len(levels))
        for level in range(LEVELS):
            place = np.flatnonzero(levels == level)
            order[place] = random.permutation(place)
        mixed.append(block.taken(order))
    return mixed


def _stability(
    mixture: Mixture, blocks: Sequence[Block], random: np.random.Generator, run: Run
) -> tuple[float, tuple[float, ...]]:
    """Fits on halves of the persons against the whole one, on the persons of the other half."""
    whole = mixture.posterior(blocks).argmax(1)
    rows, groups = len(whole), mixture.groups
    rands, likeness = [], np.zeros(groups)
    for _ in range(HALVES):
        order = random.permutation(rows)
        half, others = np.sort(order[: rows // 2]), np.sort(order[rows // 2 :])
        other, _ = fitted(_taken(blocks, half), groups, random, run)
        again = other.posterior(_taken(blocks, others)).argmax(1)
        table = crossed(whole[others], again, groups, groups)
        rands.append(adjusted_rand(table) or 0.0)
        alike = jaccards(table)
        for row, column in matched(alike).items():
            likeness[row] += alike[row, column]
    return float(np.mean(rands)), tuple((likeness / HALVES).tolist())
