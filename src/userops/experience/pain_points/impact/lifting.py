"""Which events go before a complaint: evidence that is proposed, never decided."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import numpy as np

from userops.experience.pain_points.impact.cohort import Cohort
from userops.experience.pain_points.impact.comparing import as_dict
from userops.experience.pain_points.impact.hits import ByDay, days_between
from userops.experience.pain_points.impact.ledger import Array, Past, number_of, persons
from userops.stats.matching import difference, match
from userops.stats.multiplicity import benjamini_hochberg

BEFORE = 7
"""Days up to the day of the complaint, that day included."""
MOST = 10
ALPHA = 0.05


def lifted(cohort: Cohort, past: Past, events: Mapping[str, ByDay]) -> list[dict[str, Any]]:
    """The events that more of those who complained did in the 7 days up to it than of others alike: the difference
    of the shares with its interval, and q over all events that were tried (Benjamini & Hochberg). The largest
    first, q < 0.05 only."""
    matching = match(cohort.stratum, cohort.case)
    found: list[dict[str, Any]] = []
    for name, by_day in events.items():
        effect = difference(matching, cohort.person, _did(cohort, past, by_day))
        if effect is not None and effect.p is not None:
            found.append({"event": name, **as_dict(effect)})
    for row, q in zip(found, benjamini_hochberg([row["p"] for row in found]), strict=True):
        row |= {"q": q, "tried": len(found), "lift": _ratio(row)}
    told = [row for row in found if row["q"] < ALPHA and row["value"] > 0]
    return sorted(told, key=lambda row: -row["value"])[:MOST]


def _ratio(row: dict[str, Any]) -> float | None:
    return row["of_cases"] / row["of_controls"] if row["of_controls"] else None


def _did(cohort: Cohort, past: Past, by_day: ByDay) -> Array:
    """Of each row whether its person did the event in the days up to its day."""
    times, found = np.zeros(past.size, np.int16), np.zeros(cohort.person.size)
    for day in days_between(past.first - timedelta(days=BEFORE - 1), past.last):
        if day in by_day:
            times[persons(by_day[day])] += 1
        gone = day - timedelta(days=BEFORE)
        if gone in by_day and gone >= past.first - timedelta(days=BEFORE - 1):
            times[persons(by_day[gone])] -= 1
        rows = np.flatnonzero(cohort.day == number_of(day))
        found[rows] = times[cohort.person[rows]] > 0
    return found
