"""How a fact's values are spread over people: kept with the refresh, so that a page needs no question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np

from userops.audience.facts.definitions import Fact

TOP = 8
QUANTILES = (0.0, 0.25, 0.5, 0.75, 1.0)
BINS = 12


def summary(fact: Fact, values: Mapping[int, str]) -> dict[str, Any]:
    """`people` with a value; the most frequent values, or the quantiles of numbers and days."""
    found: dict[str, Any] = {"people": len(values)}
    if not values:
        return found
    if fact.type == "text":
        counts = Counter(values.values())
        ranked = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
        return found | {"different": len(counts), "top": [list(each) for each in ranked[:TOP]]}
    if fact.type == "day":
        days = sorted(values.values())
        places = [round(q * (len(days) - 1)) for q in QUANTILES]
        return found | {"quantiles": [days[place] for place in places]}
    numbers = np.array(list(values.values()), float)
    return found | {
        "quantiles": [float(each) for each in np.quantile(numbers, QUANTILES)],
        "mean": float(numbers.mean()),
        "total": float(numbers.sum()),
    }
