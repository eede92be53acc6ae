"""What sets a group apart from the other groups: shares on both sides, lift, intervals, and how sure it is."""

from __future__ import annotations

from math import erfc, exp, log, sqrt
from typing import Any

import numpy as np

from userops.analyses.personas.cells import Cell
from userops.analyses.personas.observing import Floats
from userops.analyses.personas.tallying import Tally
from userops.stats.multiplicity import benjamini_hochberg
from userops.stats.proportions import Z95

DISCOVERY = 0.05
LEAST = 20
"""Persons with a value, in all groups together, from which on it is compared."""


def traits_of(tally: Tally, cells: list[Cell]) -> list[list[dict[str, Any]]]:
    """For each group its traits: those that tell, by how many points they differ, first. All
    comparisons are corrected together."""
    groups = len(tally.persons)
    found = [
        (group, trait)
        for group in range(groups)
        for at, cell in enumerate(cells)
        if (trait := _trait(tally, group, at, cell)) is not None
    ]
    rates = benjamini_hochberg([trait["p"] for _, trait in found])
    result: list[list[dict[str, Any]]] = [[] for _ in range(groups)]
    for (group, trait), rate in zip(found, rates, strict=True):
        result[group].append({**trait, "q": rate, "telling": rate <= DISCOVERY})
    for traits in result:
        traits.sort(
            key=lambda each: (not each["telling"], -abs(each["difference"]), each["feature"])
        )
    return result


def _trait(tally: Tally, group: int, at: int, cell: Cell) -> dict[str, Any] | None:
    if int(tally.have[:, at].sum()) < LEAST:
        return None
    sums, known = _sums(tally, at), tally.known[:, at]
    others = sums.sum(0) - sums[group]
    mine = _ratio(sums[group], int(known[group]))
    rest = _ratio(others, int(known.sum() - known[group]))
    if mine is None or rest is None or mine[1] + rest[1] <= 0:
        return None
    (share, variance), (base, spread) = mine, rest
    z = (share - base) / sqrt(variance + spread)
    lift = share / base if base > 0 else None
    return {
        "feature": cell.feature,
        "property": cell.property,
        "value": cell.value,
        "group": share,
        "rest": base,
        "group_kn": [int(tally.k[group, at]), int(tally.n[group, at])],
        "rest_kn": [int(others[0]), int(others[1])],
        "difference": share - base,
        "difference_interval": [
            share - base - Z95 * sqrt(variance + spread),
            share - base + Z95 * sqrt(variance + spread),
        ],
        "lift": lift,
        "lift_interval": _lift_interval(share, variance, base, spread),
        "users": int(tally.have[group, at]),
        "p": erfc(abs(z) / sqrt(2)),
    }


def _sums(tally: Tally, at: int) -> Floats:
    """By group: k, n, k², k n, n² summed over persons."""
    parts = (tally.k, tally.n, tally.kk, tally.kn, tally.nn)
    return np.stack([each[:, at] for each in parts], axis=1)


def _ratio(sums: Floats, persons: int) -> tuple[float, float] | None:
    """A share of days and its variance over persons (Cochran 1977, Sampling Techniques, 6.13): the days of
    one person are not independent, persons are. None below two persons."""
    k, n, kk, kn, nn = (float(each) for each in sums)
    if persons < 2 or n <= 0:
        return None
    share = k / n
    square = max(0.0, kk - 2 * share * kn + share * share * nn)
    return share, square * persons / (persons - 1) / (n * n)


def _lift_interval(share: float, variance: float, base: float, spread: float) -> list[float] | None:
    """Of the ratio, by the delta method on its logarithm."""
    if share <= 0 or base <= 0:
        return None
    reach = Z95 * sqrt(variance / share**2 + spread / base**2)
    middle = log(share / base)
    return [exp(middle - reach), exp(middle + reach)] if reach < 50 else None
