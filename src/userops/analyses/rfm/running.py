"""From scored persons to the figures of an RFM."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np

from userops.analyses.pricing import currency_of
from userops.analyses.rfm.document import DIMENSIONS, Dimension, Rfm
from userops.analyses.rfm.groups import ABSENT, NAMES
from userops.analyses.rfm.scoring import Ints, Scored, scored
from userops.query.dates import EARLIEST, DateRange, absolute
from userops.query.scope import Scope


def run(document: Rfm, scope: Scope) -> dict[str, Any]:
    now = scored(document, scope, document.range)
    value = now.values["monetary"]
    total = float(value.sum())
    result: dict[str, Any] = {
        "as_of": document.range.last_day.isoformat(),
        "currency": currency_of(document.monetary.property, scope),
        "users": len(now),
        "value": total,
        "groups": [_group(now, place, total) for place in range(len(NAMES))],
        "scores": {name: _steps(document, now, name) for name in DIMENSIONS},
        "matrix": _matrix(document, now),
    }
    if document.view == "movement":
        earlier = scored(document, scope, earlier_range(document))
        result["movement"] = _movement(document, earlier, now)
    return result


def earlier_range(document: Rfm) -> DateRange:
    """The range of equal length that ends `movement_days` earlier, and no earlier than time begins."""
    back = timedelta(days=document.movement_days)
    first, last = document.range.first, document.range.last_day
    return absolute(max(first - back, EARLIEST), max(last - back, EARLIEST))


def _mean(of: Any) -> float | None:
    return float(of.mean()) if len(of) else None


def _group(found: Scored, place: int, total: float) -> dict[str, Any]:
    here = found.group == place
    users, value = int(here.sum()), float(found.values["monetary"][here].sum())
    return {
        "group": NAMES[place],
        "users": users,
        "share": users / len(found) if len(found) else None,
        "value": value,
        "value_share": value / total if total > 0 else None,
        **{name: _mean(found.values[name][here]) for name in DIMENSIONS},
    }


def _steps(document: Rfm, found: Scored, dimension: Dimension) -> list[dict[str, Any]]:
    """For each score, the values that have it."""
    steps = []
    for score in range(1, document.scale(dimension) + 1):
        own = found.values[dimension][found.scores[dimension] == score]
        ends = (float(own.min()), float(own.max())) if len(own) else (None, None)
        steps.append({"score": score, "users": len(own), "lowest": ends[0], "highest": ends[1]})
    return steps


def _matrix(document: Rfm, found: Scored) -> list[dict[str, Any]]:
    """Every pair of a recency and a frequency score."""
    cells = []
    for recency in range(document.scale("recency"), 0, -1):
        for frequency in range(1, document.scale("frequency") + 1):
            here = (found.scores["recency"] == recency) & (found.scores["frequency"] == frequency)
            own = found.values["monetary"][here]
            cells.append(
                {
                    "recency": recency,
                    "frequency": frequency,
                    "users": len(own),
                    "share": len(own) / len(found) if len(found) else None,
                    "value": float(own.sum()),
                    "monetary": _mean(own),
                }
            )
    return cells


def places(persons: Ints, found: Scored) -> Ints:
    """The place of each person's group in `found`; one more than the last for those not in it."""
    result = np.full(len(persons), len(NAMES), np.int64)
    at = np.searchsorted(found.person, persons)
    if len(found):
        known = found.person[np.minimum(at, len(found) - 1)] == persons
        result[known] = found.group[at[known]]
    return result


def _movement(document: Rfm, earlier: Scored, now: Scored) -> dict[str, Any]:
    """Persons by their group at the earlier date (rows) and now (columns), `absent` last of both."""
    everyone = np.union1d(earlier.person, now.person)
    size = len(NAMES) + 1
    pairs = places(everyone, earlier) * size + places(everyone, now)
    return {
        "as_of": earlier_range(document).last_day.isoformat(),
        "users": len(earlier),
        "groups": [*NAMES, ABSENT],
        "moves": np.bincount(pairs, minlength=size * size).reshape(size, size).tolist(),
    }
