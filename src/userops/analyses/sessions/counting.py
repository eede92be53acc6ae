"""Counting sessions by cell: a group, a period, both, or all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from userops.analyses.periods import period_of
from userops.analyses.sessions.document import Sessions
from userops.analyses.sessions.figures import edges
from userops.analyses.sessions.finding import Part
from userops.analyses.timelines import Ints
from userops.query.axis import Axis
from userops.query.dates import milliseconds
from userops.query.scope import Scope
from userops.stats.runs import begins

_MEASURE_BITS = 40
"""Of a length in ms or a depth, below the number of its cell."""


def periods(axis: Axis, part: Part) -> Ints:
    """The place of each session on the axis."""
    begins = np.array([bucket.begin for bucket in axis.buckets], np.int64)
    return np.maximum(period_of(part.begin, begins), 0)


def over(document: Sessions, scope: Scope, part: Part) -> Ints:
    """Which sessions are over: the last event is older than the timeout."""
    return part.begin + part.length < milliseconds(scope.now) - document.timeout_ms


def bars_of(document: Sessions, part: Part) -> Ints:
    """The part of the histogram that each session falls into."""
    measured, scale = (part.length, 1000) if document.view == "length" else (part.depth, 1)
    bounds = np.array(edges(document.view)) * scale
    return np.searchsorted(bounds, measured, side="right") - 1


@dataclass(frozen=True, slots=True)
class Tally:
    """What is counted of the sessions of each cell."""

    sessions: Ints
    users: Ints
    closed: Ints
    bounced: Ints
    events: Ints
    length: Ints
    median_length: Ints
    p90_length: Ints
    median_depth: Ints

    def figures(self, cell: int) -> dict[str, Any]:
        """The figures of one cell; a figure of nothing is none."""
        sessions, users, closed = (
            int(each[cell]) for each in (self.sessions, self.users, self.closed)
        )
        return {
            "sessions": sessions,
            "users": users,
            "per_user": sessions / users if users else None,
            "median_seconds": float(self.median_length[cell]) / 1000 if closed else None,
            "mean_seconds": int(self.length[cell]) / closed / 1000 if closed else None,
            "p90_seconds": float(self.p90_length[cell]) / 1000 if closed else None,
            "depth": int(self.events[cell]) / closed if closed else None,
            "median_depth": float(self.median_depth[cell]) if closed else None,
            "bounce_rate": int(self.bounced[cell]) / closed if closed else None,
            "bounced": int(self.bounced[cell]),
            "open": sessions - closed,
        }


def tally(document: Sessions, part: Part, closed: Ints, cell: Ints, cells: int) -> Tally:
    """`closed`: which sessions are over. `cell`: of each session; those below 0 count nowhere."""
    inside = np.flatnonzero(cell >= 0)
    ended = inside[closed[inside]]
    own, depth, length = cell[ended], part.depth[ended], part.length[ended]
    count = np.bincount(own, minlength=cells)
    lengths = _ordered(own, length)
    median_length, p90_length = (_quantile(lengths, count, level) for level in (0.5, 0.9))
    return Tally(
        sessions=np.bincount(cell[inside], minlength=cells),
        users=_users(cell[inside], part.person[inside], cells),
        closed=count,
        bounced=np.bincount(own[depth <= document.bounce_events], minlength=cells),
        # sums of whole numbers below 2^53 are exact
        events=np.bincount(own, depth, cells).astype(np.int64),
        length=np.bincount(own, length, cells).astype(np.int64),
        median_length=median_length,
        p90_length=p90_length,
        median_depth=_quantile(_ordered(own, depth), count, 0.5),
    )


def _users(cell: Ints, person: Ints, cells: int) -> Ints:
    held = np.sort((cell.astype(np.int64) << 32) | person)
    return np.bincount(held[begins(held)] >> 32, minlength=cells)


def _ordered(cell: Ints, measured: Ints) -> Ints:
    """The measures, those of a cell together and in order."""
    key = np.sort((cell.astype(np.int64) << _MEASURE_BITS) | measured)
    return key & ((1 << _MEASURE_BITS) - 1)


def _quantile(ordered: Ints, count: Ints, level: float) -> Ints:
    """Of each cell, with linear interpolation between closest ranks; 0 where there is none."""
    if not len(ordered):
        return np.zeros(len(count))
    first = np.cumsum(count) - count
    place = level * np.maximum(count - 1, 0)
    low = place.astype(np.int64)
    high = np.minimum(low + 1, np.maximum(count - 1, 0))
    below, above = (
        ordered[np.minimum(first + at, len(ordered) - 1)].astype(np.float64) for at in (low, high)
    )
    found: Ints = below + (above - below) * (place - low)
    return found
