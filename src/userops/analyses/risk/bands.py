"""Bands of risk: what people act on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from userops.analyses.risk.learning import Floats
from userops.words import Words


@dataclass(frozen=True, slots=True)
class Band:
    """Chances from `low` on, below that of the band above."""

    name: str
    words: Words
    low: float


BANDS: tuple[Band, ...] = (
    Band("very_high", Words("很高（≥ 80%）", "Very high (≥ 80%)"), 0.8),
    Band("high", Words("高（50%–80%）", "High (50–80%)"), 0.5),
    Band("medium", Words("中（20%–50%）", "Medium (20–50%)"), 0.2),
    Band("low", Words("低（< 20%）", "Low (< 20%)"), 0.0),
)
LABELS: dict[str, Words] = {band.name: band.words for band in BANDS}
NAMES: tuple[str, ...] = tuple(LABELS)


def band_of(chance: Floats) -> Floats:
    """The place of each chance's band."""
    lows = np.array([band.low for band in reversed(BANDS)])
    return np.asarray(len(BANDS) - np.searchsorted(lows, chance, side="right"))
