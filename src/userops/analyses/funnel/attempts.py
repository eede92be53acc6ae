"""Attempts: each starts at one event and goes forward, every later step at its first chance.

All attempts of a funnel are followed together, step by step, as arrays.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from userops.analyses.funnel.rows import Ints
from userops.analyses.funnel.ties import Reach
from userops.analyses.funnel.timeline import Timeline, has


@dataclass(frozen=True, eq=False)
class Attempts:
    """`depth` steps were done, the last of them at group `last`; `places[k]` is the group of the k-th of them,
    -1 beyond the depth."""

    start: Ints
    depth: Ints
    last: Ints
    places: Ints

    def take(self, chosen: Ints) -> Attempts:
        return Attempts(
            self.start[chosen],
            self.depth[chosen],
            self.last[chosen],
            self.places.take(chosen, axis=1),
        )


@dataclass(frozen=True, slots=True)
class Barrier:
    """Exclusions that stop an attempt: after step `begin`, up to step `end` (counted from 0)."""

    begin: int
    end: int
    marked: Ints
    """Which groups hold the excluded event."""


def ordered(
    line: Timeline,
    reach: Reach,
    start: Ints,
    deadline: Ints,
    count: int,
    barriers: Iterable[Barrier] = (),
) -> Attempts:
    """Steps in order, whatever stands in between. `deadline`: last millisecond of each attempt."""
    barriers = tuple(barriers)
    places = np.full((count, len(start)), -1)
    places[0] = start
    depth, last = np.ones(len(start), np.int64), start.copy()
    limits = [deadline.copy() if barriers else deadline for _ in range(count)]
    _stop(line, barriers, 0, start, np.arange(len(start)), limits)
    alive = np.arange(len(start))
    group, far = start, reach.to(start, 0)
    for step in range(1, count):
        later = line.after(group, has(reach.steps, step))
        found = np.where(far > step, group, later)
        known = np.minimum(found, len(line) - 1)
        going = np.flatnonzero((found < len(line)) & (line.at[known] <= limits[step][alive]))
        alive, group, far = alive[going], found[going], far[going]
        same = far > step
        if not len(alive):
            break
        far = np.where(same, far, reach.to(group, step))
        places[step][alive] = last[alive] = group
        depth[alive] = step + 1
        _stop(line, barriers, step, group, alive, limits)
    return Attempts(start, depth, last, places)


def _stop(
    line: Timeline,
    barriers: tuple[Barrier, ...],
    step: int,
    group: Ints,
    alive: Ints,
    limits: list[Ints],
) -> None:
    """Shorten the limits of the steps behind exclusions that begin at this step."""
    for barrier in barriers:
        if barrier.begin != step:
            continue
        found = line.after(group, barrier.marked)
        known = np.minimum(found, len(line) - 1)
        at = np.where(found < len(line), line.at[known], np.iinfo(np.int64).max)
        for later in range(step + 1, min(barrier.end, len(limits) - 1) + 1):
            limits[later][alive] = np.minimum(limits[later][alive], at)


def strict(line: Timeline, reach: Reach, start: Ints, deadline: Ints, count: int) -> Attempts:
    """Steps in order with no other event in between; an exclusion could only stand where any event ends it.

    Within a group the others may stand before the first step or after the last, so an attempt that
    starts in a tie is followed once for each number of steps that it could do there.
    """
    first = reach.to(start, 0)
    source = np.repeat(np.arange(len(start)), first)
    depth = np.arange(len(source)) - np.repeat(np.cumsum(first) - first, first) + 1
    begin, deadline = start[source], deadline[source]
    places = np.where(np.arange(count)[:, None] < depth, begin, -1)
    last = begin.copy()
    alive, group, done = np.arange(len(source)), begin, depth.copy()
    while len(alive):
        found = group + 1
        known = np.minimum(found, len(line) - 1)
        near = (found < len(line)) & (line.unit[known] == line.unit[group])
        near &= line.at[known] <= deadline[alive]
        alive, group, done = alive[near], found[near], done[near]
        far = reach.to(group, done)
        for step in range(count):
            hit = (done <= step) & (step < far)
            places[step][alive[hit]] = group[hit]
        further = far > done
        last[alive[further]] = group[further]
        depth[alive] = far
        # only when every event of the group served a step may the attempt go on behind it
        going = (far - done == line.size[group]) & (far < count)
        alive, group, done = alive[going], group[going], far[going]
    return Attempts(begin, depth, last, places)
