"""After how long a silence somebody counts as gone: read off the return curve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from userops.stats.survival import Survival

SHARPEST = 0.05
"""A knee stands at least so far below the straight line between the ends of the curve."""
FEWEST_POINTS = 5


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`by`: the chance to return stays below the threshold from there on; or the curve bends there, which
    is the next best; or neither can be told from so little."""

    window: int | None
    by: Literal["threshold", "knee", "none"]


def curve(of: Survival, horizon: int, fewest: int) -> list[dict[str, Any]]:
    """By days of silence: how many lasted so long, the share that lasts longer, and the chance to return
    within the horizon. The chance is undefined where too few could be watched to the end of it."""
    points = []
    for days in range(len(of)):
        if of.at_risk[days] < fewest:
            break
        chance = low = high = None
        watched = days + horizon < len(of) and of.at_risk[days + horizon] >= fewest
        if watched and of.surviving[days] > 0:
            chance, low, high = of.ends_within(days, horizon)
        points.append(
            {
                "days": days,
                "at_risk": int(of.at_risk[days]),
                "silent": float(of.surviving[days]),
                "chance": chance,
                "low": low,
                "high": high,
            }
        )
    return points


def estimable(points: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The points at which the chance is known."""
    return [point for point in points if point["chance"] is not None]


def suggest(points: list[dict[str, Any]], threshold: float) -> Suggestion:
    """The first length of at least a day from which on the chance stays below the threshold; else the
    knee: where the curve is farthest below the line between its ends (Satopaa et al. 2011)."""
    known = [point["chance"] for point in estimable(points)]
    above = [days for days, chance in enumerate(known) if chance >= threshold]
    first = max(max(above, default=0) + 1, 1)
    if first < len(known):
        return Suggestion(first, "threshold")
    if len(known) < FEWEST_POINTS:
        return Suggestion(None, "none")
    chances = np.array(known)
    line = np.linspace(chances[0], chances[-1], len(chances))
    below = line - chances
    at = int(below.argmax())
    if at < 1 or below[at] < SHARPEST:
        return Suggestion(None, "none")
    return Suggestion(at, "knee")
