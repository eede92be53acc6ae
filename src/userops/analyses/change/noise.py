"""Whether a move is larger than what chance makes of such a figure, and how that was judged."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import Any

from userops.analyses.figures import Figure, Split
from userops.stats.change_points import noise_of_means
from userops.stats.comparisons import of_shares
from userops.stats.proportions import Z95


def noise(
    figure: Figure,
    base: Split,
    now: Split,
    history: Sequence[float],
    days: tuple[int, int],
    spread: float,
) -> dict[str, Any]:
    """`test`: newcombe, daily, poisson or none; `low` and `high`: what the change may be (95%), or how
    far chance alone moves it; `within`: whether the move is no more than chance, None when untested."""
    if base.value is None or now.value is None:
        return _untested()
    if figure.proportion:
        return _of_proportions(base, now)
    relative = noise_of_means(history, *days)
    change = now.value - base.value
    if relative is not None:
        return _reach("daily", relative * abs(base.value), change)
    if figure.type == "whole" and not figure.ratio:
        return _reach("poisson", Z95 * sqrt(spread * (base.value + now.value)), change)
    return _untested()


def _untested() -> dict[str, Any]:
    return {"test": "none", "low": None, "high": None, "within": None}


def _of_proportions(base: Split, now: Split) -> dict[str, Any]:
    (x0, n0), (x1, n1) = base.whole, now.whole
    found = of_shares(int(x1), int(n1), int(x0), int(n0))
    if found is None:
        return _untested()
    within = found.low <= 0 <= found.high
    return {"test": "newcombe", "low": found.low, "high": found.high, "within": within}


def _reach(test: str, reach: float, change: float) -> dict[str, Any]:
    return {"test": test, "low": -reach, "high": reach, "within": abs(change) <= reach}
