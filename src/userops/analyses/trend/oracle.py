"""The slow, obvious trend in plain Python that tests hold the SQL against. Not used by the product."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

Row = dict[str, Any]
"""An event: `event`, `person`, `ts` (UTC ms), and its properties."""


def local(ts: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(ts / 1000, tz=UTC).astimezone(zone)


def unit_start(day: date, unit: str) -> date:
    """The first day of the unit that holds a day."""
    match unit:
        case "week":
            while day.weekday() != 0:
                day -= timedelta(days=1)
        case "month":
            day = date(day.year, day.month, 1)
        case "quarter":
            day = date(day.year, {1: 1, 2: 4, 3: 7, 4: 10}[(day.month + 2) // 3], 1)
        case "year":
            day = date(day.year, 1, 1)
    return day


def all_starts(first: date, last: date, unit: str) -> list[date]:
    """The starts of all units between two days, found by walking over every day."""
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return sorted({unit_start(day, unit) for day in days})


def quantile(numbers: list[float], level: float) -> float:
    """Linear interpolation between closest ranks: numpy's default, Excel's PERCENTILE.INC."""
    ordered = sorted(numbers)
    position = level * (len(ordered) - 1)
    low = int(position)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (position - low)


def as_number(value: Any) -> float | None:
    """A finite number, or none."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None


def measure(name: str, rows: Iterable[Row], property_: str | None = None) -> float | None:
    """One figure of the rows that fall into one cell."""
    rows = list(rows)
    persons = {row["person"] for row in rows}
    if name == "total":
        return len(rows)
    if name == "users":
        return len(persons)
    if name == "per_user":
        return len(rows) / len(persons) if persons else None
    values = [row.get(property_ or "") for row in rows]
    if name == "distinct":
        return len({str(value) for value in values if value not in (None, "")})
    numbers = [number for number in map(as_number, values) if number is not None]
    if name == "sum":
        return sum(numbers)
    return _of_numbers(name, numbers) if numbers else None


def _of_numbers(name: str, numbers: list[float]) -> float:
    functions: dict[str, Callable[[list[float]], float]] = {
        "avg": statistics.fmean,
        "min": min,
        "max": max,
        "median": statistics.median,
        "p90": lambda found: quantile(found, 0.9),
        "p99": lambda found: quantile(found, 0.99),
    }
    return functions[name](numbers)


def trend(
    rows: list[Row],
    zone: ZoneInfo,
    first: date,
    last: date,
    unit: str,
    name: str,
    property_: str | None = None,
) -> tuple[float | None, dict[date, float | None]]:
    """The figure over the range, and by unit. `rows` hold only what counts, of any time."""
    inside = [row for row in rows if first <= local(row["ts"], zone).date() <= last]
    points = {
        start: measure(
            name,
            [row for row in inside if unit_start(local(row["ts"], zone).date(), unit) == start],
            property_,
        )
        for start in all_starts(first, last, unit)
    }
    return measure(name, inside, property_), points


def trailing(
    rows: list[Row], zone: ZoneInfo, first: date, last: date, window: int
) -> dict[date, int]:
    """Distinct persons of the `window` days up to each day."""
    result = {}
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        begin = day - timedelta(days=window - 1)
        result[day] = len(
            {row["person"] for row in rows if begin <= local(row["ts"], zone).date() <= day}
        )
    return result
