"""Traits ranked by how telling they are, with care for how many were looked at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from userops.stats.comparisons import (
    Difference,
    Sample,
    adjusted,
    of_means,
    of_medians,
    of_shares,
)

DISCOVERY = 0.05
"""The false discovery rate: of the traits called telling, so many may be chance."""
EXPECTED = 5
"""The least expected number in each cell for the normal approximation of a share's test."""

Kind = Literal["event", "times", "event_property", "user_property", "activity"]


@dataclass(frozen=True, slots=True)
class Share:
    """How many of each side have a trait."""

    hits: int
    total: int
    hits_rest: int
    total_rest: int


@dataclass(frozen=True, slots=True)
class Median:
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Numbers:
    """A number of each side: sample figures, and medians where they are known."""

    group: Sample
    rest: Sample
    median: Median | None = None
    median_rest: Median | None = None


@dataclass(frozen=True, slots=True)
class Trait:
    """`name`: of an event, a property, or an activity figure. `value`: of a property, else None.
    `defining`: it is part of the question itself."""

    kind: Kind
    name: str
    value: str | None
    figures: Share | Numbers
    defining: bool = field(default=False)


def ranked(traits: Iterable[Trait], support: int) -> tuple[list[dict[str, Any]], int, int]:
    """The rows of an answer, most telling first; how many were compared; how many are telling.

    Only what has support and can be tested is compared; Benjamini–Hochberg goes over all of that.
    """
    compared = [(each, found) for each in traits if (found := _compared(each, support))]
    rates = adjusted([found.p for _, found in compared])
    rows = [
        {**_row(each), **_of(found, rate), "telling": rate <= DISCOVERY and not each.defining}
        for (each, found), rate in zip(compared, rates, strict=True)
    ]
    rows.sort(
        key=lambda row: (
            not row["telling"],
            row["defining"],
            -abs(row["size"]),
            row["name"],
            row["value"] or "",
        )
    )
    return rows, len(rows), sum(row["telling"] for row in rows)


def _compared(trait: Trait, support: int) -> Difference | None:
    figures = trait.figures
    if isinstance(figures, Numbers):
        if min(figures.group.count, figures.rest.count) < support:
            return None
        return of_means(figures.group, figures.rest)
    hits, total = figures.hits + figures.hits_rest, figures.total + figures.total_rest
    if hits < support or not total:
        return None
    least = min(figures.total, figures.total_rest) * min(hits, total - hits) / total
    if least < EXPECTED:
        return None
    return of_shares(figures.hits, figures.total, figures.hits_rest, figures.total_rest)


def _of(found: Difference, rate: float) -> dict[str, Any]:
    return {
        "difference": found.value,
        "low": found.low,
        "high": found.high,
        "size": found.size,
        "p": found.p,
        "q": rate,
    }


def _row(trait: Trait) -> dict[str, Any]:
    head = {
        "kind": trait.kind,
        "name": trait.name,
        "value": trait.value,
        "defining": trait.defining,
    }
    figures = trait.figures
    return {**head, **(_share(figures) if isinstance(figures, Share) else _numbers(figures))}


def _share(figures: Share) -> dict[str, Any]:
    group, rest = figures.hits / figures.total, figures.hits_rest / figures.total_rest
    return {
        "measure": "share",
        "group": group,
        "rest": rest,
        "group_kn": [figures.hits, figures.total],
        "rest_kn": [figures.hits_rest, figures.total_rest],
        "lift": group / rest if rest else None,
    }


def _numbers(figures: Numbers) -> dict[str, Any]:
    first, second = figures.median, figures.median_rest
    row: dict[str, Any] = {
        "measure": "mean",
        "group": figures.group.mean,
        "rest": figures.rest.mean,
        "group_kn": [figures.group.count, figures.group.count],
        "rest_kn": [figures.rest.count, figures.rest.count],
        "lift": figures.group.mean / figures.rest.mean if figures.rest.mean > 0 else None,
    }
    if first is not None and second is not None:
        low, high = of_medians(
            first.value, (first.low, first.high), second.value, (second.low, second.high)
        )
        row["medians"] = {"group": first.value, "rest": second.value, "low": low, "high": high}
    return row
