"""The calendar of what is planted: holidays, releases, an incident, a campaign, a burst, a test.

Positions are fixed shares of the window, so that any length shows the same story.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
import numpy.typing as npt

from userops.demo.holidays import Holiday, holidays_between, is_day_off, make_up_workdays
from userops.demo.world import UTC_OFFSET_MS

DAY_MS = 86_400_000
HOUR_MS = 3_600_000
FEWEST_DAYS = 21


@dataclass(frozen=True, slots=True)
class Effects:
    """The planted sizes. A factor multiplies the chance that it names."""

    holiday_activity: float = 1.15
    holiday_pay: float = 0.92
    bad_release_pay: float = 0.70
    crash: float = 0.006
    """Chance of a crash in one visit of a healthy version."""
    bad_release_crash: float = 0.055
    incident_pay: float = 0.10
    campaign_invites: float = 3.0
    campaign_new_users: float = 2.4
    burst_new_users: float = 6.0
    experiment_pay: float = 1.08


@dataclass(frozen=True, slots=True)
class Release:
    """One app version, out from `day` on; `platform` is an index of `PLATFORMS`."""

    version: str
    platform: int
    day: int
    lag_days: float
    """Mean days until a user has it."""
    staged_days: float
    """The store hands it out over this many days."""


@dataclass(frozen=True)
class Plan:
    """What happens on which day; day 0 is `first`."""

    first: date
    last: date
    effects: Effects
    holidays: tuple[Holiday, ...]
    make_up_days: tuple[date, ...]
    day_off: npt.NDArray[np.bool_]
    in_holiday: npt.NDArray[np.bool_]
    releases: tuple[Release, ...]
    bad_release_day: int
    fix_day: int
    incident_day: int
    incident_hour: int
    campaign: tuple[int, int]
    """First and last day, inclusive."""
    burst_day: int
    experiment_day: int

    @property
    def days(self) -> int:
        return int(self.day_off.size)

    @property
    def start_ms(self) -> int:
        """Local midnight of day 0 as UTC milliseconds."""
        midnight = datetime(self.first.year, self.first.month, self.first.day, tzinfo=UTC)
        return int(midnight.timestamp()) * 1000 - UTC_OFFSET_MS

    @property
    def end_ms(self) -> int:
        """The first instant after the window."""
        return self.start_ms + self.days * DAY_MS

    @property
    def incident_ms(self) -> tuple[int, int]:
        """Start (inclusive) and end (exclusive) of the hour in which payments fail."""
        start = self.start_ms + self.incident_day * DAY_MS + self.incident_hour * HOUR_MS
        return start, start + HOUR_MS

    def date_of(self, day: int) -> date:
        return self.first + timedelta(day)


def make_plan(end: date, days: int, effects: Effects | None = None) -> Plan:
    """The plan of the `days` days that end with `end`. Raises `ValueError` below `FEWEST_DAYS`."""
    if days < FEWEST_DAYS:
        raise ValueError(f"days: expected at least {FEWEST_DAYS}, got {days}")
    first = end - timedelta(days - 1)
    dates = [first + timedelta(i) for i in range(days)]
    holidays = holidays_between(first, end)
    festive = {day for holiday in holidays for day in holiday.days}
    bad, fix = _position(0.55, days), min(_position(0.55, days) + 9, days - 4)
    return Plan(
        first=first,
        last=end,
        effects=effects or Effects(),
        holidays=holidays,
        make_up_days=make_up_workdays(first, end),
        day_off=np.array([is_day_off(day) for day in dates]),
        in_holiday=np.array([day in festive for day in dates]),
        releases=_releases(days, bad, fix),
        bad_release_day=bad,
        fix_day=fix,
        incident_day=_position(0.82, days),
        incident_hour=20,
        campaign=(_position(0.28, days), _position(0.50, days)),
        burst_day=_position(0.72, days),
        experiment_day=_position(0.40, days),
    )


def _position(share: float, days: int) -> int:
    return int(share * days)


def _releases(days: int, bad: int, fix: int) -> tuple[Release, ...]:
    """Oldest first for each platform; versions already out before the window have day −1000."""
    middle, mini = _position(0.18, days), _position(0.45, days)
    return (
        Release("3.0.4", 0, -1000, 0.0, 0.0),
        Release("3.1.0", 0, middle, 4.0, 3.0),
        Release("3.2.0", 0, bad, 3.0, 2.0),
        Release("3.2.1", 0, fix, 3.0, 1.0),
        Release("3.0.4", 1, -1000, 0.0, 0.0),
        Release("3.1.0", 1, middle, 5.0, 4.0),
        Release("3.2.0", 1, bad, 2.5, 2.0),
        Release("3.2.1", 1, fix, 1.5, 0.5),
        Release("2.8.0", 2, -1000, 0.0, 0.0),
        Release("2.9.0", 2, mini, 0.2, 1.0),
        Release("web-118", 3, -1000, 0.0, 0.0),
    )
