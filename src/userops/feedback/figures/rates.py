"""k of n: the share with its 95% interval (Wilson), and how a table shows it."""

from __future__ import annotations

from typing import Any

from userops.analyses.table import Column
from userops.stats.proportions import wilson
from userops.words import Words

INTERVAL = (
    Column("low", Words("95% 下限", "95% low"), "share"),
    Column("high", Words("95% 上限", "95% high"), "share"),
)


APPEARED = Words("新出现", "new")


def change_cell(now: int, before: int) -> float | Words | None:
    """By how much it grew; what there was none of before is new."""
    return now / before - 1 if before else APPEARED if now else None


def rate(k: int, n: int) -> dict[str, Any]:
    """`k`, `n`, `rate`, `interval`; of nothing, rate and interval are None."""
    interval = wilson(k, n)
    return {
        "k": k,
        "n": n,
        "rate": k / n if n else None,
        "interval": list(interval) if interval else None,
    }


def rate_cells(found: dict[str, Any]) -> tuple[Any, ...]:
    """The share and, for `INTERVAL`, its ends."""
    return found["rate"], *(found["interval"] or (None, None))
