"""Runs: stretches of ordered rows that have the same keys."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt


def begins(key: npt.NDArray[Any], *further: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Whether a run begins at each row: at the first one, and wherever a key is not that of the row before.
    Keys have the shape (n,), the answer too, of bool."""
    new = np.ones(len(key), bool)
    new[1:] = key[1:] != key[:-1]
    for other in further:
        new[1:] |= other[1:] != other[:-1]
    return new
