from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from userops.reports.periods import period_of
from userops.reports.schedules.timing import (
    Rule,
    in_words,
    missed,
    next_due,
    period_before,
    written,
)
from userops.worktime.calendar import OFFICE, Calendar, OwnDay

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
DAYS = Calendar(SHANGHAI)


def due(rule: Rule, after: str, zone: ZoneInfo = SHANGHAI, days: Calendar = DAYS) -> str:
    moment = next_due(rule, datetime.fromisoformat(after).replace(tzinfo=zone), zone, days)
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("rule", "after", "expected"),
    [
        (Rule("weekly", weekday=0), "2026-09-13 10:00", "2026-09-14 09:00"),
        (Rule("weekly", weekday=0), "2026-09-14 09:00", "2026-09-21 09:00"),
        (Rule("weekly", weekday=0), "2026-09-14 08:59", "2026-09-14 09:00"),
        (Rule("monthly", day=31), "2026-02-01 00:00", "2026-02-28 09:00"),
        (Rule("monthly", day=31, at=time(23, 59)), "2026-03-01 00:00", "2026-03-31 23:59"),
        # 1–7 October 2026 are holidays
        (Rule("first_working_day"), "2026-09-30 00:00", "2026-10-08 09:00"),
        (Rule("monthly", day=1, shift=True), "2026-09-30 10:00", "2026-10-08 09:00"),
        (Rule("monthly", day=1), "2026-09-30 10:00", "2026-10-01 09:00"),
        # 10 October 2026, a Saturday, is worked instead
        (Rule("weekly", weekday=5, shift=True), "2026-10-09 00:00", "2026-10-10 09:00"),
        (Rule("weekly", weekday=5, shift=True), "2026-10-16 00:00", "2026-10-19 09:00"),
    ],
)
def test_due_days_in_china(rule: Rule, after: str, expected: str) -> None:
    assert due(rule, after) == expected


@pytest.mark.parametrize(
    ("rule", "zh", "en"),
    [
        (Rule("weekly", weekday=5, at=time(8, 20)), "每周六 08:20", "every Saturday at 08:20"),
        (Rule("monthly", day=31), "每月最后一天 09:00", "last day of every month at 09:00"),
        (Rule("monthly", day=1, shift=True), "每月 1 日 09:00，遇休息日顺延",
         "day 1 of every month at 09:00, on a day off the next working day"),
        (Rule("first_working_day", shift=True), "每月首个工作日 09:00",
         "first working day of the month at 09:00"),
    ],
)  # fmt: skip
def test_rules_in_words(rule: Rule, zh: str, en: str) -> None:
    assert (in_words(rule).zh, in_words(rule).en) == (zh, en)


def test_days_of_the_house_come_first_and_unpublished_years_are_supposed() -> None:
    own = Calendar(SHANGHAI, own={date(2026, 10, 8): OwnDay(()), date(2026, 10, 9): OwnDay(OFFICE)})
    assert due(Rule("first_working_day"), "2026-09-30 00:00", days=own) == "2026-10-09 09:00"
    assert DAYS.certain(date(2026, 10, 8)) and not DAYS.certain(date(2031, 1, 3))
    assert DAYS.working(date(2031, 1, 3)) and not DAYS.working(date(2031, 1, 4))


def test_clock_changes() -> None:
    # the clock leaps from 02:00 to 03:00 on 29 March 2026, and 02:30 comes twice on 25 October
    rule = Rule("weekly", weekday=6, at=time(2, 30))
    assert due(rule, "2026-03-28 00:00", BERLIN) == "2026-03-29 03:30"
    moment = next_due(rule, datetime(2026, 10, 24, tzinfo=UTC), BERLIN, DAYS)
    assert moment == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert next_due(rule, moment, BERLIN, DAYS) == datetime(2026, 11, 1, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("about", "day", "expected"),
    [
        ("week", "2026-09-14", "2026-W37"),
        ("week", "2026-09-20", "2026-W37"),
        ("week", "2027-01-04", "2026-W53"),
        ("month", "2026-10-08", "2026-09"),
        ("month", "2026-01-01", "2025-12"),
        ("quarter", "2026-01-05", "2025-Q4"),
        ("quarter", "2026-06-30", "2026-Q1"),
    ],
)
def test_the_last_whole_period(about: str, day: str, expected: str) -> None:
    period = period_before(about, date.fromisoformat(day))
    assert written(period) == expected
    assert period_of(expected) == period
    assert period.last < date.fromisoformat(day)


def test_of_several_missed_the_last_one_counts() -> None:
    rule = Rule("weekly", weekday=0)
    first = next_due(rule, datetime(2026, 8, 1, tzinfo=UTC), SHANGHAI, DAYS)
    now = datetime(2026, 9, 16, tzinfo=UTC)
    assert missed(rule, first, now, SHANGHAI, DAYS).astimezone(SHANGHAI).date() == date(2026, 9, 14)


@settings(max_examples=40)
@given(
    hours=st.integers(0, 40_000),
    cadence=st.sampled_from(["weekly", "monthly", "first_working_day"]),
    weekday=st.integers(0, 6),
    day=st.integers(1, 31),
    hour=st.integers(0, 23),
    shift=st.booleans(),
    zone=st.sampled_from(
        [SHANGHAI, BERLIN, ZoneInfo("America/New_York"), ZoneInfo("Pacific/Apia")]
    ),
)
def test_due_times_go_forward_one_by_one(hours, cadence, weekday, day, hour, shift, zone) -> None:
    rule = Rule(cadence, weekday=weekday, day=day, at=time(hour), shift=shift)
    start = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
    one = next_due(rule, start, zone, DAYS)
    two = next_due(rule, one, zone, DAYS)
    assert start < one < two
    assert two - one < timedelta(days=70)
    if shift and cadence != "first_working_day":
        assert DAYS.working(one.astimezone(zone).date())
