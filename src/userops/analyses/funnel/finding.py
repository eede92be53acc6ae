"""Finding: from rows to the one attempt that counts for each person or session."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from userops.analyses.funnel.any_order import any_order
from userops.analyses.funnel.attempts import Attempts, Barrier, ordered, strict
from userops.analyses.funnel.choosing import Chosen, best, better, laid_out
from userops.analyses.funnel.document import FunnelDocument
from userops.analyses.funnel.reading import Part, everybody
from userops.analyses.funnel.rows import Ints, day_ends
from userops.analyses.funnel.ties import reach
from userops.analyses.funnel.timeline import Timeline, has, timeline
from userops.analyses.periods import begins_of, period_of
from userops.query.scope import Scope


@dataclass(frozen=True, eq=False)
class Found:
    """`total`: per person or session. `by_start`: per person or session and start period.

    `excluded` is a mask over `total`: those whom an exclusion leaves out, already out of `by_start`.
    """

    line: Timeline
    total: Chosen
    excluded: Ints
    by_start: Chosen
    period: Ints
    """The start period of each entry of `by_start`."""

    @property
    def kept(self) -> Chosen:
        return self.total.take(np.flatnonzero(~self.excluded))

    def person(self, of: Chosen) -> Ints:
        """The person behind each entry."""
        return self.line.person[of.start]


def find(document: FunnelDocument, scope: Scope, part: Part | None = None) -> Found:
    """Follow every attempt of a resolved document, of all persons or of a part of them."""
    part = part or everybody(document, scope)
    line = timeline(part.rows, part.derived)
    start, deadline = _starts(document, scope, line)
    begins = begins_of(document.range, document.unit, scope.zone)
    period = period_of(line.at, begins)
    if document.order == "ordered":
        kept = _telling(line, start, period)
        start, deadline = start[kept], deadline[kept]
    required = np.array([not step.optional for step in document.steps])
    total = by_start = None
    for steps in _readings(document):
        attempts = _follow(document, line, steps, start, deadline)
        who = line.owner[attempts.start]
        count = len(document.steps)
        when = who * len(begins) + period[attempts.start]
        rows = best(line, attempts, when)
        attempts, who, when = attempts.take(rows), who[rows], when[rows]
        ours = laid_out(attempts, when, steps, count)
        # attempts that start in different periods are never equal: the best of all is one of these
        rows = best(line, attempts, who)
        mine = laid_out(attempts.take(rows), who[rows], steps, count)
        total = mine if total is None else better(line, total, mine, required)
        by_start = ours if by_start is None else better(line, by_start, ours, required)
    assert total is not None and by_start is not None
    out = _excluded(document, line, total, start, deadline)
    inside = np.flatnonzero(~_excluded(document, line, by_start, start, deadline))
    by_start = by_start.take(inside)
    return Found(line, total, out, by_start, by_start.owner % max(len(begins), 1))


def _readings(document: FunnelDocument) -> Iterator[tuple[int, ...]]:
    """The funnel with each choice of its optional steps kept, in the order of the steps kept."""
    places = range(len(document.steps))
    kept = [
        set(chosen)
        for size in range(len(document.optional) + 1)
        for chosen in combinations(document.optional, size)
    ]
    yield from sorted(
        tuple(at for at in places if at in each or at not in document.optional) for each in kept
    )


def _starts(document: FunnelDocument, scope: Scope, line: Timeline) -> tuple[Ints, Ints]:
    """The groups in which attempts start, and the last millisecond of each attempt."""
    begin, end = document.range.bounds(scope.zone)
    begins = line.steps > 0 if document.order == "any_order" else (line.steps & 1) > 0
    start = np.flatnonzero(begins & (line.at >= begin) & (line.at < end))
    if document.first_entry and len(start):
        owner = line.owner[start]
        earliest = np.full(int(owner.max()) + 1, np.iinfo(np.int64).max)
        np.minimum.at(earliest, owner, line.at[start])
        start = start[line.at[start] == earliest[owner]]
    if document.window_ms is not None:
        return start, line.at[start] + document.window_ms
    ends = day_ends(document, scope)
    return start, ends[np.searchsorted(ends, line.at[start])]


def _telling(line: Timeline, start: Ints, period: Ints) -> Ints:
    """The starts that can count: not those within a run of first steps, with nothing else in between.

    Those of a run all go on with the same event, and the last one has most time for it; if none gets
    there, the first one counts.
    """
    pure = (line.steps == 1) & (line.exclusions == 0)
    begins = np.zeros(len(line), bool)
    begins[start] = True
    alike = pure & begins
    joined = alike[1:] & alike[:-1]
    joined &= (line.unit[1:] == line.unit[:-1]) & (period[1:] == period[:-1])
    inside = np.zeros(len(line), bool)
    inside[1:-1] = joined[:-1] & joined[1:]
    return np.flatnonzero(~inside[start])


def _follow(
    document: FunnelDocument, line: Timeline, steps: tuple[int, ...], start: Ints, deadline: Ints
) -> Attempts:
    masks = line.rows.steps
    if len(steps) < len(document.steps):
        masks = sum((masks >> step & 1) << at for at, step in enumerate(steps))  # type: ignore[assignment]
    barriers = []
    if document.exclusion_mode == "stop":
        for bit, each in enumerate(document.exclusions):
            begin, end = document.span(each)
            marked = has(line.exclusions, bit)
            barriers.append(Barrier(steps.index(begin), steps.index(end), marked))
    if document.order == "any_order":
        return any_order(line, masks, start, deadline, len(steps), tuple(barriers))
    carried = reach(line, masks, len(steps))
    if document.order == "strict":
        return strict(line, carried, start, deadline, len(steps))
    return ordered(line, carried, start, deadline, len(steps), barriers)


def _excluded(
    document: FunnelDocument, line: Timeline, found: Chosen, start: Ints, deadline: Ints
) -> Ints:
    """Whose best attempt has an excluded event inside it."""
    out = np.zeros(len(found), bool)
    if document.exclusion_mode != "drop" or not len(found):
        return out
    until = deadline[np.searchsorted(start, found.start)]
    for bit, each in enumerate(document.exclusions):
        begin, end = document.span(each)
        held = np.flatnonzero(found.done[begin] >= 0)
        next_one = line.after(found.done[begin][held], has(line.exclusions, bit))
        known = np.minimum(next_one, len(line) - 1)
        finish = found.done[end][held]
        at = line.at[known]
        within = np.where(finish >= 0, at < line.at[finish], at <= until[held])
        out[held] |= (next_one < len(line)) & within
    return out
