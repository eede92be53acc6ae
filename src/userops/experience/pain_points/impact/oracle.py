"""The rows of a comparison, found the slow and obvious way: for each day, for each person, look at all events."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

Event = dict[str, Any]


@dataclass(frozen=True)
class Row:
    case: bool
    active: int
    paid: float
    recent: int
    value: float
    tenure: int
    platform: str
    bands: tuple[int | str, ...]


@dataclass(frozen=True)
class Company:
    """`events`: dicts with event, uid, ts (UTC ms), and optionally amount and platform."""

    events: list[Event]
    zone: ZoneInfo
    merges: dict[int, int]
    core: str = "*"

    def person(self, event: Event) -> int:
        uid: int = event["uid"]
        return self.merges.get(uid, uid)

    def day(self, event: Event) -> date:
        return datetime.fromtimestamp(event["ts"] / 1000, UTC).astimezone(self.zone).date()

    def of(self, person: int) -> list[Event]:
        return [event for event in self.events if self.person(event) == person]

    def there(self, person: int, day: date) -> bool:
        return any(
            self.day(event) == day and self.core in ("*", event["event"])
            for event in self.of(person)
        )


def exits(company: Company, step: str, after: str) -> dict[tuple[int, date], bool]:
    """(person, day) of those who did a step and not the next at or after their first step of the day."""
    found = {}
    for person in {company.person(event) for event in company.events}:
        for day in {company.day(event) for event in company.of(person)}:
            mine = [event for event in company.of(person) if company.day(event) == day]
            steps = [event["ts"] for event in mine if event["event"] == step]
            if steps:
                found[person, day] = not any(
                    event["event"] == after and event["ts"] >= min(steps) for event in mine
                )
    return {key: True for key, left in found.items() if left}


def rows(
    company: Company, hit: Callable[[int, date], bool], first: date, last: date, after: int,
    among: Callable[[int, date], bool] = lambda _person, _day: True,
) -> dict[tuple[int, date], Row]:  # fmt: skip
    """By (person, day): all cases and controls of the days that can be compared."""
    people = sorted({company.person(event) for event in company.events})
    found: dict[tuple[int, date], Row] = {}
    seen: set[int] = set()
    day = first
    while day <= last:
        fresh = {person for person in people if person not in seen and hit(person, day)}
        seen |= fresh
        there = [person for person in people if company.there(person, day) and among(person, day)]
        cases = [person for person in there if person in fresh]
        if cases and day + timedelta(days=after) <= last:
            others = [person for person in there if person not in seen]
            values = [value for person in others if (value := _paid(company, person, day)) > 0]
            middle = median(values) if values else 0.0
            for person in [*cases, *others]:
                found[person, day] = _row(company, person, day, after, person in fresh, middle)
        day += timedelta(days=1)
    return found


def _paid(company: Company, person: int, before: date, since: date = date.min) -> float:
    return round(
        sum(
            event.get("amount") or 0
            for event in company.of(person)
            if since <= company.day(event) < before
        ),
        6,
    )


def _row(company: Company, person: int, day: date, after: int, case: bool, middle: float) -> Row:
    def active(begin: int, end: int) -> int:
        return sum(company.there(person, day + timedelta(days=at)) for at in range(begin, end + 1))

    earliest = min(company.day(event) for event in company.of(person))
    named = [
        (event["ts"], event["platform"])
        for event in company.of(person)
        if event.get("platform") and company.day(event) <= day
    ]
    platform = min(named)[1] if named else ""
    recent, value = active(-28, -1), _paid(company, person, day)
    tenure = (day - earliest).days
    bands = (
        sum(recent >= edge for edge in (1, 3, 8)),
        0 if value <= 0 else 1 if value <= middle else 2,
        sum(tenure >= edge for edge in (7, 30)),
        platform,
    )
    later = _paid(company, person, day + timedelta(days=after + 1), day + timedelta(days=1))
    return Row(case, active(1, after), later, recent, value, tenure, platform, bands)
