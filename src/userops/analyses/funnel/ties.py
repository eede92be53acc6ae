"""Ties: how far one group of simultaneous events can carry an attempt.

Events of the same millisecond are read in the order that helps the user, and no event serves two steps:
from step i, a group carries to step j when the steps i+1 … j can each be given an event of their own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from userops.analyses.funnel.rows import Ints
from userops.analyses.funnel.timeline import Timeline, joined


@dataclass(frozen=True, eq=False)
class Reach:
    """`to(group, step)`: the furthest step after `step` steps are done. Steps are counted, so 0 is none."""

    steps: Ints
    """Mask of each group."""
    pattern: Ints
    """Which row of `table` holds for a group; -1 for groups of a single step event."""
    table: Ints
    """Furthest step, by pattern and steps done."""

    def to(self, group: Ints, done: int | Ints) -> Ints:
        pattern = self.pattern[group]
        single = done + (self.steps[group] >> done & 1)
        if not len(self.table):
            return single
        return np.where(pattern < 0, single, self.table[pattern, done])


def reach(line: Timeline, masks: Ints, count: int) -> Reach:
    """For a funnel of `count` steps; `masks` are the rows' step masks, in the order of the timeline."""
    steps = line.steps if masks is line.rows.steps else joined(masks, line.first[:-1])
    pattern = np.full(len(line), -1, np.int64)
    candidates = np.flatnonzero(line.size > 1)
    if not len(candidates):
        return Reach(steps, pattern, np.zeros((0, count + 1), np.int64))
    held, group_of_row = _rows_of(line, candidates)
    kinds, kind = np.unique(masks[held], return_inverse=True)
    # how many events of each kind stand in each group; more than there are steps change nothing
    flat = np.bincount(group_of_row * len(kinds) + kind, minlength=len(candidates) * len(kinds))
    counts = np.minimum(flat, count).reshape(len(candidates), len(kinds)).astype(np.uint8)
    patterns, which = np.unique(counts, axis=0, return_inverse=True)
    pattern[candidates] = which.reshape(-1)
    table = np.array(
        [_furthest(kinds.tolist(), each.tolist(), count) for each in patterns], np.int64
    )
    return Reach(steps, pattern, table)


def _rows_of(line: Timeline, groups: Ints) -> tuple[Ints, Ints]:
    """The rows of some groups, and for each its place in `groups`."""
    sizes = line.size[groups]
    owner = np.repeat(np.arange(len(groups)), sizes)
    offset = np.arange(len(owner)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return line.first[groups][owner] + offset, owner


def _furthest(kinds: list[int], counts: list[int], count: int) -> list[int]:
    """For each number of steps done, the furthest step with distinct events."""
    events = [mask for mask, times in zip(kinds, counts, strict=True) for _ in range(times)]
    result = []
    for done in range(count + 1):
        taken: dict[int, int] = {}  # event → step
        step = done
        while step < count and assign(step, events, taken, set()):
            step += 1
        result.append(step)
    return result


def assign(step: int, events: list[int], taken: dict[int, int], tried: set[int]) -> bool:
    """Give `step` an event, moving earlier ones where needed (Kuhn's augmenting path)."""
    for event, mask in enumerate(events):
        if not mask >> step & 1 or event in tried:
            continue
        tried.add(event)
        if event not in taken or assign(taken[event], events, taken, tried):
            taken[event] = step
            return True
    return False
