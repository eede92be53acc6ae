"""How many persons a segment has, quickly: exact where bitmaps say it, else estimated from a sample.

The estimate is the combined ratio estimate of a stratified sample of clusters (Cochran, Sampling Techniques,
1977, §6.11): persons of the segment to persons who may be in it at most (`bounding`), in the sample, times all who
may be in it at most, who are counted from bitmaps. So it matters little that who came early does less than who is
new. Its interval is that of Student's t with a degree of freedom for each stratum, and never narrower than Wilson's
for as many persons drawn one by one.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import scipy
from pyroaring import BitMap

from userops.query.scope import Scope
from userops.query.steps import ANY_EVENT
from userops.segments.bounding import outer
from userops.segments.document import Did, Leaf, Segment, Timed, leaves
from userops.segments.evaluating import NoOthers, Others, evaluate
from userops.segments.everyone import everyone
from userops.segments.leaves import reads_events, rows_of
from userops.segments.sampling import Run, Sample, in_sample, sample_of, shape_of
from userops.stats.proportions import wilson

CONFIDENCE = 0.95
MOST_ROWS = 40_000_000
"""Fewer rows of events are counted as they are: on two processors in less than a second."""


@dataclass(frozen=True)
class Estimate:
    """`low` to `high` holds the true size in 95 of 100 segments. `asked`: persons in the sample; `persons`:
    those of them who are in the segment."""

    size: int
    low: int
    high: int
    asked: int
    persons: BitMap


def estimate(
    document: Segment, scope: Scope, others: Others | None = None, *, own: int | None = None
) -> Estimate | None:
    """None where the exact count reads no events or not many, or the product has few users: then count."""
    others = others or NoOthers()
    sample = sample_of(scope.users, shape_of(_named(document, others)))
    if sample is None or not _slow(document, scope, others, set()):
        return None
    everybody = everyone(scope)
    most = outer(document, scope, others, () if own is None else (own,))
    every = everybody if most is None else most & everybody
    if not every:
        return Estimate(0, 0, 0, 0, BitMap())
    inside = evaluate(document, in_sample(scope, sample), others, own=own) & sample.persons()
    return replace(judged(inside, every, sample), asked=len(everybody & sample.persons()))


def _named(document: Segment, others: Others) -> int:
    """How many events a condition names at most; 0 for all events."""
    counts = [
        len(leaf.event) if isinstance(leaf.event, tuple) else int(leaf.event != ANY_EVENT)
        for leaf in _all_leaves(document, others, set())
        if isinstance(leaf, Did | Timed)
    ]
    return 0 if 0 in counts else max(counts, default=1)


def _slow(document: Segment, scope: Scope, others: Others, seen: set[int]) -> bool:
    """Whether conditions, also those of the segments inside, read many rows of events."""
    rows = [
        rows_of(leaf, scope)
        for leaf in _all_leaves(document, others, seen)
        if isinstance(leaf, Did | Timed) and reads_events(leaf, scope)
    ]
    return None in rows or sum(each for each in rows if each is not None) > MOST_ROWS


def _all_leaves(document: Segment, others: Others, seen: set[int]) -> Iterator[Leaf]:
    yield from leaves(document.where)
    for number in document.segments() - seen:
        seen.add(number)
        inner = others.definition(number)
        if inner is not None:
            yield from _all_leaves(inner, others, seen)


def ratio(inside: BitMap, every: BitMap, sample: Sample) -> tuple[float, float]:
    """The estimated size, and half the width of its interval."""
    pairs = [[(_in(inside, run), _in(every, run)) for run in pair] for pair in sample.runs]
    met = sum(persons for pair in pairs for _found, persons in pair)
    if not met:
        return 0.0, float(len(every))
    share = sum(found for pair in pairs for found, _persons in pair) / met
    scale = len(every) / met
    # of each stratum: the two runs' deviations from the common share
    spread = 0.0
    for one, other in pairs:
        gap = (one[0] - share * one[1]) - (other[0] - share * other[1])
        spread += gap * gap * (1 - 2 / sample.of)
    freedom = len(sample.runs)
    half = float(scipy.special.stdtrit(freedom, (1 + CONFIDENCE) / 2)) * scale * math.sqrt(spread)
    return share * len(every), half


def _in(persons: BitMap, run: Run) -> int:
    return int(persons.range_cardinality(*run))


def judged(inside: BitMap, every: BitMap, sample: Sample) -> Estimate:
    """Of the persons in the sample who are in the segment, and all who may be in it."""
    size, half = ratio(inside, every, sample)
    asked, low, high = len(every & sample.persons()), size - half, size + half
    if shares := wilson(len(inside), asked):
        low, high = min(low, shares[0] * len(every)), max(high, shares[1] * len(every))
    # who is in the sample is known, and so is who of it is not in the segment
    least, most = len(inside), len(every) - (asked - len(inside))
    return Estimate(
        round(size), max(least, math.floor(low)), min(most, math.ceil(high)), asked, inside
    )
