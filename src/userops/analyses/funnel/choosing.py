"""Choosing: which attempt counts for each person (or session, or person and start period).

The deepest; of those the one that finishes first; of those the one that starts last.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from userops.analyses.funnel.attempts import Attempts
from userops.analyses.funnel.rows import Ints
from userops.analyses.funnel.timeline import Timeline
from userops.stats.runs import begins


@dataclass(frozen=True, eq=False)
class Chosen:
    """One entry per owner, in order of `owner`. `done[k]` is the group of step k, -1 when not done."""

    owner: Ints
    start: Ints
    last: Ints
    done: Ints

    def __len__(self) -> int:
        return len(self.owner)

    def take(self, rows: Ints) -> Chosen:
        return Chosen(
            self.owner[rows], self.start[rows], self.last[rows], self.done.take(rows, axis=1)
        )


def best(line: Timeline, attempts: Attempts, owner: Ints) -> Ints:
    """Positions of the best attempt of each owner, in order of owner.

    Attempts come in order of unit, start and, in strict ties, of steps done there: the last one wins.
    """
    rank: Ints = np.arange(len(owner))
    if np.any(owner[1:] < owner[:-1]):
        rank = np.argsort(owner, kind="stable")
    # depth and finish in one number, so that one look decides
    finish = line.at[attempts.last]
    soonest = finish.max(initial=0) - finish
    merit = (attempts.depth << int(soonest.max(initial=0)).bit_length()) + soonest
    # within a unit they stand in order of their start
    measures = (merit, line.at[attempts.start]) if line.rows.holds else (merit,)
    for measure in measures:
        value = measure[rank]
        first = np.flatnonzero(begins(owner[rank]))
        if len(first) == len(rank):
            return rank
        top = np.maximum.reduceat(value, first)
        rank = rank[np.flatnonzero(value == np.repeat(top, np.diff(first, append=len(rank))))]
    latest: Ints = rank[np.append(np.flatnonzero(begins(owner[rank]))[1:], len(rank)) - 1]
    return latest


def laid_out(attempts: Attempts, owner: Ints, steps: tuple[int, ...], count: int) -> Chosen:
    """The best attempts, laid out over all `count` steps of which only `steps` were followed."""
    done = np.full((count, len(owner)), -1)
    done[list(steps)] = attempts.places
    return Chosen(owner, attempts.start, attempts.last, done)


def better(line: Timeline, one: Chosen, other: Chosen, required: Ints) -> Chosen:
    """Of two readings of the same owners the better for each; `one` where they are equal.

    The better has done more required steps; then more steps; then finished first; then started last.
    """
    wins = np.zeros(len(one), bool)
    even = np.ones(len(one), bool)
    for mine, theirs in zip(
        _merits(line, one, required), _merits(line, other, required), strict=True
    ):
        wins |= even & (theirs > mine)
        even &= mine == theirs
    return Chosen(
        one.owner,
        np.where(wins, other.start, one.start),
        np.where(wins, other.last, one.last),
        np.where(wins, other.done, one.done),
    )


def _merits(line: Timeline, each: Chosen, required: Ints) -> list[Ints]:
    """What decides between readings, the most important first; more is better."""
    done = each.done >= 0
    return [
        (done & required[:, None]).sum(axis=0),
        done.sum(axis=0),
        -line.at[each.last],
        line.at[each.start],
    ]
