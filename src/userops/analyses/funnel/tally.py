"""What some persons add to a funnel: blocks of persons add up to the whole, so that memory is bounded."""

from __future__ import annotations

import operator
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce

import numpy as np

from userops.analyses.funnel import breaking, summary
from userops.analyses.funnel.breaking import Key
from userops.analyses.funnel.document import FunnelDocument
from userops.analyses.funnel.finding import Found
from userops.analyses.funnel.rows import Ints
from userops.analyses.periods import begins_of
from userops.analyses.profile_texts import Profiles
from userops.query.scope import Scope


@dataclass(frozen=True, slots=True)
class Part:
    """Users (or sessions) that count; those that did each step; per step the seconds since the one before."""

    size: int
    reached: list[int]
    gaps: list[Ints]

    def __add__(self, other: Part) -> Part:
        reached = [one + two for one, two in zip(self.reached, other.reached, strict=True)]
        gaps = [np.concatenate(pair) for pair in zip(self.gaps, other.gaps, strict=True)]
        return Part(self.size + other.size, reached, gaps)


@dataclass(frozen=True, slots=True)
class Tally:
    """`ends`: seconds from start to end of those who did all. `table`: per start period and step.
    `parts`: by value of the breakdown."""

    whole: Part
    ends: Ints
    excluded: int
    table: Ints
    parts: dict[Key, Part]

    def __add__(self, other: Tally) -> Tally:
        parts = dict(self.parts)
        for key, part in other.parts.items():
            parts[key] = parts[key] + part if key in parts else part
        return Tally(
            self.whole + other.whole,
            np.concatenate([self.ends, other.ends]),
            self.excluded + other.excluded,
            self.table + other.table,
            parts,
        )


def together(found: Iterable[Tally]) -> Tally:
    """The sum of one at least."""
    return reduce(operator.add, found)


def tally(document: FunnelDocument, scope: Scope, found: Found, profiles: Profiles) -> Tally:
    """What the persons of one block add."""
    kept = found.kept
    did, gaps = kept.done >= 0, summary.gaps(found, kept)
    finished = did[-1]
    ends = found.line.at[kept.last[finished]] - found.line.at[kept.start[finished]]
    parts: dict[Key, Part] = {}
    if document.breakdown:
        for key, rows in _by_key(*breaking.numbered(document, profiles, found, kept)):
            part = _part(did.take(rows, axis=1), gaps.take(rows, axis=1))
            parts[key] = parts[key] + part if key in parts else part
    return Tally(
        _part(did, gaps),
        ends / 1000,
        int(found.excluded.sum()),
        by_start(document, scope, found),
        parts,
    )


def _part(did: Ints, gaps: Ints) -> Part:
    """Of some of those that count: who did which step, and the seconds before each but the first."""
    reached = [int(each) for each in did.sum(axis=1)]
    later = [each[np.flatnonzero(held)] for held, each in zip(did[1:], gaps, strict=True)]
    return Part(did.shape[1], reached, [np.zeros(0), *later])


def _by_key(numbers: Ints, names: list[Key]) -> Iterable[tuple[Key, Ints]]:
    """Each value that is there with the positions of its entries."""
    # small numbers are put in order without comparing them
    order = np.argsort(numbers.astype(np.min_scalar_type(len(names))), kind="stable")
    ends = np.cumsum(np.bincount(numbers, minlength=len(names))).tolist()
    for key, begin, end in zip(names, [0, *ends], ends, strict=False):
        if begin < end:
            yield key, order[begin:end]


def by_start(document: FunnelDocument, scope: Scope, found: Found) -> Ints:
    """Per start period, those who reached each step of the attempts that start in it."""
    count = len(begins_of(document.range, document.unit, scope.zone))
    done = found.by_start.done >= 0
    reached = [np.bincount(found.period, weights=each, minlength=count) for each in done]
    return np.stack(reached, axis=1).astype(np.int64)


def shown(document: FunnelDocument, parts: dict[Key, Part]) -> list[tuple[Key, Part]]:
    """The most frequent values (then by text), the others together last."""
    ranked = sorted(parts.items(), key=lambda each: (-each[1].size, each[0]))
    limit = document.breakdown_limit
    result, rest = ranked[:limit], [part for _, part in ranked[limit:]]
    if rest:
        together = rest[0]
        for part in rest[1:]:
            together += part
        result.append((breaking.others(document), together))
    return result
