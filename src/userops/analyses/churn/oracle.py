"""The slow, obvious churn in plain Python that tests hold the engine against. Not in the product."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

Row = dict[str, Any]
"""An event: `person`, `ts` (UTC ms), `value` (what it is broken down by)."""
ONE = timedelta(days=1)


class Oracle:
    """`rows` are core actions of any time; `first` to `last` are the days looked at."""

    def __init__(self, rows: list[Row], zone: ZoneInfo, first: date, last: date):
        self.first, self.last = first, last
        self.days: dict[int, dict[date, str]] = {}
        for row in sorted(rows, key=lambda each: (each["ts"], each["value"])):
            day = datetime.fromtimestamp(row["ts"] / 1000, zone).date()
            if day <= last:
                self.days.setdefault(row["person"], {})[day] = row["value"]

    def there(self, person: int, day: date) -> bool:
        return day in self.days[person]

    def silent_for(self, person: int, day: date) -> int | None:
        """On how many days up to the end of this one in a row they were not there; none if never."""
        for back in range((day - date.min).days):
            if self.there(person, day - back * ONE):
                return back
            if all(each > day - back * ONE for each in self.days[person]):
                return None
        return None

    def lengths(self, value: str | None) -> list[tuple[int, bool]]:
        """Of each silence that begins in the days looked at, how long it lasts and whether it is over."""
        found = []
        for person, days in self.days.items():
            for day in days:
                if day < self.first or (value is not None and days[day] != value):
                    continue
                length = 1
                while day + length * ONE <= self.last and not self.there(
                    person, day + length * ONE
                ):
                    length += 1
                over = day + length * ONE <= self.last
                found.append((length if over else (self.last - day).days, over))
        return found

    def chance(self, value: str | None, silent: int, horizon: int) -> Fraction | None:
        """Of those silent for so many days, who returns within the horizon: day by day, of those who could
        still be watched on that day."""
        lengths = self.lengths(value)
        away = Fraction(1)
        for day in range(silent + 1, silent + horizon + 1):
            watched = [each for each in lengths if each[0] >= day]
            if not watched:
                return None
            back = sum(over and length == day for length, over in watched)
            away *= Fraction(len(watched) - back, len(watched))
        return 1 - away

    def watched(self, value: str | None, silent: int) -> int:
        return sum(length >= silent for length, _over in self.lengths(value))

    def began(self, person: int, day: date) -> str:
        """The value on the last day before this one on which they were there."""
        own = self.days[person]
        return own[max(each for each in own if each < day)]

    def active(self, day: date, window: int) -> set[int]:
        """Who has been silent for less than the window on the eve of a day."""
        found = set()
        for person in self.days:
            silent = self.silent_for(person, day - ONE)
            if silent is not None and silent < window:
                found.add(person)
        return found

    def period(self, first: date, last: date, window: int) -> tuple[set[int], set[int], set[int]]:
        """Who was active before it, who of them was lost in it, and who came back."""
        active, lost, back = self.active(first, window), set(), set()
        day = first
        while day <= min(last, self.last):
            for person in self.days:
                if self.silent_for(person, day) == window:
                    lost.add(person)
                silent = self.silent_for(person, day - ONE)
                if self.there(person, day) and silent is not None and silent >= window:
                    back.add(person)
            day += ONE
        return active, active & lost, back

    def at_the_end(self, window: int) -> tuple[set[int], set[int]]:
        users = {p for p, days in self.days.items() if any(each >= self.first for each in days)}
        return users, {p for p in users if (self.silent_for(p, self.last) or 0) >= window}
