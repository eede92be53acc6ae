"""The slow, obvious distribution in plain Python that tests hold the SQL against. Not in the product."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

Row = dict[str, Any]
"""An event: `event`, `person`, `ts` (UTC ms), and its properties. Only those that count are given."""


def figure(rows: list[Row], measure: str, name: str, zone: ZoneInfo, begin: int) -> float | None:
    """The figure of one person's rows. Hours count from the begin of the range."""
    if measure == "times":
        return len(rows)
    if measure == "days":
        return len(
            {
                datetime.fromtimestamp(row["ts"] / 1000, tz=UTC).astimezone(zone).date()
                for row in rows
            }
        )
    if measure == "hours":
        return len({(row["ts"] - begin) // 3_600_000 for row in rows})
    values: list[float] = [row[name] for row in rows if row[name] not in (None, "")]
    if measure == "distinct":
        return len(set(values)) or None
    if not values:
        return None
    return {
        "sum": sum(values), "avg": sum(values) / len(values), "max": max(values), "min": min(values),
    }[measure]  # fmt: skip


def figures(
    rows: list[Row], measure: str, name: str, zone: ZoneInfo, begin: int
) -> dict[int, float]:
    """By person, where there is one."""
    own: dict[int, list[Row]] = {}
    for row in rows:
        own.setdefault(row["person"], []).append(row)
    found = {person: figure(each, measure, name, zone, begin) for person, each in own.items()}
    return {person: value for person, value in found.items() if value is not None}


def quantile(numbers: list[float], level: float) -> float:
    """Linear interpolation between closest ranks."""
    ordered = sorted(numbers)
    place = level * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def holds(bucket: dict[str, Any], value: float) -> bool:
    low, high = bucket["from"], bucket["to"]
    return (low is None or low <= value) and (high is None or value < high)
