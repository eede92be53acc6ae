"""Finding the ways of a document: the first steps of each, and every move from node to node."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from userops.analyses.paths.document import PathsDocument
from userops.analyses.paths.reading import reading, words_of
from userops.analyses.paths.ways import Ways, ways
from userops.analyses.side_by_side import side_by_side
from userops.analyses.timelines import Block, Ints, blocks, carries_sessions
from userops.analyses.visits import with_ids
from userops.analyses.vocabulary import Vocabulary
from userops.query.scope import Scope

NOTHING = 0
"""The code where a way has no further node."""


@dataclass(frozen=True, slots=True)
class Moves:
    """Every step of every way: the nodes it goes between, the milliseconds it takes, and whose it is."""

    before: Ints
    after: Ints
    took: Ints
    person: Ints


@dataclass(frozen=True, slots=True)
class Found:
    """`node[w, k]` is the code of step k of way w; `length`: its nodes, also those beyond the last step."""

    names: Vocabulary
    person: Ints
    node: Ints
    length: Ints
    begun: int
    moves: Moves | None

    @property
    def more(self) -> int:
        """The code that stands for the steps left out in the middle of a long way between two events."""
        return self.names.rest + 1

    def __len__(self) -> int:
        return len(self.person)


def find(document: PathsDocument, scope: Scope, *, moves: bool = False) -> Found:
    """Follow every way of a resolved document; with `moves` also what the matrix tells of."""
    names = words_of(document, scope)
    plan = reading(document, scope, names)
    if document.within == "session" and carries_sessions(plan):
        plan = with_ids(plan)
    begin, end = document.range.bounds(scope.zone)

    def of_block(block: Block) -> Found:
        found = ways(document, block, begin - plan.begin, end - plan.begin)
        return _part(document, names, found, moves=moves)

    given = blocks(plan) if names.names else ()
    return _joined(document, names, list(side_by_side(of_block, given, scope)), moves)


def _part(document: PathsDocument, names: Vocabulary, found: Ways, *, moves: bool) -> Found:
    length = found.length
    node = np.zeros((len(length), document.max_steps), np.uint16)
    for step in range(document.max_steps):
        held = np.flatnonzero(length > step)
        node[held, step] = found.code[found.first[held] + step]
    result = Found(
        names, found.person.astype(np.uint32), node, length.astype(np.int32), found.begun,
        _moves(found, turned=document.backward) if moves else None,
    )  # fmt: skip
    if document.between:
        _keep_the_end(result, found)
    return result


def _keep_the_end(result: Found, found: Ways) -> None:
    """Of a way with too many steps the last one is shown, and one that stands for those left out."""
    steps = result.node.shape[1]
    long = np.flatnonzero(result.length > steps)
    result.node[long, steps - 1] = found.code[found.first[long + 1] - 1]
    if steps > 2:
        result.node[long, steps - 2] = result.more


def _moves(found: Ways, *, turned: bool) -> Moves:
    inside = np.ones(len(found.code), bool)
    inside[found.first[1:-1]] = False
    to = np.flatnonzero(inside)[1:]
    before, after = found.code[to - 1].astype(np.uint16), found.code[to].astype(np.uint16)
    took = np.abs(found.at[to] - found.at[to - 1])
    person = np.repeat(found.person, found.length)[to].astype(np.uint32)
    return Moves(after, before, took, person) if turned else Moves(before, after, took, person)


def _joined(document: PathsDocument, names: Vocabulary, parts: list[Found], moves: bool) -> Found:
    empty = np.zeros(0, np.int64)
    if not parts:
        node = np.zeros((0, document.max_steps), np.uint16)
        none = Moves(empty, empty, empty, empty) if moves else None
        return Found(names, empty, node, empty, 0, none)
    return Found(
        names,
        np.concatenate([part.person for part in parts]),
        np.concatenate([part.node for part in parts]),
        np.concatenate([part.length for part in parts]),
        sum(part.begun for part in parts),
        _joined_moves([part.moves for part in parts if part.moves is not None]) if moves else None,
    )


def _joined_moves(parts: list[Moves]) -> Moves:
    return Moves(
        np.concatenate([part.before for part in parts]),
        np.concatenate([part.after for part in parts]),
        np.concatenate([part.took for part in parts]),
        np.concatenate([part.person for part in parts]),
    )
