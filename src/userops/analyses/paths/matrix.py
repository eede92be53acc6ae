"""The transition matrix: from each node to each other, over all steps of all ways."""

from __future__ import annotations

from typing import Any

import numpy as np

from userops.analyses.paths.document import PathsDocument
from userops.analyses.paths.finding import Found, Moves
from userops.analyses.paths.flow import key_of
from userops.analyses.timelines import Ints
from userops.stats.runs import begins

_TOOK_BITS = 42
"""Enough for the milliseconds of a hundred years."""


def matrix(document: PathsDocument, found: Found) -> dict[str, Any]:
    """`nodes` in the order of rows and columns; `cells` that hold moves: count, share of the row, median
    seconds between. Only the `top` nodes by the moves they take part in are told apart."""
    assert found.moves is not None
    becomes = told_apart(document, found)
    size = found.names.rest + 1
    before, after = becomes[found.moves.before], becomes[found.moves.after]
    pairs, counts, medians = _measured(before * size + after, found.moves.took)
    rows = np.bincount(before, minlength=size)
    part = rows + np.bincount(after, minlength=size)
    codes = [int(code) for code in np.flatnonzero(part)]
    codes.sort(key=lambda code: (code == found.names.rest, -part[code], code))
    cells = [
        {
            "from": key_of(found, pair // size),
            "to": key_of(found, pair % size),
            "count": count,
            "share": count / int(rows[pair // size]),
            "median_seconds": median / 1000,
        }
        for pair, count, median in zip(
            pairs.tolist(), counts.tolist(), medians.tolist(), strict=True
        )
    ]
    cells.sort(key=lambda cell: -cell["count"])
    return {"nodes": [key_of(found, code) for code in codes], "cells": cells}


def told_apart(document: PathsDocument, found: Found) -> Ints:
    """What each code becomes: itself, or that of the rest."""
    moves, rest = found.moves, found.names.rest
    assert moves is not None
    counts = _counted(moves, rest)
    codes = np.arange(1, rest)
    ranked = codes[np.lexsort((codes, -counts[1:rest]))][: document.top]
    becomes = np.full(rest + 1, rest, np.int64)
    becomes[ranked] = ranked
    return becomes


def _counted(moves: Moves, rest: int) -> Ints:
    size = rest + 1
    counted: Ints = np.bincount(moves.before, minlength=size) + np.bincount(
        moves.after, minlength=size
    )
    return counted


def _measured(pair: Ints, took: Ints) -> tuple[Ints, Ints, Ints]:
    """The different pairs, how often each comes, and its median time in ms; by one sort of numbers."""
    packed = np.sort((pair << _TOOK_BITS) + took)
    sorted_pair = packed >> _TOOK_BITS
    first = np.flatnonzero(begins(sorted_pair))
    counts = np.diff(np.append(first, len(packed)))
    times = packed & ((1 << _TOOK_BITS) - 1)
    low, high = first + (counts - 1) // 2, first + counts // 2
    return sorted_pair[first], counts, (times[low] + times[high]) / 2
