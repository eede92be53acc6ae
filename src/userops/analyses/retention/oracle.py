"""The law of retention in slow, plain Python: what the fast code is tested against. Not in the product."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from userops.analyses.retention.document import RetentionDocument
from userops.query.filters import Condition
from userops.query.steps import EventStep

Row = dict[str, Any]
HOURS = {"hour": 1, "day": 24, "week": 168, "month": 720}


def value_of(row: Row, name: str) -> str:
    return str(row[name] if name in row else row.get("props", {}).get(name, ""))


def holds(condition: Any, row: Row) -> bool:
    """Only filters of the form "event property is one of" are known here."""
    assert isinstance(condition, Condition) and condition.op == "is" and condition.of == "event"
    return value_of(row, condition.property) in [str(value) for value in condition.given()]


def matches(step: EventStep, row: Row) -> bool:
    by_name = not step.events or row["event"] in step.events
    return by_name and all(holds(each, row) for each in step.filters)


class Oracle:
    """One document over one list of events."""

    def __init__(
        self,
        document: RetentionDocument,
        rows: Sequence[Row],
        zone: str,
        merges: dict[int, int] | None = None,
    ):
        self.document = document
        self.zone = ZoneInfo(zone)
        people = merges or {}
        self.by_person: dict[int, list[Row]] = {}
        for row in sorted(rows, key=lambda each: each["ts"]):
            uid: int = row["uid"]
            self.by_person.setdefault(people.get(uid, uid), []).append(row)

    def label(self, at: int, move: int = 0) -> Any:
        """The calendar period of an instant, moved by whole periods."""
        local = datetime.fromtimestamp(at / 1000, self.zone)
        day = local.date()
        unit = self.document.unit
        if unit == "hour":
            return at // 3_600_000 + move
        if unit == "day":
            return day + timedelta(days=move)
        if unit == "week":
            return day - timedelta(days=day.weekday()) + timedelta(weeks=move)
        months = day.year * 12 + day.month - 1 + move
        return date(months // 12, months % 12 + 1, 1)

    def in_range(self, at: int) -> bool:
        day = datetime.fromtimestamp(at / 1000, self.zone).date()
        return self.document.range.first <= day <= self.document.range.last_day

    def passes(self, step: EventStep, row: Row) -> bool:
        return matches(step, row) and all(holds(each, row) for each in self.document.filters)

    def members(self) -> list[tuple[Any, int, int]]:
        """Cohort, person, start time."""
        found = []
        for person, rows in self.by_person.items():
            starts = [row["ts"] for row in rows if self.passes(self.document.start, row)]
            if self.document.entry == "recurring":
                first: dict[Any, int] = {}
                for at in starts:
                    if self.in_range(at):
                        first.setdefault(self.label(at), at)
                found += [(cohort, person, at) for cohort, at in first.items()]
                continue
            if not starts or not self.in_range(starts[0]):
                continue
            named = EventStep(event=self.document.start.event)
            ever = next(row["ts"] for row in rows if matches(named, row))
            if self.document.entry == "first" or ever == starts[0]:
                found.append((self.label(starts[0]), person, starts[0]))
        return found

    def period_of(self, start: int, at: int) -> int | None:
        """In which period after its start an event falls; None before the start's period."""
        if self.document.clock == "rolling":
            return None if at < start else (at - start) // (HOURS[self.document.unit] * 3_600_000)
        for period in range(self.document.last_period + 1):
            if self.label(start, period) == self.label(at):
                return period
        return None if at < start else 10**9

    def returns(self, person: int) -> list[Row]:
        return [row for row in self.by_person[person] if self.passes(self.document.returning, row)]

    def came_back(self, person: int, start: int, column: tuple[int, int]) -> bool:
        if column == (0, 0):
            return True
        periods = [self.period_of(start, row["ts"]) for row in self.returns(person)]
        begin, end = column
        if self.document.criterion == "on_or_after":
            end = 10**9
        hits = sum(period is not None and begin <= period <= end for period in periods)
        return hits >= self.document.min_occurrences

    def worth(self, person: int, start: int, last: int) -> float:
        """The property from the start event to the end of a period."""
        assert self.document.value is not None
        total = 0.0
        for row in self.returns(person):
            period = self.period_of(start, row["ts"])
            if row["ts"] >= start and period is not None and period <= last:
                text = value_of(row, self.document.value.property)
                total += float(text) if text else 0.0
        return total

    def start_value(self, person: int, start: int, name: str) -> str:
        return max(
            value_of(row, name)
            for row in self.by_person[person]
            if row["ts"] == start and self.passes(self.document.start, row)
        )
