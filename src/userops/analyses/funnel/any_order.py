"""Attempts whose steps may come in any order: what counts is how many different steps are done."""

from __future__ import annotations

import numpy as np

from userops.analyses.funnel.attempts import Attempts, Barrier
from userops.analyses.funnel.rows import Ints
from userops.analyses.funnel.ties import assign
from userops.analyses.funnel.timeline import Timeline, has

CHUNK = 200_000


def any_order(
    line: Timeline,
    masks: Ints,
    start: Ints,
    deadline: Ints,
    count: int,
    barriers: tuple[Barrier, ...] = (),
) -> Attempts:
    """The j-th place of an attempt is the group by which j different steps are done."""
    for barrier in barriers:
        found = line.after(start, barrier.marked)
        at = line.at[np.minimum(found, len(line) - 1)]
        deadline = np.where(found < len(line), np.minimum(deadline, at), deadline)
    places = np.full((count, len(start)), -1)
    shared = (masks & (masks - 1)) > 0
    crossed = np.zeros(len(line.person_of_unit), bool)
    crossed[np.repeat(line.unit, line.size)[shared]] = True
    slow = crossed[line.unit[start]]
    following = [line.following(has(line.steps, step)) for step in range(count)]
    quick = np.flatnonzero(~slow)
    for begin in range(0, len(quick), CHUNK):
        part = quick[begin : begin + CHUNK]
        places[:, part] = _first_of_each(line, following, start[part], deadline[part])
    for number in np.flatnonzero(slow).tolist():
        done = _matched(line, masks, int(start[number]), int(deadline[number]), count)
        places[: len(done), number] = done
    depth = (places >= 0).sum(axis=0)
    # the groups of the steps follow each other
    return Attempts(start, depth, places.max(axis=0), places)


def _first_of_each(line: Timeline, following: list[Ints], start: Ints, deadline: Ints) -> Ints:
    """Where each event is at most one step: the first event of each step, in order of time."""
    found = np.stack([each[start] for each in following])
    known = np.minimum(found, len(line) - 1)
    within = (found < len(line)) & (line.unit[known] == line.unit[start])
    within &= line.at[known] <= deadline
    found = np.sort(np.where(within, found, len(line)), axis=0)
    return np.where(found < len(line), found, -1)


def _matched(line: Timeline, masks: Ints, start: int, deadline: int, count: int) -> list[int]:
    """Where events may be several steps: give each event at most one, as many steps as can be."""
    events: list[int] = []
    taken: dict[int, int] = {}
    places: list[int] = []
    group = start
    while group < len(line) and line.unit[group] == line.unit[start] and line.at[group] <= deadline:
        events += [int(mask) for mask in masks[line.first[group] : line.first[group + 1]] if mask]
        open_steps = [step for step in range(count) if step not in taken.values()]
        places += [group for step in open_steps if assign(step, events, taken, set())]
        if len(places) == count:
            break
        group += 1
    return places
