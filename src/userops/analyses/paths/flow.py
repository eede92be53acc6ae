"""The flow: how many ways stand at each node of each step, where they go on to, and where they end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from userops.analyses.paths.document import PathsDocument
from userops.analyses.paths.finding import Found
from userops.analyses.timelines import Ints
from userops.query.steps import OTHERS

MORE = "$more"
"""The key of the steps left out in the middle of a long way between two events."""
COMMON = 50
"""So many of the most frequent whole ways are listed."""


@dataclass(frozen=True, slots=True)
class Flow:
    """`node`: as found, with rare nodes of a step under the code of the rest. `over`: the ways that end at
    their last step shown; the others of full length go on."""

    found: Found
    node: Ints
    over: Ints

    @property
    def steps(self) -> int:
        return int(self.node.shape[1])

    def ended(self, step: int) -> Ints:
        """Which ways end at a step."""
        held: Ints = (self.node[:, step] > 0) & self.over
        if step + 1 < self.steps:
            held &= self.node[:, step + 1] == 0
        return held


def flow(document: PathsDocument, found: Found) -> Flow:
    node = found.node.copy()
    over = np.ones(len(found), bool) if document.between else found.length <= document.max_steps
    spared = _ends(document, found)
    for step in range(document.max_steps):
        node[:, step] = _kept(document, found, step, spared)[node[:, step]]
    return Flow(found, node, over)


def _ends(document: PathsDocument, found: Found) -> Ints:
    """Between two events the last node of a way is never merged with others."""
    if not document.between:
        return np.zeros(0, np.int64)
    last = np.minimum(found.length, document.max_steps) - 1
    return np.unique(found.node[np.arange(len(found)), last])


def _kept(document: PathsDocument, found: Found, step: int, spared: Ints) -> Ints:
    """What each code becomes at a step: itself, or that of the rest."""
    rest = found.names.rest
    counts = np.bincount(found.node[:, step], minlength=rest + 2)
    becomes = np.full(rest + 2, rest, np.uint16)
    codes = np.arange(1, rest)
    ranked = codes[np.lexsort((codes, -counts[1:rest]))][: document.top]
    ranked = ranked[counts[ranked] >= document.min_share * len(found)]
    for same in (ranked, spared, [0, found.more]):
        becomes[same] = same
    return becomes


def key_of(found: Found, code: int) -> str:
    """A code as in JSON."""
    if code == found.more:
        return MORE
    return OTHERS if code == found.names.rest else found.names.names[code - 1].key


def steps(drawn: Flow) -> list[dict[str, Any]]:
    """Per step its nodes, the largest first, others last."""
    total = len(drawn.found)
    result = []
    for step in range(drawn.steps):
        size = drawn.found.names.rest + 2
        counts = np.bincount(drawn.node[:, step], minlength=size)
        ended = np.bincount(drawn.node[drawn.ended(step), step], minlength=size)
        on = np.bincount(drawn.node[_goes_on(drawn, step), step], minlength=size)
        codes = _ranked(drawn.found, counts)
        if len(codes):
            nodes = [
                {
                    "node": key_of(drawn.found, code),
                    "count": int(counts[code]),
                    "share": int(counts[code]) / total,
                    "ended": int(ended[code]),
                    "continued": int(on[code]),
                }
                for code in codes
            ]
            result.append({"step": step + 1, "count": int(counts[1:].sum()), "nodes": nodes})
    return result


def _goes_on(drawn: Flow, step: int) -> Ints:
    """The ways that have further steps after the last one shown."""
    return ~drawn.over if step + 1 == drawn.steps else np.zeros(len(drawn.found), bool)


def _ranked(found: Found, counts: Ints) -> list[int]:
    codes = [int(code) for code in np.flatnonzero(counts) if code]
    return sorted(codes, key=lambda code: (code >= found.names.rest, -counts[code], code))


def links(drawn: Flow) -> list[dict[str, Any]]:
    """From a node of a step to one of the next, the largest first."""
    size = drawn.found.names.rest + 2
    result = []
    for step in range(drawn.steps - 1):
        before, after = drawn.node[:, step].astype(np.int64), drawn.node[:, step + 1]
        whole = np.bincount(before, minlength=size)
        pairs, counts = np.unique((before * size + after)[after > 0], return_counts=True)
        for at in np.lexsort((pairs, -counts)).tolist():
            one, other = divmod(int(pairs[at]), size)
            result.append(
                {
                    "step": step + 1,
                    "from": key_of(drawn.found, one),
                    "to": key_of(drawn.found, other),
                    "count": int(counts[at]),
                    "share": int(counts[at]) / int(whole[one]),
                }
            )
    return result


def common(found: Found, over: Ints) -> list[dict[str, Any]]:
    """The most frequent whole ways, as far as the steps reach; rare nodes keep their names here."""
    if not len(found):
        return []
    key = same_ways(found, over)
    _values, first, counts = np.unique(key, return_index=True, return_counts=True)
    rows = found.node[first]
    order = np.lexsort((over[first], *rows.T[::-1], -counts))[:COMMON]
    return [
        {
            "nodes": [key_of(found, code) for code in rows[at].tolist() if code],
            "continued": not bool(over[first[at]]),
            "count": int(counts[at]),
            "share": int(counts[at]) / len(found),
        }
        for at in order.tolist()
    ]


def same_ways(found: Found, over: Ints) -> Ints:
    """One number for each way, equal for equal ways: codes packed into 63 bits, renumbered when full."""
    base = found.names.rest + 2
    key, size = over.astype(np.int64), 2
    for step in range(found.node.shape[1]):
        if size * base >= 2**63:
            _values, key = np.unique(key, return_inverse=True)
            size = int(key.max()) + 1
        key = key * base + found.node[:, step]
        size *= base
    return key
