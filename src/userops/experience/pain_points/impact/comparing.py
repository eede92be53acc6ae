"""A cohort to its comparison: what became of the cases and of others alike, and how alike they are."""

from __future__ import annotations

from typing import Any

import numpy as np

from userops.experience.pain_points.impact.cohort import Cohort
from userops.stats.matching import (
    Effect,
    Matching,
    Moments,
    difference,
    match,
    scale_of,
    standardised,
)

OUTCOMES = ("gone", "active", "paid")
BALANCED = 0.1
"""A standardised mean difference below this is usually called balanced (Austin 2009)."""


def compared(cohort: Cohort) -> dict[str, Any]:
    """JSON-ready: how many were matched, the differences of the outcomes, and the balance of the traits. Without
    enough matched cases `outcomes` is empty."""
    matching = match(cohort.stratum, cohort.case)
    balance = _balance(cohort, matching)
    worst = [abs(row["after"]) for row in balance if row["after"] is not None]
    return {
        "cases": cohort.cases,
        "absent": cohort.absent,
        "young": cohort.young,
        "eligible": matching.cases,
        "matched": matching.matched,
        "controls": matching.controls,
        "strata": matching.strata,
        "enough": matching.enough,
        "outcomes": _outcomes(cohort, matching),
        "balance": balance,
        "worst": max(worst, default=None),
    }


def _outcomes(cohort: Cohort, matching: Matching) -> list[dict[str, Any]]:
    found = []
    for name in OUTCOMES:
        effect = difference(matching, cohort.person, cohort.outcomes[name])
        if effect is not None:
            found.append({"name": name, **as_dict(effect)})
    return found


def as_dict(effect: Effect) -> dict[str, float | None]:
    return {
        "of_cases": effect.of_cases,
        "of_controls": effect.of_controls,
        "value": effect.value,
        "low": effect.low,
        "high": effect.high,
        "error": effect.error,
        "p": effect.p,
        "certainty": effect.certainty,
    }


def _balance(cohort: Cohort, matching: Matching) -> list[dict[str, Any]]:
    """Of each trait: the standardised mean difference before matching (all cases, all others of the same days) and
    after it, both over the spread before."""
    found = []
    kept, weight = matching.kept, matching.weight
    for name, values in cohort.traits.items():
        before = Moments.of(values[cohort.case])
        scale = scale_of(before, cohort.pool[name])
        mine = Moments.of(values[cohort.case & kept])
        theirs = Moments.of(values[~cohort.case & kept], weight[~cohort.case & kept])
        found.append(
            {
                "name": name,
                "cases_before": before.mean,
                "controls_before": cohort.pool[name].mean,
                "before": standardised(before, cohort.pool[name], scale),
                "cases_after": mine.mean,
                "controls_after": theirs.mean,
                "after": standardised(mine, theirs, scale) if np.any(kept) else None,
            }
        )
    return found
