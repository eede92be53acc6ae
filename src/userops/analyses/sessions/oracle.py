"""The slow, obvious sessions in plain Python that tests hold the SQL against. Not in the product."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

Row = dict[str, Any]
"""An event: `event`, `person`, `ts` (UTC ms), and its properties. Only those that count are given."""
DAY_MS = 24 * 3_600_000


@dataclass
class Session:
    person: int
    rows: list[Row]

    @property
    def begin(self) -> int:
        return min(int(row["ts"]) for row in self.rows)

    @property
    def end(self) -> int:
        return max(int(row["ts"]) for row in self.rows)

    def first(self, value: Callable[[Row], Any]) -> Any:
        """The value of the first event; of simultaneous ones the first in the order of text."""
        return min(value(row) for row in self.rows if row["ts"] == self.begin)

    def last(self, value: Callable[[Row], Any]) -> Any:
        return max(value(row) for row in self.rows if row["ts"] == self.end)


def sessions(
    rows: list[Row], begin: int, after: int, timeout_ms: int, *, ids: bool
) -> list[Session]:
    """Those that begin in the range, from the events of it and of the day around it."""
    seen = [row for row in rows if begin - DAY_MS <= row["ts"] < after + DAY_MS]
    named: dict[Any, Session] = {}
    loose: dict[int, list[Row]] = {}
    for row in seen:
        if ids and row["session"]:
            key = (row["person"], row["session"])
            named.setdefault(key, Session(row["person"], [])).rows.append(row)
        else:
            loose.setdefault(row["person"], []).append(row)
    found = list(named.values())
    for person, own in loose.items():
        own.sort(key=lambda row: int(row["ts"]))
        current: Session | None = None
        for row in own:
            if current is None or row["ts"] - current.end > timeout_ms:
                current = Session(person, [])
                found.append(current)
            current.rows.append(row)
    return [each for each in found if begin <= each.begin < after]


def quantile(numbers: list[float], level: float) -> float | None:
    """Linear interpolation between closest ranks."""
    if not numbers:
        return None
    ordered = sorted(numbers)
    place = level * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def figures(found: list[Session], now: int, timeout_ms: int, bounce: int) -> dict[str, Any]:
    users = {each.person for each in found}
    over = [each for each in found if now - each.end > timeout_ms]
    lengths = [(each.end - each.begin) / 1000 for each in over]
    depths = [float(len(each.rows)) for each in over]
    bounced = sum(len(each.rows) <= bounce for each in over)
    return {
        "sessions": len(found),
        "users": len(users),
        "per_user": len(found) / len(users) if users else None,
        "median_seconds": quantile(lengths, 0.5),
        "mean_seconds": sum(lengths) / len(over) if over else None,
        "p90_seconds": quantile(lengths, 0.9),
        "depth": sum(depths) / len(over) if over else None,
        "median_depth": quantile(depths, 0.5),
        "bounce_rate": bounced / len(over) if over else None,
        "bounced": bounced,
        "open": len(found) - len(over),
    }


def period(ts: int, zone: ZoneInfo, unit: str) -> str:
    day: date = datetime.fromtimestamp(ts / 1000, tz=UTC).astimezone(zone).date()
    if unit == "week":
        day -= timedelta(days=day.weekday())
    if unit == "month":
        day = day.replace(day=1)
    return day.isoformat()
