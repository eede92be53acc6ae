"""How many persons a segment has, quickly: exact where bitmaps say it, else estimated from a sample.

The estimate is the combined ratio estimate of a stratified sample of clusters (Cochran, Sampling Techniques,
1977, §6.11): persons of the segment to persons of the product in the sample, times the persons of the product,
who are counted. Its interval is that of Student's t with a degree of freedom for each stratum, and never
narrower than Wilson's for as many persons drawn one by one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from pyroaring import BitMap
from scipy.stats import t as student

from userops.query.scope import Scope
from userops.segments.document import Segment, leaves
from userops.segments.evaluating import NoOthers, Others, evaluate
from userops.segments.everyone import everyone
from userops.segments.leaves import reads_events
from userops.segments.sampling import Run, Sample, in_sample, sample_of
from userops.stats.proportions import wilson

CONFIDENCE = 0.95


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
    """None where the exact count reads no events, or the product has few users: then count."""
    sample = sample_of(scope.users)
    others = others or NoOthers()
    if sample is None or not _slow(document, scope, others, set()):
        return None
    some = in_sample(scope, sample)
    inside = evaluate(document, some, others, own=own) & sample.persons()
    every = everyone(scope)
    size, half = ratio(inside, every, sample)
    return _estimated(inside, len(every & sample.persons()), len(every), size, half)


def _slow(document: Segment, scope: Scope, others: Others, seen: set[int]) -> bool:
    """Whether a condition, or one of a segment inside, reads rows of events."""
    if any(reads_events(leaf, scope) for leaf in leaves(document.where)):
        return True
    for number in document.segments() - seen:
        seen.add(number)
        inner = others.definition(number)
        if inner is not None and _slow(inner, scope, others, seen):
            return True
    return False


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
    half = float(student.ppf((1 + CONFIDENCE) / 2, freedom)) * scale * math.sqrt(spread)
    return share * len(every), half


def _in(persons: BitMap, run: Run) -> int:
    return int(persons.range_cardinality(*run))


def _estimated(inside: BitMap, asked: int, every: int, size: float, half: float) -> Estimate:
    low, high = size - half, size + half
    if shares := wilson(len(inside), asked):
        low, high = min(low, shares[0] * every), max(high, shares[1] * every)
    # who is in the sample is known, and so is who of it is not in the segment
    least, most = len(inside), every - (asked - len(inside))
    return Estimate(
        round(size), max(least, math.floor(low)), min(most, math.ceil(high)), asked, inside
    )
