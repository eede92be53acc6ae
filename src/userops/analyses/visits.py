"""Sessions in events in order: by the ids that events carry, and where a person rests for longer than a gap."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from userops.analyses.timelines import Block, Ints, Reading, What
from userops.query.sql import Values
from userops.stats.runs import begins


def with_ids(of: Reading) -> Reading:
    """Each event with a number for its session id, 0 where it carries none."""

    def what(values: Values) -> What:
        plain = of.what(values)
        session = {"session": "if(session = '', 0, sipHash64(session))"}
        return replace(plain, columns={**plain.columns, **session})

    return replace(of, what=what)


def visits(block: Block, gap: int) -> tuple[Ints | None, Ints]:
    """The order in which the events of a session stand together, none where they do so already; and which events, in
    that order, are the first of one. Events without an id belong together while they come at most `gap` ms after
    another; an id knows no gap.
    """
    order = _by_id(block)
    person, moment = (
        each if order is None else each[order] for each in (block.person, block.moment)
    )
    rest = moment[1:] - moment[:-1] > gap
    if order is not None:
        session = block.columns["session"][order]
        rest = (rest & (session[1:] == 0)) | (session[1:] != session[:-1])
    first = begins(person)
    first[1:] |= rest
    return order, first


def _by_id(block: Block) -> Ints | None:
    """Two sessions of a person may run at the same time, as on two devices: the one that began first stands before the
    other."""
    if "session" not in block.columns:
        return None
    session = block.columns["session"]
    new = begins(block.person, session)
    run = np.cumsum(new) - 1
    heads = np.flatnonzero(new)
    pairs = np.lexsort((heads, session[heads], block.person[heads]))
    same = np.zeros(len(heads), bool)
    before, after = heads[pairs[:-1]], heads[pairs[1:]]
    same[1:] = (session[before] == session[after]) & (block.person[before] == block.person[after])
    leader = np.maximum.accumulate(np.where(same, 0, np.arange(len(heads))))
    earliest = np.empty(len(heads), np.int64)
    earliest[pairs] = pairs[leader]
    return np.argsort(earliest[run], kind="stable")
