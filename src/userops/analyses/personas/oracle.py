"""The slow, obvious counts behind personas in plain Python that tests hold the SQL against. Not in the product."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

Row = dict[str, Any]
"""An event: `person`, `event`, `ts` (UTC ms), `amount`, `platform`, `taste` and `price` (or None)."""
DAYPARTS = {
    "early": range(5, 8), "morning": range(8, 12), "noon": range(12, 14), "afternoon": range(14, 18),
    "evening": range(18, 22), "night": (22, 23, 0, 1, 2, 3, 4),
}  # fmt: skip


@dataclass
class Person:
    days: set[date] = field(default_factory=set)
    seen: dict[str, set[tuple[date, str]]] = field(default_factory=dict)
    """By feature: on which day which value."""
    events: int = 0
    purchases: int = 0
    value: float = 0.0
    first: date = date.max
    last: date = date.min

    def counts(self, feature: str) -> Counter[str]:
        counts = Counter(value for _, value in self.seen.get(feature, set()))
        if feature == "platform" and counts:
            most = max(counts.values())
            return Counter([min(value for value, times in counts.items() if times == most)])
        return counts


def fifth(price: float, prices: list[float]) -> str:
    """In which fifth of all prices one is; the cuts are the prices at 0.2 n, 0.4 n, …"""
    ordered = sorted(prices)
    cuts = [ordered[min(len(ordered) - 1, int(len(ordered) * part / 5))] for part in range(1, 5)]
    return str(1 + sum(cut <= price for cut in cuts))


def _prices(rows: list[Row]) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for row in rows:
        if row["price"] is not None:
            found.setdefault(row["taste"], []).append(row["price"])
    return found


def persons(
    rows: list[Row], zone: ZoneInfo, first: date, last: date, purchase: str = "buy"
) -> dict[int, Person]:
    """Everyone with an event in the range; when they were first seen may lie before it."""

    def day_of(row: Row) -> datetime:
        return datetime.fromtimestamp(row["ts"] / 1000, tz=UTC).astimezone(zone)

    inside = [row for row in rows if first <= day_of(row).date() <= last]
    found: dict[int, Person] = {row["person"]: Person() for row in inside}
    for row in rows:
        at = day_of(row)
        person = found.get(row["person"])
        if person is not None and at.date() <= last:
            person.first = min(person.first, at.date())
            person.last = max(person.last, at.date())
    prices = _prices(inside)
    for row in inside:
        at, person = day_of(row), found[row["person"]]
        values = {
            "hours": str(at.hour),
            "weekdays": str(at.isoweekday()),
            "events": row["event"],
            "taste": row["taste"],
            "platform": row["platform"],
        }
        if row["price"] is not None:
            values["price"] = fifth(row["price"], prices[row["taste"]])
        for feature, value in values.items():
            if value:
                person.seen.setdefault(feature, set()).add((at.date(), value))
        person.days.add(at.date())
        person.events += 1
        if row["event"] == purchase:
            person.purchases += 1
            person.value += row["amount"] or 0.0
    return found


def cell(person: Person, feature: str, value: str) -> tuple[int, int]:
    """Days of a person with a value, and the days that it is a share of."""
    counts = person.counts(feature)
    if feature == "hours":
        k = sum(counts[str(hour)] for hour in DAYPARTS[value])
    elif feature == "weekdays":
        k = sum(counts[day] for day in (("6", "7") if value == "weekend" else "12345"))
    else:
        k = counts[value]
    return k, len(person.days) if feature == "events" else counts.total()


def share(members: list[Person], feature: str, value: str) -> tuple[int, int]:
    pairs = [cell(person, feature, value) for person in members]
    return sum(k for k, _ in pairs), sum(n for _, n in pairs)
