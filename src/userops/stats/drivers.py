"""What an outcome goes with: least squares, and how much of what it explains belongs to each driver.

Importance is the share of R² by Lindeman, Merenda and Gold (1980): a driver's gain in R², averaged over all
orders in which drivers can enter (the Shapley value). The shares add up to R² and are never negative, also
where drivers tell much the same. An association is no proof that a driver moves the outcome.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import factorial

import numpy as np
import numpy.typing as npt
import scipy

Floats = npt.NDArray[np.float64]
MOST = 10
"""Drivers at once: all their subsets are fitted."""


@dataclass(frozen=True, slots=True)
class Coefficient:
    value: float
    error: float
    p: float


@dataclass(frozen=True, slots=True)
class Fit:
    """`coefficients`: the constant first, then one for each column."""

    coefficients: tuple[Coefficient, ...]
    r2: float
    count: int


def least_squares(columns: Sequence[Floats], outcome: Floats) -> Fit | None:
    """Ordinary least squares with a constant; None where there are too few rows, a column says nothing
    of its own, or the outcome does not vary."""
    count, width = len(outcome), len(columns) + 1
    if count <= width:
        return None
    design = np.column_stack([np.ones(count), *columns])
    total = float(((outcome - outcome.mean()) ** 2).sum())
    if np.linalg.matrix_rank(design) < width or not total:
        return None
    inverse = np.linalg.inv(design.T @ design)
    values = inverse @ design.T @ outcome
    left = float(((outcome - design @ values) ** 2).sum())
    freedom = count - width
    errors = np.sqrt(np.diag(inverse) * left / freedom)
    found = [
        Coefficient(float(value), float(error), _p(float(value), float(error), freedom))
        for value, error in zip(values, errors, strict=True)
    ]
    return Fit(tuple(found), 1 - left / total, count)


def _p(value: float, error: float, freedom: int) -> float:
    return 2 * float(scipy.special.stdtr(freedom, -abs(value) / error)) if error else 0.0


def importances(columns: Sequence[Floats], outcome: Floats) -> list[float] | None:
    """Each driver's share of R²; they add up to it. None as for `least_squares`. At most `MOST` columns."""
    width = len(columns)
    if width > MOST:
        raise ValueError(f"at most {MOST} drivers, got {width}")
    if least_squares(columns, outcome) is None:
        return None
    table = np.corrcoef(np.vstack([*columns, outcome]))
    among, with_outcome = table[:width, :width], table[:width, width]
    r2: dict[tuple[int, ...], float] = {(): 0.0}
    for size in range(1, width + 1):
        for chosen in combinations(range(width), size):
            places = list(chosen)
            own = with_outcome[places]
            r2[chosen] = float(own @ np.linalg.solve(among[np.ix_(places, places)], own))
    return [_gain(driver, width, r2) for driver in range(width)]


def _gain(driver: int, width: int, r2: dict[tuple[int, ...], float]) -> float:
    others = [each for each in range(width) if each != driver]
    total = 0.0
    for size in range(width):
        weight = factorial(size) * factorial(width - size - 1) / factorial(width)
        for before in combinations(others, size):
            after = tuple(sorted((*before, driver)))
            total += weight * (r2[after] - r2[before])
    return total
