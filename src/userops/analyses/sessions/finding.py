"""Finding the sessions of a question: one entry for each, from the events of each person in order."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from userops.analyses.sessions.document import Sessions
from userops.analyses.sessions.told import UNKNOWN, Told, told
from userops.analyses.side_by_side import side_by_side
from userops.analyses.timelines import Block, Ints, Reading, What, blocks, carries_sessions
from userops.analyses.visits import visits, with_ids
from userops.query.dates import DateRange
from userops.query.scope import Scope
from userops.query.sql import Values

AROUND_MS = 24 * 3_600_000
"""How far before and after the range events are looked at for sessions that its edges cut."""


@dataclass(frozen=True, slots=True)
class Part:
    """One place for each session. `begin`: UTC ms; `length`: ms from the first to the last event; `depth`: its events;
    `told`: the number of what tells it apart, by its first event, for exits by its last."""

    person: Ints
    begin: Ints
    length: Ints
    depth: Ints
    told: Ints

    def __len__(self) -> int:
        return len(self.person)


@dataclass(frozen=True, slots=True)
class Found:
    """The sessions that begin in a range, in the order of persons; `told`: what their numbers stand for."""

    sessions: Part
    told: Told


def find(document: Sessions, scope: Scope, range_: DateRange, *, apart: bool) -> Found:
    """`apart`: with what tells them apart."""
    begin, after = range_.bounds(scope.zone)
    span = begin - AROUND_MS, after + AROUND_MS
    document = document if apart else document.undivided()
    by = told(document, scope, *span)
    plan = _reading(document, scope, by, *span)
    if document.split == "id_or_gap" and carries_sessions(plan):
        plan = with_ids(plan)

    def of_block(block: Block) -> Part:
        return _part(document, by, block, begin - span[0], after - span[0])

    found = list(side_by_side(of_block, blocks(plan), scope))
    return Found(_joined(found, span[0]), by)


def _reading(document: Sessions, scope: Scope, by: Told, begin: int, until: int) -> Reading:
    step = document.step()

    def what(values: Values) -> What:
        return What(
            code=by.code_sql(document, values),
            flags=(),
            wanted=step.sql(values, scope.person),
            columns=by.columns_sql(document, values),
        )

    def named(values: Values) -> str:
        return f"event in {values.texts(step.events)}" if step.events else "1"

    return Reading(scope, begin, until, by.bits, what, named, spare=document.timeout_ms)


def _part(document: Sessions, by: Told, block: Block, begin: int, after: int) -> Part:
    """The sessions of a block that begin in the range, whose bounds are in the time of `block.at`."""
    number = by.of(block)
    if (number == UNKNOWN).any():
        known = np.flatnonzero(number != UNKNOWN)
        block, number = block.take(known), number[known]
    order, first = visits(block, document.timeout_ms)
    at = block.at
    if order is not None:
        at, number = at[order], number[order]
    starts = np.flatnonzero(first)
    ends = np.append(starts[1:], len(at))
    opened = at[starts]
    chosen = np.flatnonzero((opened >= begin) & (opened < after))
    persons = (block.person if order is None else block.person[order])[starts[chosen]]
    return Part(
        persons.astype(np.uint32),
        opened[chosen],
        (at[ends - 1] - opened)[chosen],
        (ends - starts)[chosen].astype(np.int32),
        _told(document, number, at, starts, ends)[chosen].astype(np.int32),
    )


def _told(document: Sessions, number: Ints, at: Ints, starts: Ints, ends: Ints) -> Ints:
    """Of simultaneous events the first in the order of text counts, for an exit the last."""
    if not len(starts):
        return number
    sizes = ends - starts
    if document.view == "exit":
        counts = at == np.repeat(at[ends - 1], sizes)
        return np.maximum.reduceat(np.where(counts, number, -1), starts)
    counts = at == np.repeat(at[starts], sizes)
    return np.minimum.reduceat(np.where(counts, number, np.iinfo(np.int64).max), starts)


_NOTHING = Part(*(np.zeros(0, type_) for type_ in ("uint32", "int64", "int64", "int32", "int32")))


def _joined(parts: list[Part], begin: int) -> Part:
    def together(name: str) -> Ints:
        return np.concatenate([getattr(part, name) for part in (_NOTHING, *parts)])

    whole = Part(**{field.name: together(field.name) for field in fields(Part)})
    whole.begin[:] += begin
    return whole
