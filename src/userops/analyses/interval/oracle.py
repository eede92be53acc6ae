"""The slow, obvious interval in plain Python that tests hold the SQL against. Not in the product."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]
"""An event: `event`, `person`, `ts` (UTC ms), and its properties. Only those that satisfy the filters."""
Test = Callable[[Row], bool]


@dataclass(frozen=True)
class Pair:
    start: Row
    end: Row

    @property
    def gap(self) -> int:
        """In milliseconds."""
        return int(self.end["ts"] - self.start["ts"])


def pairs(
    rows: list[Row],
    is_start: Test,
    is_end: Test,
    limit_ms: int,
    held: list[str],
    value: Callable[[Row], Any],
    *,
    chained: bool,
) -> list[Pair]:
    """Read each person's events in order, and remember the latest start that waits for an end."""
    lines: dict[Any, list[Row]] = {}
    for row in rows:
        key = tuple(row[name] for name in held)
        if all(key) and (is_start(row) or is_end(row)):
            lines.setdefault((row["person"], key), []).append(row)

    def order(row: Row) -> Any:
        kind = 2 if not is_start(row) else int(is_end(row))
        return row["ts"], kind, value(row)

    found = []
    for line in lines.values():
        waiting: Row | None = None
        for row in sorted(line, key=order):
            if waiting is not None and is_end(row) and row["ts"] - waiting["ts"] <= limit_ms:
                found.append(Pair(waiting, row))
                waiting = row if chained and is_start(row) else None
            elif is_start(row):
                waiting = row
    return found


def quantile(numbers: list[float], level: float) -> float:
    """Linear interpolation between closest ranks."""
    ordered = sorted(numbers)
    place = level * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def figures(found: list[Pair]) -> dict[str, Any]:
    """In seconds, computed in whole milliseconds: a whisker may end right at its reach."""
    gaps = [float(pair.gap) for pair in found]
    names = ("min", "low", "q1", "median", "q3", "high", "max", "p90", "mean")
    counted = {"pairs": len(found), "users": len({pair.start["person"] for pair in found})}
    if not gaps:
        return {**counted, **dict.fromkeys(names)}
    q1, q3 = quantile(gaps, 0.25), quantile(gaps, 0.75)
    reach = 1.5 * (q3 - q1)
    values = (
        min(gaps), min(gap for gap in gaps if gap >= q1 - reach), q1, quantile(gaps, 0.5), q3,
        max(gap for gap in gaps if gap <= q3 + reach), max(gaps), quantile(gaps, 0.9),
        sum(gaps) / len(gaps),
    )  # fmt: skip
    seconds = {name: each / 1000 for name, each in zip(names, values, strict=True)}
    return {**counted, **seconds}
