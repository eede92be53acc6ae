"""How good predicted chances are: whether they rank, whether they are right, and by how much.

Chances are between 0 and 1, outcomes 0 or 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from userops.stats.proportions import wilson

Floats = npt.NDArray[Any]
_LEAST = 1e-15


@dataclass(frozen=True, slots=True)
class Scores:
    """- `pr_auc`: average precision; that of a blind guess is the share of ones.
    - `brier`: mean square error. `log_loss`: mean negative log-likelihood. Both: less is better.
    - `ece`: expected calibration error, over ten parts of equal width.
    - `lift`: share of ones among the tenth with the highest chances ÷ share among all.
    - `ratio`: ones observed ÷ expected; 1 is right.
    """

    pr_auc: float | None
    brier: float
    log_loss: float
    ece: float
    lift: float | None
    ratio: float | None


def scores(outcome: Floats, chance: Floats) -> Scores:
    share = float(outcome.mean())
    expected = float(chance.sum())
    return Scores(
        pr_auc=average_precision(outcome, chance) if share else None,
        brier=float(((chance - outcome) ** 2).mean()),
        log_loss=log_loss(outcome, chance),
        ece=calibration_error(outcome, chance, 10),
        lift=lift_at(outcome, chance, 0.1),
        ratio=float(outcome.sum()) / expected if expected else None,
    )


def average_precision(outcome: Floats, chance: Floats) -> float:
    from sklearn.metrics import average_precision_score

    return float(average_precision_score(outcome, chance))


def log_loss(outcome: Floats, chance: Floats) -> float:
    kept = np.clip(chance, _LEAST, 1 - _LEAST)
    return float(-(outcome * np.log(kept) + (1 - outcome) * np.log(1 - kept)).mean())


def calibration_error(outcome: Floats, chance: Floats, parts: int) -> float:
    """The mean distance between chance and share of ones, weighted by how many are in each part of equal
    width; a part holds its upper end."""
    part = np.maximum(np.ceil(chance * parts).astype(int) - 1, 0)
    return float(np.abs(np.bincount(part, chance - outcome, minlength=parts)).sum() / len(chance))


def lift_at(outcome: Floats, chance: Floats, share: float) -> float | None:
    """Of the highest chances, such a share of all; ties in the order given. None without ones."""
    if not outcome.any():
        return None
    count = max(1, round(len(chance) * share))
    top = np.argsort(-chance, kind="stable")[:count]
    return float(outcome[top].mean() / outcome.mean())


@dataclass(frozen=True, slots=True)
class Part:
    """Those of about the same chance: how many, their mean chance, how many ones, with 95% interval."""

    users: int
    chance: float
    ones: int
    low: float
    high: float


def calibration_curve(outcome: Floats, chance: Floats, parts: int) -> list[Part]:
    """By rising chance, in parts of equal size."""
    found = []
    for own in np.array_split(np.argsort(chance, kind="stable"), parts):
        if not len(own):
            continue
        ones = int(outcome[own].sum())
        low, high = wilson(ones, len(own)) or (0.0, 1.0)
        found.append(Part(len(own), float(chance[own].mean()), ones, low, high))
    return found
