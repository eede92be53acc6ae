"""Two groups compared: intervals, p-values and sizes of differences, and care for many comparisons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import asin, fsum, sqrt

import scipy

from userops.stats.proportions import Z95, wilson

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Difference:
    """Of group minus rest, with its 95% interval, two-sided p-value and standardised size."""

    value: float
    low: float
    high: float
    p: float
    size: float


def of_shares(hits1: int, total1: int, hits2: int, total2: int) -> Difference | None:
    """Newcombe's hybrid score interval (1998, method 10); pooled z test with the smaller of both; size:
    Cohen's h. None when a group is empty."""
    first, second = wilson(hits1, total1), wilson(hits2, total2)
    if first is None or second is None:
        return None
    share1, share2 = hits1 / total1, hits2 / total2
    value = share1 - share2
    low = value - sqrt((share1 - first[0]) ** 2 + (second[1] - share2) ** 2)
    high = value + sqrt((first[1] - share1) ** 2 + (share2 - second[0]) ** 2)
    pooled = (hits1 + hits2) / (total1 + total2)
    error = sqrt(pooled * (1 - pooled) * (1 / total1 + 1 / total2))
    p = 2 * float(scipy.special.ndtr(-abs(value) / error)) if error else 1.0
    size = 2 * asin(sqrt(share1)) - 2 * asin(sqrt(share2))
    return Difference(value, low, high, p, size)


@dataclass(frozen=True, slots=True)
class Sample:
    """Sufficient figures of a sample of numbers. `variance` has n − 1 below."""

    count: int
    mean: float
    variance: float


def of_means(first: Sample, second: Sample) -> Difference | None:
    """Welch's interval and test; size: Cohen's d. None below two values in a group or without spread."""
    if first.count < 2 or second.count < 2:
        return None
    part1, part2 = first.variance / first.count, second.variance / second.count
    error = sqrt(part1 + part2)
    spread = sqrt(
        ((first.count - 1) * first.variance + (second.count - 1) * second.variance)
        / (first.count + second.count - 2)
    )
    if not error or not spread:
        return None
    freedom = (part1 + part2) ** 2 / (part1**2 / (first.count - 1) + part2**2 / (second.count - 1))
    value = first.mean - second.mean
    reach = float(scipy.special.stdtrit(freedom, 0.975)) * error
    p = 2 * float(scipy.special.stdtr(freedom, -abs(value) / error))
    return Difference(value, value - reach, value + reach, p, value / spread)


def of_medians(
    median1: float, interval1: Interval, median2: float, interval2: Interval
) -> Interval:
    """Interval of a difference of medians from those of both (Price and Bonett 2002, by their widths)."""
    errors = [(high - low) / (2 * Z95) for low, high in (interval1, interval2)]
    reach = Z95 * sqrt(fsum(each * each for each in errors))
    value = median1 - median2
    return value - reach, value + reach


def adjusted(p_values: Sequence[float]) -> list[float]:
    """Benjamini and Hochberg (1995): the false discovery rate at which each would be found."""
    count = len(p_values)
    order = sorted(range(count), key=lambda at: p_values[at])
    found, least = [1.0] * count, 1.0
    for rank in range(count, 0, -1):
        place = order[rank - 1]
        least = min(least, p_values[place] * count / rank)
        found[place] = least
    return found


def cramers_v(table: Sequence[Sequence[int]]) -> float | None:
    """How much two classifications tell the same, 0…1, by Bergsma's corrected V (2013); None where
    either has one class only."""
    rows = [row for row in table if sum(row)]
    columns = [column for column in zip(*rows, strict=True) if sum(column)] if rows else []
    if len(rows) < 2 or len(columns) < 2:
        return None
    rows = [list(each) for each in zip(*columns, strict=True)]
    total = sum(map(sum, rows))
    across, down = [sum(row) for row in rows], [sum(column) for column in columns]
    phi = (
        fsum(
            (cell - across[i] * down[j] / total) ** 2 / (across[i] * down[j] / total)
            for i, row in enumerate(rows)
            for j, cell in enumerate(row)
        )
        / total
    )
    if total < 2:
        return None
    height, width = len(rows), len(columns)
    phi = max(0.0, phi - (height - 1) * (width - 1) / (total - 1))
    least = min(_corrected(height, total), _corrected(width, total)) - 1
    return min(1.0, sqrt(phi / least)) if least > 0 else None


def _corrected(classes: int, total: int) -> float:
    return classes - (classes - 1) ** 2 / (total - 1)


def same_shares(before: Sequence[float], after: Sequence[float], spread: float = 1.0) -> float:
    """p-value that two lists of counts have one distribution (χ²); `spread`: variance over mean of a
    count, 1 for independent ones."""
    whole0, whole1 = fsum(before), fsum(after)
    held = [(b, a) for b, a in zip(before, after, strict=True) if b + a > 0]
    if whole0 <= 0 or whole1 <= 0 or len(held) < 2:
        return 1.0
    square = fsum(
        (b * sqrt(whole1 / whole0) - a * sqrt(whole0 / whole1)) ** 2 / (b + a) for b, a in held
    )
    return float(scipy.special.chdtrc(len(held) - 1, square / spread))


def moved_alike(
    before: Sequence[tuple[float, float]], after: Sequence[tuple[float, float]]
) -> float:
    """p-value that the rates of all segments moved by the same number of points (Cochran's Q), from
    (hits, total) of each in both periods; segments that are in one period only do not count."""
    moves = []
    for (x0, n0), (x1, n1) in zip(before, after, strict=True):
        if n0 and n1:
            rate0, rate1 = x0 / n0, x1 / n1
            variance = rate0 * (1 - rate0) / n0 + rate1 * (1 - rate1) / n1
            if variance > 0:
                moves.append((rate1 - rate0, 1 / variance))
    if len(moves) < 2:
        return 1.0
    middle = fsum(move * weight for move, weight in moves) / fsum(weight for _, weight in moves)
    square = fsum(weight * (move - middle) ** 2 for move, weight in moves)
    return float(scipy.special.chdtrc(len(moves) - 1, square))
