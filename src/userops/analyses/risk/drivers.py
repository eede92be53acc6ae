"""What goes with leaving: in words, as associations and never as causes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from userops.analyses.risk.features import Feature, Frame, times_words
from userops.analyses.risk.learning import Floats, Predictor
from userops.stats.comparisons import of_shares
from userops.words import Words

FEWEST = 30
"""Users on each side of a cut."""
MOST = 12
REASONS = 3
LEAST_PULL = 0.1
"""In log-odds: what moves the risk by less is not named."""
NO_LABELS: Mapping[str, Words] = {}


def drivers(of: Frame, left: Floats) -> list[dict[str, Any]]:
    """Each feature cut at its median: the share that left on both sides, and their difference with 95%
    interval; the largest difference first."""
    found: list[dict[str, Any]] = []
    for place, feature in enumerate(of.features):
        values = of.values[:, place]
        low = values <= np.median(values)
        counts = [
            int(each) for each in (left[low].sum(), low.sum(), left[~low].sum(), (~low).sum())
        ]
        if min(counts[1], counts[3]) < FEWEST:
            continue
        difference = of_shares(*counts)
        assert difference is not None
        found.append(
            {
                "feature": feature.name,
                "event": feature.event,
                "cut": shown(feature, float(np.median(values))),
                "low_left": counts[0],
                "low_users": counts[1],
                "low_share": counts[0] / counts[1],
                "high_left": counts[2],
                "high_users": counts[3],
                "high_share": counts[2] / counts[3],
                "difference": difference.value,
                "from": difference.low,
                "to": difference.high,
            }
        )
    found.sort(key=lambda each: -abs(each["difference"]))
    return found[:MOST]


def shown(feature: Feature, value: float) -> float:
    """A value of a feature as people count it."""
    return float(np.expm1(value)) if feature.logarithm else value


def reasons(
    predictor: Predictor, of: Frame, rows: Floats
) -> list[list[tuple[Feature, float, float]]]:
    """Of each user the features that raise the risk most, with their value and that of the average user;
    by the logistic regression."""
    pulls = predictor.plain.pulls(of.values[rows])
    found = []
    for row, pull in zip(rows, pulls, strict=True):
        strongest = [place for place in np.argsort(-pull)[:REASONS] if pull[place] >= LEAST_PULL]
        found.append(
            [
                (
                    of.features[place],
                    shown(of.features[place], float(of.values[row, place])),
                    shown(of.features[place], float(predictor.plain.centre[place])),
                )
                for place in strongest
            ]
        )
    return found


def in_words(
    feature: Feature, value: float, usual: float, labels: Mapping[str, Words] = NO_LABELS
) -> Words:
    """`近 7 天活跃天数 0（平均 2.4）`; `labels`: the display names of events."""
    label = labels.get(feature.event) if feature.event else None
    words = times_words(label) if label else feature.words
    return Words(
        f"{words.zh} {value:.3g}（平均 {usual:.3g}）",
        f"{words.en}: {value:.3g} (average {usual:.3g})",
    )
