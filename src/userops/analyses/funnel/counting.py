"""The fast path: only how many got how far.

Of the chains that reach an event, the one that started last has most time left, and it goes through the last
event of the step before. So each step looks back once, and attempts are never laid out.
"""

from __future__ import annotations

from functools import reduce

import numpy as np

from userops.analyses.funnel.document import FunnelDocument
from userops.analyses.funnel.rows import SQL, Ints, read_until, wanted_sql
from userops.analyses.side_by_side import side_by_side
from userops.analyses.timelines import Block, Reading, What, blocks
from userops.query.filters import conditions_sql
from userops.query.scope import Scope
from userops.query.sql import Values, all_of, statement


def counted(document: FunnelDocument, scope: Scope) -> list[int]:
    """Users that did each step, for a document that is `simple`."""
    if _shared(document):
        return _by_engine(document, scope)
    assert document.window_ms is not None
    begin, end = document.range.bounds(scope.zone)
    steps, window = len(document.steps), document.window_ms
    reading = Reading(
        scope=scope,
        begin=begin,
        until=read_until(document, scope),
        bits=steps.bit_length(),
        what=lambda values: _what(document, values, scope.person),
        named=lambda values: wanted_sql(document, values, scope.person),
        spare=window,
    )

    def of_block(block: Block) -> Ints:
        return np.array(_reached(block, steps, end - begin, window))

    found = side_by_side(of_block, blocks(reading), scope)
    total: list[int] = reduce(np.add, found, np.zeros(steps, np.int64)).tolist()
    return total


def _what(document: FunnelDocument, values: Values, person: str) -> What:
    """Each event with the number of its step, from 1."""
    if any(step.filters for step in document.steps):
        pairs = [f"{each.sql(values, person)}, {at}" for at, each in enumerate(document.steps, 1)]
        code = f"multiIf({', '.join(pairs)}, 0)"
    else:
        numbers = {name: at for at, step in enumerate(document.steps, 1) for name in step.events}
        told = values.add(list(numbers.values()), "Array(UInt8)")
        code = f"transform(event, {values.texts(list(numbers))}, {told}, toUInt8(0))"
    fits = conditions_sql(document.filters, values, person)
    return What(code, (), all_of([wanted_sql(document, values, person), fits]))


def _reached(block: Block, steps: int, until: int, window: int) -> list[int]:
    """Persons that did each step. Events of one millisecond stand in the order of their steps, and persons
    lie further apart than a window."""
    rows = np.flatnonzero((block.code == 1) & (block.at < until))
    start = block.moment[rows]
    users = [_persons(block.person[rows])]
    for step in range(2, steps + 1):
        # of the chains so far the one that started last, at each event; never is too long ago
        latest = np.full(len(block), -window - 1)
        latest[rows] = start
        np.maximum.accumulate(latest, out=latest)
        later = np.flatnonzero(block.code == step)
        begun = latest[later]
        within = np.flatnonzero(block.moment[later] - begun <= window)
        rows, start = later[within], begun[within]
        users.append(_persons(block.person[rows]))
    return users


def _persons(ordered: Ints) -> int:
    return int(np.count_nonzero(np.diff(ordered))) + 1 if len(ordered) else 0


def _by_engine(document: FunnelDocument, scope: Scope) -> list[int]:
    """Where one event may be two steps: by the engine's `windowFunnel`, whose mode `strict_once` agrees with
    our law, as the oracle says; other modes and options do not."""
    values = scope.values()
    begin, end = document.range.bounds(scope.zone)
    values.parameters.update(begin=begin, until=read_until(document, scope))
    conditions = [each.sql(values, scope.person) for each in document.steps]
    conditions[0] = (
        f"({conditions[0]}) and ts < fromUnixTimestamp64Milli({values.whole(end)}, 'UTC')"
    )
    window = values.add(document.window_ms, "UInt64")
    sql = statement(
        SQL / "counts.sql",
        {
            "person": scope.person,
            "window": window,
            "conditions": ", ".join(conditions),
            "wanted": wanted_sql(document, values, scope.person),
            "filters": conditions_sql(document.filters, values, scope.person),
        },
    )
    by_depth = {row["depth"]: row["persons"] for row in scope.ask(sql, values).to_pylist()}
    return [
        sum(persons for depth, persons in by_depth.items() if depth > at)
        for at in range(len(document.steps))
    ]


def _shared(document: FunnelDocument) -> bool:
    """Whether one event may match two steps, as far as names tell."""
    names = [set(step.events) for step in document.steps]
    return any(
        not one or not other or one & other
        for at, one in enumerate(names)
        for other in names[at + 1 :]
    )
