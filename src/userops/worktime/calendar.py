"""A working calendar: which hours of which day are open, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from userops.errors import Refused
from userops.words import Words
from userops.worktime.hours import DAY, Hours, Interval, hours_of
from userops.worktime.published import Region, known, published

Source = Literal["week", "holiday", "make_up", "own", "supposed"]
"""Why a day is as it is; `supposed`: its year is not published yet, so the weekly hours stand in."""
Span = tuple[datetime, datetime]
"""A stretch of time in UTC, without its end."""

OFFICE: Hours = (Interval(9 * 60, 18 * 60),)
OFFICE_WEEK: tuple[Hours, ...] = (OFFICE,) * 5 + ((),) * 2
ALWAYS_WEEK: tuple[Hours, ...] = ((Interval(0, DAY),),) * 7
_SAMPLE = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class OwnDay:
    """What the house says itself of a day: its hours (none: a day off), and the occasion."""

    hours: Hours
    note: str = ""


@dataclass(frozen=True, slots=True)
class DayPlan:
    """The hours of one day, and why."""

    day: date
    hours: Hours
    source: Source
    words: Words | None = None


@dataclass(frozen=True, slots=True)
class Calendar:
    """Own days come first, then published holidays and make-up days, then the week.

    - `week`: the hours of Monday to Sunday. `make_up`: those of a published make-up workday.
    - `zone`: whose wall clock shows the hours. A moment is open when that clock shows an open hour: one that
      is leaped over never comes, one that comes twice is open twice.
    """

    zone: ZoneInfo
    week: tuple[Hours, ...] = OFFICE_WEEK
    region: Region = "CN"
    make_up: Hours = OFFICE
    own: Mapping[date, OwnDay] = field(default_factory=dict)
    _spans: dict[date, tuple[Span, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        if len(self.week) != 7:
            raise Refused(
                Words("一周应有 7 天的工作时段。", "A week has the hours of 7 days."),
                code="calendar_week",
            )
        if not any(self.week):
            raise Refused(
                Words("每周至少要有一个工作时段。", "A week needs at least one open interval."),
                code="calendar_never_open",
            )
        for hours in (*self.week, self.make_up):
            hours_of(hours)

    def plan(self, day: date) -> DayPlan:
        """The hours of a day, and why."""
        own = self.own.get(day)
        if own is not None:
            return DayPlan(day, own.hours, "own", Words(own.note, own.note) if own.note else None)
        found = published(self.region, day)
        if found is not None:
            hours, source = (self.make_up, "make_up") if found.working else ((), "holiday")
            return DayPlan(day, hours, source, found.words)  # type: ignore[arg-type]
        return DayPlan(
            day, self.week[day.weekday()], "week" if self.knows(day.year) else "supposed"
        )

    def knows(self, year: int) -> bool:
        """Whether the holidays of a year are published, or the house has entered them: its 1 January at least."""
        first = date(year, 1, 1)
        return known(self.region, first) or first in self.own

    def working(self, day: date) -> bool:
        """Whether there is any open hour on it."""
        return bool(self.plan(day).hours)

    def certain(self, day: date) -> bool:
        """Whether this day is known, and not supposed."""
        return self.plan(day).source != "supposed"

    def spans(self, day: date) -> tuple[Span, ...]:
        """The open stretches of a local day, in UTC and in order."""
        found = self._spans.get(day)
        if found is None:
            found = tuple(sorted(_spans(self.zone, day, self.plan(day).hours)))
            self._spans[day] = found
        return found

    def day_of(self, moment: datetime) -> date:
        """The local day of a moment."""
        return moment.astimezone(self.zone).date()

    def open_at(self, moment: datetime) -> bool:
        """Whether it is working time."""
        return any(begin <= moment < end for begin, end in self.spans(self.day_of(moment)))


def _spans(zone: ZoneInfo, day: date, hours: Hours) -> list[Span]:
    """Each interval within each stretch of the day that has one offset from UTC."""
    midnight = datetime.combine(day, time(0), tzinfo=UTC)
    found = []
    for begin, end, offset in _offsets(zone, midnight):
        for each in hours:
            opens = max(begin, midnight + timedelta(minutes=each.opens) - offset)
            closes = min(end, midnight + timedelta(minutes=each.closes) - offset)
            if opens < closes:
                found.append((opens, closes))
    return found


def _offsets(zone: ZoneInfo, midnight: datetime) -> list[tuple[datetime, datetime, timedelta]]:
    """From a day before to two days after a UTC midnight, in stretches of one offset."""
    begin, end = midnight - timedelta(days=1), midnight + timedelta(days=2)
    found, moment, offset = [], begin, _offset(zone, begin)
    while moment < end:
        following = moment + _SAMPLE
        if _offset(zone, following) != offset:
            change = _change(zone, moment, following)
            found.append((begin, change, offset))
            begin, offset = change, _offset(zone, change)
        moment = following
    return [*found, (begin, end, offset)]


def _change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The second at which the offset becomes another."""
    low, high = 0, int((after - before).total_seconds())
    while high - low > 1:
        middle = (low + high) // 2
        same = _offset(zone, before + timedelta(seconds=middle)) == _offset(zone, before)
        low, high = (middle, high) if same else (low, middle)
    return before + timedelta(seconds=high)


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta(0)
