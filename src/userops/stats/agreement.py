"""How far two groupings of the same persons agree, and which group of one is which of the other."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def crossed(first: Ints, second: Ints, rows: int, columns: int) -> Ints:
    """How many persons are in each pair of groups; groups are numbered from 0."""
    pairs = np.bincount(first * columns + second, minlength=rows * columns)
    return np.asarray(pairs.reshape(rows, columns), np.int64)


def adjusted_rand(table: Ints) -> float | None:
    """Hubert and Arabie (1985): 1 for the same groups, 0 on average for groups by chance.

    None where both have one group, or nobody is there to compare.
    """
    total = int(table.sum())
    if total < 2:
        return None
    inside = float(_pairs(table).sum())
    rows, columns = float(_pairs(table.sum(1)).sum()), float(_pairs(table.sum(0)).sum())
    chance = rows * columns / (total * (total - 1) / 2)
    most = (rows + columns) / 2
    return (inside - chance) / (most - chance) if most != chance else None


def _pairs(counts: Ints) -> Floats:
    return np.asarray(counts * (counts - 1) / 2, np.float64)


def jaccards(table: Ints) -> Floats:
    """Of each pair of groups: persons in both over persons in either; 0 where nobody is."""
    either = table.sum(1)[:, None] + table.sum(0)[None, :] - table
    return np.asarray(table / np.maximum(either, 1), np.float64)


def matched(likeness: Floats) -> dict[int, int]:
    """The pairs (row → column) with the greatest sum of likeness, each used once, those of no likeness left
    out. Kuhn (1955)."""
    from scipy.optimize import linear_sum_assignment

    rows, columns = linear_sum_assignment(likeness, maximize=True)
    pairs = zip(rows.tolist(), columns.tolist(), strict=True)
    return {row: column for row, column in pairs if likeness[row, column] > 0}
