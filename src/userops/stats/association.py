"""How strongly a yes goes with another yes: tables of two by two, given as k of n in two groups."""

from __future__ import annotations

from math import erfc, exp, lgamma, sqrt

from userops.stats.proportions import Z95, wilson


def expected_counts(n1: int, k1: int, n2: int, k2: int) -> tuple[float, float, float, float]:
    """The four cells if both groups had one rate: hits and misses of the first, of the second."""
    total = n1 + n2
    if not total:
        return 0.0, 0.0, 0.0, 0.0
    hits, misses = k1 + k2, total - k1 - k2
    return n1 * hits / total, n1 * misses / total, n2 * hits / total, n2 * misses / total


def phi_coefficient(n1: int, k1: int, n2: int, k2: int) -> float | None:
    """Phi, also Matthews' correlation, from −1 to 1: Pearson's r of two yes/no answers.

    None where a row or column of the table is empty. Yule (1912); Matthews (1975).
    """
    hits, misses = k1 + k2, n1 + n2 - k1 - k2
    product = n1 * n2 * hits * misses
    if product <= 0:
        return None
    return (k1 * (n2 - k2) - (n1 - k1) * k2) / sqrt(product)


def two_proportion_p(n1: int, k1: int, n2: int, k2: int) -> float | None:
    """Two-sided p of equal rates by the pooled z test, the same as chi-square of one degree of freedom
    without correction. None where it is not defined."""
    phi = phi_coefficient(n1, k1, n2, k2)
    if phi is None:
        return None
    # chi² = n φ²
    return erfc(abs(phi) * sqrt(n1 + n2) / sqrt(2))


def fisher_p(n1: int, k1: int, n2: int, k2: int) -> float:
    """Two-sided p of equal rates by Fisher's exact test: all tables with these sums that are no likelier
    than the one found. Takes time in proportion to the smallest sum. Fisher (1934)."""
    hits, total = k1 + k2, n1 + n2
    low, high = max(0, hits - n2), min(n1, hits)

    def log_weight(k: int) -> float:
        return _log_choose(n1, k) + _log_choose(n2, hits - k)

    whole, found = _log_choose(total, hits), log_weight(k1)
    # equal weights may differ in the last digits
    likely = found + 1e-7
    p = sum(exp(w - whole) for w in map(log_weight, range(low, high + 1)) if w <= likely)
    return min(1.0, p)


def _log_choose(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)


def newcombe(n1: int, k1: int, n2: int, k2: int, z: float = Z95) -> tuple[float, float] | None:
    """Interval of k1/n1 − k2/n2 from the two Wilson intervals, 95% by default; None without anybody.

    Newcombe (1998), Statistics in Medicine 17:873, method 10, without continuity correction.
    """
    first, second = wilson(k1, n1, z), wilson(k2, n2, z)
    if first is None or second is None:
        return None
    p1, p2 = k1 / n1, k2 / n2
    difference = p1 - p2
    below = sqrt((p1 - first[0]) ** 2 + (second[1] - p2) ** 2)
    above = sqrt((first[1] - p1) ** 2 + (p2 - second[0]) ** 2)
    return difference - below, difference + above
