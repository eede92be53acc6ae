"""When a schedule is due, and which period its report is about. Pure: no store, no clock of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from userops.reports.periods import Period, between
from userops.words import Words
from userops.worktime.calendar import Calendar

Cadence = Literal["weekly", "monthly", "first_working_day"]
About = Literal["week", "month", "quarter"]
"""The last whole one before the day on which it is due."""
SEARCHED = 400
"""Days within which a due day must be found."""


@dataclass(frozen=True, slots=True)
class Rule:
    """- `weekday`: 0 is Monday, for weekly. `day`: of the month, for monthly; 31 is its last day.
    - `at`: in the product's time zone. `shift`: a day off gives way to the next working day.
    """

    cadence: Cadence
    about: About = "month"
    weekday: int = 0
    day: int = 1
    at: time = time(9)
    shift: bool = False


_WEEKDAYS = (
    Words("周一", "Monday"),
    Words("周二", "Tuesday"),
    Words("周三", "Wednesday"),
    Words("周四", "Thursday"),
    Words("周五", "Friday"),
    Words("周六", "Saturday"),
    Words("周日", "Sunday"),
)
_LAST_DAY = 31


def in_words(rule: Rule) -> Words:
    """`每周六 09:00，遇休息日顺延`: a rule in words."""
    at = f"{rule.at:%H:%M}"
    if rule.cadence == "first_working_day":
        return Words(f"每月首个工作日 {at}", f"first working day of the month at {at}")
    if rule.cadence == "weekly":
        day = _WEEKDAYS[rule.weekday]
        told = Words(f"每{day.zh} {at}", f"every {day.en} at {at}")
    elif rule.day == _LAST_DAY:
        told = Words(f"每月最后一天 {at}", f"last day of every month at {at}")
    else:
        told = Words(f"每月 {rule.day} 日 {at}", f"day {rule.day} of every month at {at}")
    if not rule.shift:
        return told
    return Words(f"{told.zh}，遇休息日顺延", f"{told.en}, on a day off the next working day")


def next_due(rule: Rule, after: datetime, zone: ZoneInfo, days: Calendar) -> datetime:
    """The first due time strictly after `after`, in UTC."""
    begin = after.astimezone(zone).date() - timedelta(days=45)
    found = (
        moment
        for back in range(SEARCHED)
        if _planned(rule, day := begin + timedelta(days=back), days)
        if (moment := _moment(_shifted(rule, day, days), rule.at, zone)) > after
    )
    return next(found)


def _planned(rule: Rule, day: date, days: Calendar) -> bool:
    if rule.cadence == "weekly":
        return day.weekday() == rule.weekday
    if rule.cadence == "monthly":
        last = (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        return day.day == min(rule.day, last.day)
    earlier = (day - timedelta(days=back) for back in range(1, day.day))
    return days.working(day) and not any(days.working(each) for each in earlier)


def _shifted(rule: Rule, day: date, days: Calendar) -> date:
    while rule.shift and not days.working(day):
        day += timedelta(days=1)
    return day


def _moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    """A local time in UTC. One that the clock leaps over comes as much later; of one that comes twice,
    the first counts."""
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)


def period_before(about: About, due: date) -> Period:
    """The last whole week, month or quarter before a day."""
    if about == "week":
        monday = due - timedelta(days=due.weekday())
        return between(monday - timedelta(days=7), monday - timedelta(days=1))
    first = due.replace(day=1)
    if about == "quarter":
        first = first.replace(month=(first.month - 1) // 3 * 3 + 1)
    last = first - timedelta(days=1)
    months = 1 if about == "month" else 3
    begin = last.replace(day=1)
    for _each in range(months - 1):
        begin = (begin - timedelta(days=1)).replace(day=1)
    return between(begin, last)


def written(period: Period) -> str:
    """As a report is asked for: `2026-W38`, `2026-09`, `2026-Q3`."""
    if period.unit == "week":
        year, number, _day = period.first.isocalendar()
        return f"{year}-W{number:02}"
    if period.unit == "quarter":
        return f"{period.first.year}-Q{(period.first.month + 2) // 3}"
    return f"{period.first:%Y-%m}"


def missed(rule: Rule, due: datetime, now: datetime, zone: ZoneInfo, days: Calendar) -> datetime:
    """Of several due times that passed while nothing ran, the last: older periods are not sent any more."""
    following = next_due(rule, due, zone, days)
    while following <= now:
        due, following = following, next_due(rule, following, zone, days)
    return due
