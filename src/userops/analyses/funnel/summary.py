"""From the attempts that count to the figures of the answer."""

from __future__ import annotations

from typing import Any

import numpy as np

from userops.analyses.funnel.choosing import Chosen
from userops.analyses.funnel.document import SAME_DAY, FunnelDocument
from userops.analyses.funnel.finding import Found
from userops.analyses.funnel.rows import Ints
from userops.query.dates import buckets
from userops.query.durations import EDGES
from userops.query.scope import Scope
from userops.stats.proportions import wilson


def steps(
    document: FunnelDocument, reached: list[int], gaps: list[Ints] | None
) -> list[dict[str, Any]]:
    """The step records. `gaps`: per step the seconds since the step before it, when known."""
    result = []
    for at, step in enumerate(document.steps):
        first, before = reached[0], reached[previous(document, at)]
        record: dict[str, Any] = {
            "event": label(document, at),
            "users": reached[at],
            "rate_from_first": share(reached[at], first),
            "interval": interval(reached[at], first),
            "rate_from_previous": share(reached[at], before),
            "interval_from_previous": interval(reached[at], before),
            "dropped": before - reached[at],
        }
        if step.optional:
            record["optional"] = True
        if gaps is not None:
            record |= spread(gaps[at])
        result.append(record)
    return result


def label(document: FunnelDocument, at: int) -> str:
    """The event of a step; with any_order, how many of the steps are done."""
    if document.order == "any_order":
        return f"{at + 1}/{len(document.steps)}"
    return document.steps[at].label


def previous(document: FunnelDocument, at: int) -> int:
    """The last step before this one that is not optional; the first for itself."""
    required = [place for place in range(at) if place not in document.optional]
    return required[-1] if required else at


def share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def interval(part: int, whole: int) -> list[float] | None:
    """Wilson, 95%."""
    found = wilson(part, whole)
    return None if found is None else list(found)


def gaps(found: Found, chosen: Chosen) -> Ints:
    """Per step but the first, the seconds from the step done before it; 0 of those who did not do it."""
    first, *later = chosen.done
    result, before = np.zeros((len(later), len(chosen))), found.line.at[first]
    for here, gap in zip(later, result, strict=True):
        held = np.flatnonzero(here >= 0)
        at = found.line.at[here[held]]
        gap[held] = (at - before[held]) / 1000
        before[held] = at
    return result


def spread(seconds: Ints) -> dict[str, Any]:
    """Median, mean and 90% point (linear between neighbours), and a histogram; None for nobody."""
    if not len(seconds):
        return {"median_seconds": None, "mean_seconds": None, "p90_seconds": None, "histogram": []}
    median, ninety = np.percentile(seconds, [50, 90])
    return {
        "median_seconds": float(median),
        "mean_seconds": float(seconds.mean()),
        "p90_seconds": float(ninety),
        "histogram": histogram(seconds),
    }


def histogram(seconds: Ints) -> list[dict[str, Any]]:
    """Bins `from <= seconds < to` between the first and the last that hold anyone; `to` None: no end."""
    held = np.searchsorted(EDGES, seconds, side="right") - 1
    numbers = np.bincount(held, minlength=len(EDGES))
    used = np.flatnonzero(numbers)
    return [
        {
            "from": EDGES[at],
            "to": EDGES[at + 1] if at + 1 < len(EDGES) else None,
            "users": int(numbers[at]),
        }
        for at in range(used[0], used[-1] + 1)
    ]


def trend(document: FunnelDocument, scope: Scope, table: Ints) -> list[dict[str, Any]]:
    """Per start period, those who reached each step of the attempts that start in it."""
    periods = buckets(document.range, document.unit, scope.zone)
    now = scope.now.timestamp() * 1000
    window = 0 if document.window == SAME_DAY else document.window_ms or 0
    _, end = document.range.bounds(scope.zone)
    return [
        {
            "start": period.key(),
            "users": row.tolist(),
            "rate": share(int(row[-1]), int(row[0])),
            "unfinished": now < min(period.end, end) + window,
        }
        for period, row in zip(periods, table, strict=True)
    ]
