"""From events in order to ways: where each begins and ends, and what it passes.

All of it with arrays over a block of events, without a loop over persons. Ways never share an event, so a
way is a stretch of the events; read from the end, the whole block is turned round first.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from userops.analyses.paths.document import PathsDocument
from userops.analyses.paths.reading import SESSION_GAP_MS
from userops.analyses.timelines import Block, Ints
from userops.analyses.visits import visits
from userops.stats.runs import begins


@dataclass(frozen=True, slots=True)
class Ways:
    """`first[w]:first[w + 1]` are the nodes of way w: `code` and `at` (ms; falling when read from the end).
    `person` for each way; `begun`: how many began, those that reached no end included."""

    person: Ints
    first: Ints
    code: Ints
    at: Ints
    begun: int

    @property
    def length(self) -> Ints:
        return np.diff(self.first)


@dataclass(frozen=True, slots=True)
class _Line:
    """Node events by unit (a session, or a person) and time. `moment` rises within a unit."""

    unit: Ints
    person: Ints
    moment: Ints
    at: Ints
    code: Ints
    starts: Ints
    ends: Ints

    def __len__(self) -> int:
        return len(self.code)


def ways(document: PathsDocument, block: Block, begin: int, end: int) -> Ways:
    """The ways of a block. `begin`, `end`: the bounds of the range, in the time of `block.at`."""
    line = _line(document, block)
    if document.within == "session":
        start, stop = _of_sessions(document, line)
    else:
        start, stop = _of_windows(document, line, begin, end)
    begun = start
    if document.between:
        start, stop = _reaching(line, start, stop)
    if document.count == "users":
        chosen = _first_of_each_person(line, start)
        start, stop = start[chosen], stop[chosen]
        begun = begun[_first_of_each_person(line, begun)]
    return _collapsed(document, line, start, stop, len(begun))


def _line(document: PathsDocument, block: Block) -> _Line:
    """The nodes of a block, turned round where ways are read from their end."""
    if document.within == "session":
        order, first = visits(block, SESSION_GAP_MS)
    else:
        order, first = None, begins(block.person)
    person, moment, at, code, flags = (
        each if order is None else each[order]
        for each in (block.person, block.moment, block.at, block.code, block.flags)
    )
    unit = np.cumsum(first)
    nodes = np.flatnonzero(code > 0)
    if document.backward:
        nodes = nodes[::-1]
    turned = -1 if document.backward else 1
    last = 1 if document.start is not None else 0
    flags = flags[nodes]
    return _Line(
        unit=turned * unit[nodes],
        person=person[nodes],
        moment=turned * moment[nodes],
        at=at[nodes],
        code=code[nodes],
        starts=(flags & 1) > 0,
        ends=(flags >> last & 1) > 0,
    )


def _firsts(of: Ints, among: Ints) -> Ints:
    """Of positions in order, the first of each unit."""
    found: Ints = among[begins(of[among])]
    return found


def _anchors(document: PathsDocument, line: _Line) -> Ints:
    """Where a way may begin."""
    if document.backward:
        return np.flatnonzero(line.ends)
    if document.start is not None:
        return np.flatnonzero(line.starts)
    return np.arange(len(line))


def _of_sessions(document: PathsDocument, line: _Line) -> tuple[Ints, Ints]:
    start = _firsts(line.unit, _anchors(document, line))
    return start, np.searchsorted(line.unit, line.unit[start], side="right")


def _of_windows(document: PathsDocument, line: _Line, begin: int, end: int) -> tuple[Ints, Ints]:
    """A way begins at the first event that may begin one after the window of the way before it."""
    anchor = _anchors(document, line)
    anchor = anchor[(line.at[anchor] >= begin) & (line.at[anchor] < end)]
    stop = np.searchsorted(line.moment, line.moment[anchor] + document.span_ms, side="right")
    following = np.searchsorted(anchor, stop)
    taken = np.zeros(len(anchor), bool)
    unit = line.unit[anchor]
    # the n-th way of every person in the n-th turn
    now = np.flatnonzero(begins(unit))
    while len(now):
        taken[now] = True
        after = following[now]
        inside = after < len(anchor)
        now, after = now[inside], after[inside]
        now = after[unit[after] == unit[now]]
    return anchor[taken], stop[taken]


def _reaching(line: _Line, start: Ints, stop: Ints) -> tuple[Ints, Ints]:
    """The ways that come to an end event after their first one, each up to it."""
    end = np.append(np.flatnonzero(line.ends), len(line))
    found = end[np.searchsorted(end[:-1], start, side="right")]
    reached = found < stop
    return start[reached], found[reached] + 1


def _first_of_each_person(line: _Line, start: Ints) -> Ints:
    """Positions of the first way of each person; sessions at the same time come by their first node."""
    person, moment = line.person[start], line.moment[start]
    order = np.lexsort((np.arange(len(start)), moment, person))
    return np.sort(order[begins(person[order])])


def _collapsed(document: PathsDocument, line: _Line, start: Ints, stop: Ints, begun: int) -> Ways:
    sizes = stop - start
    first = np.append(0, np.cumsum(sizes))
    rows = np.repeat(start - first[:-1], sizes) + np.arange(first[-1])
    code, at = line.code[rows], line.at[rows]
    way = np.repeat(np.arange(len(start)), sizes)
    if document.collapse != "none":
        repeats = document.collapse == "repeats"
        kept = begins(way, code) if repeats else _without_loops(way, code, first)
        code, at = code[kept], at[kept]
        first = np.append(0, np.cumsum(np.bincount(way[kept], minlength=len(start))))
    return Ways(line.person[start], first, code, at, begun)


def _without_loops(way: Ints, code: Ints, first: Ints) -> Ints:
    """From each node on after its last visit: what lies between two visits of a node is a loop."""
    key = way * (int(code.max(initial=0)) + 1) + code
    order = np.argsort(key, kind="stable")
    final = np.append(key[order][1:] != key[order][:-1], True)[: len(key)]
    groups = np.cumsum(np.append(0, final[:-1]))[: len(key)]
    last = np.empty(len(key), np.int64)
    last[order] = order[np.flatnonzero(final)][groups]
    kept = np.zeros(len(code), bool)
    now, stop = first[:-1], first[1:]
    while len(now):
        kept[now] = True
        now = last[now] + 1
        inside = now < stop
        now, stop = now[inside], stop[inside]
    return kept
