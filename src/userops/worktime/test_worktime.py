"""Against the oracle minute by minute, the vectors of a well-known help desk, and laws that must hold."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from userops.errors import Refused
from userops.worktime import oracle
from userops.worktime.calendar import ALWAYS_WEEK, OFFICE, Calendar, OwnDay
from userops.worktime.clock import counted, due, joined, next_open, worked
from userops.worktime.hours import Interval, parsed, written
from userops.worktime.ledger import ledger, uncertain
from userops.worktime.published import published_in
from userops.worktime.table import published_days, read_table, written_table

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe")
OFFICE_CHINA = Calendar(SHANGHAI)
MINUTE = timedelta(minutes=1)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def minutes(span: timedelta) -> float:
    return span / MINUTE


def weekly(hours: str, days: int = 5, zone: ZoneInfo = BERLIN, **more) -> Calendar:
    week = (parsed(hours),) * days + ((),) * (7 - days)
    return Calendar(zone, week, region="", **more)


# — the vectors: times in UTC, calendars of Berlin —


def test_vectors_of_plain_days() -> None:
    days, start = weekly("08:00-18:00"), utc("2013-03-21 09:30")
    assert [due(days, start, n * MINUTE) for n in (60, 120, 180)] == [
        utc("2013-03-21 10:30"), utc("2013-03-21 11:30"), utc("2013-03-21 12:30"),
    ]  # fmt: skip
    for end, took in (("10:00", 30), ("14:00", 270), ("11:00", 90), ("12:00", 150), ("13:00", 210)):
        assert minutes(worked(days, start, utc(f"2013-03-21 {end}"))) == took
    assert due(days, utc("2013-03-21 12:05"), 120 * MINUTE) == utc("2013-03-21 14:05")
    assert minutes(worked(days, utc("2013-03-21 12:05"), utc("2013-03-21 12:10"))) == 5


def test_vectors_of_pauses() -> None:
    days, start = weekly("09:00-18:00", 7), utc("2013-06-04 09:00")

    def spans(*pairs: str) -> list[tuple[datetime, datetime]]:
        return [(utc(f"2013-06-04 {a}"), utc(f"2013-06-04 {b}")) for a, b in map(str.split, pairs)]

    two = spans("09:30 09:45", "10:00 10:30")
    assert due(days, start, 120 * MINUTE, two) == utc("2013-06-04 11:45")
    one = spans("10:00 10:30")
    assert minutes(worked(days, start, utc("2013-06-04 10:45"), one)) == 75
    assert minutes(worked(days, start, utc("2013-06-04 12:00"), one)) == 150
    assert minutes(worked(days, start, utc("2013-06-04 12:00"), spans("09:00 12:00"))) == 0
    assert (
        minutes(worked(days, start, utc("2013-06-04 12:00"), spans("09:00 10:30", "11:00 12:00")))
        == 30
    )
    assert (
        minutes(worked(days, start, utc("2013-06-04 12:00"), spans("09:00 10:30", "11:00 11:30")))
        == 60
    )
    # 120 minutes end exactly at closing: it stays at closing, where Zammad rolls to the next opening
    assert due(days, start, 120 * MINUTE, spans("10:00 15:00")) == utc("2013-06-04 16:00")


def test_vectors_of_a_holiday() -> None:
    days = weekly("08:00-20:00", own={date(2016, 11, 1): OwnDay((), "Allerheiligen")})
    start = utc("2016-11-01 13:56:21")
    assert due(days, start, 120 * MINUTE) == utc("2016-11-02 09:00")
    assert due(days, start, 1200 * MINUTE) == utc("2016-11-03 15:00")
    pause = [(utc("2016-11-01 15:59:58"), utc("2016-11-07 13:26:36"))]
    # Zammad cuts seconds off (09:26:00); ours are exact
    assert due(days, start, 1200 * MINUTE, pause) == utc("2016-11-09 09:26:36")


def test_vectors_around_the_clock() -> None:
    days, zero = Calendar(SHANGHAI, ALWAYS_WEEK, region=""), utc("2024-05-05 00:00")

    def at(minute: int) -> datetime:
        return zero + minute * MINUTE

    pauses = [(at(90), at(120))]
    for begin, end, took in ((0, 120, 90), (30, 120, 60), (0, 30, 30)):
        assert minutes(worked(days, at(begin), at(end), pauses)) == took
    assert due(days, at(75), 30 * MINUTE, pauses) == at(135)
    assert due(days, at(0), 30 * MINUTE, pauses) == at(30)


# — China —


def test_make_up_days_holidays_and_own_hours() -> None:
    # Saturday 10 October 2026 is worked, 1–7 October are off
    assert OFFICE_CHINA.plan(date(2026, 10, 10)).source == "make_up"
    assert OFFICE_CHINA.plan(date(2026, 10, 10)).words.zh == "国庆节调休上班"
    assert not OFFICE_CHINA.working(date(2026, 10, 5))
    start = utc("2026-09-30 09:00")  # 17:00 in Shanghai
    assert due(OFFICE_CHINA, start, 120 * MINUTE) == utc("2026-10-08 02:00")
    short = Calendar(SHANGHAI, make_up=parsed("10:00-16:00"))
    assert minutes(worked(short, utc("2026-10-09 16:00"), utc("2026-10-10 16:00"))) == 360
    own = Calendar(SHANGHAI, own={date(2026, 10, 10): OwnDay((), "厂休")})
    assert own.plan(date(2026, 10, 10)).source == "own" and not own.working(date(2026, 10, 10))


def test_years_that_are_not_published_are_supposed_and_said_so() -> None:
    assert not OFFICE_CHINA.certain(date(2031, 1, 3)) and OFFICE_CHINA.working(date(2031, 1, 3))
    assert uncertain(OFFICE_CHINA, utc("2030-12-30 00:00"), utc("2031-01-02 00:00")) == (2030, 2031)
    assert uncertain(OFFICE_CHINA, utc("2026-10-01 00:00"), utc("2026-10-09 00:00")) == ()
    assert weekly("09:00-18:00").certain(date(2031, 1, 3))
    some = Calendar(SHANGHAI, own={date(2031, 1, 3): OwnDay(())})
    assert some.certain(date(2031, 1, 3)) and not some.certain(date(2031, 1, 6))
    entered = Calendar(SHANGHAI, own={date(2031, 1, 1): OwnDay((), "元旦")})
    assert entered.knows(2031) and entered.certain(date(2031, 1, 6))


def test_the_ledger_says_why() -> None:
    start, target = utc("2026-09-30 09:00"), 120 * MINUTE
    pause = [(utc("2026-10-08 01:30"), utc("2026-10-08 02:00"))]
    end = due(OFFICE_CHINA, start, target, pause)
    lines = ledger(OFFICE_CHINA, start, end, target, pause)
    assert end == utc("2026-10-08 02:30")
    assert [(each.day.day, each.source, minutes(each.counted), minutes(each.left)) for each in lines] == [
        (30, "week", 60, 60), *((day, "holiday", 0, 60) for day in range(1, 8)), (8, "week", 60, 0),
    ]  # fmt: skip
    assert minutes(lines[-1].paused) == 30
    assert lines[1].words.zh == "国庆节"


def test_clock_changes() -> None:
    night = weekly("01:00-04:00", 7)
    # 29 March 2026: 02:00–03:00 never comes; 25 October: it comes twice
    assert minutes(worked(night, utc("2026-03-28 12:00"), utc("2026-03-29 12:00"))) == 120
    assert minutes(worked(night, utc("2026-10-24 12:00"), utc("2026-10-25 12:00"))) == 240
    gap = weekly("02:15-02:45", 7)
    assert gap.spans(date(2026, 3, 29)) == ()
    assert len(gap.spans(date(2026, 10, 25))) == 2
    apia = Calendar(ZoneInfo("Pacific/Apia"), ALWAYS_WEEK, region="")
    assert apia.spans(date(2011, 12, 30)) == ()  # a day that never was


def test_next_open() -> None:
    assert next_open(OFFICE_CHINA, utc("2026-10-02 03:00")) == utc("2026-10-08 01:00")
    assert next_open(OFFICE_CHINA, utc("2026-10-08 03:00")) == utc("2026-10-08 03:00")
    assert next_open(OFFICE_CHINA, utc("2026-10-08 10:00")) == utc("2026-10-09 01:00")


def test_calendars_that_cannot_be() -> None:
    for wrong in (lambda: Calendar(SHANGHAI, ((),) * 7), lambda: Calendar(SHANGHAI, (OFFICE,))):
        with pytest.raises(Refused):
            wrong()
    shut = Calendar(
        SHANGHAI,
        own={date(2026, 1, 1) + timedelta(days=n): OwnDay(()) for n in range(2_000)},
    )
    with pytest.raises(Refused) as refusal:
        due(shut, utc("2026-01-01 00:00"), MINUTE)
    assert refusal.value.code == "calendar_never_open"


# — hours and tables —


def test_hours_as_people_write_them() -> None:
    assert parsed("9:00–12:00，13:30至18:00") == (Interval(540, 720), Interval(810, 1080))
    assert parsed("休") == parsed("off") == parsed("") == ()
    assert written(parsed("22:00-24:00 0:00-6:00")) == "00:00-06:00 22:00-24:00"
    for wrong in (
        "9-18",
        "09:00-25:00",
        "18:00-09:00",
        "09:60-10:00",
        "09:00-12:00 11:00-13:00",
        "x",
    ):
        with pytest.raises(Refused):
            parsed(wrong)


def test_tables() -> None:
    text = "day,hours,note\n2026-10-10,10:00-16:00,调休\n2026/10/09,off,厂休\nx,off,\n2026-10-10,off,\n2026-10-11,,\n"
    found = read_table(text)
    assert found.days == {
        date(2026, 10, 10): OwnDay(parsed("10:00-16:00"), "调休"),
        date(2026, 10, 9): OwnDay((), "厂休"),
    }
    assert [each.row for each in found.problems] == [4, 5, 6]
    assert read_table(written_table(found.days)).days == found.days
    formula = {date(2026, 1, 1): OwnDay((), "=1+1")}
    assert "'=1+1" in written_table(formula)
    assert read_table(written_table(formula)).days == formula
    with pytest.raises(Refused):
        read_table("a,b\n")


def test_the_published_days_are_a_table_to_begin_with() -> None:
    days = published_days(OFFICE_CHINA, 2026, "zh")
    assert days[date(2026, 10, 10)] == OwnDay(OFFICE, "国庆节调休上班")
    again = Calendar(SHANGHAI, region="", own=read_table(written_table(days)).days)
    year = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    assert [again.working(each) for each in year] == [OFFICE_CHINA.working(each) for each in year]
    assert len(published_in("CN", 2026)) > 20 and published_in("", 2026) == []


# — laws —

moments = st.integers(0, 2 * 366 * 24 * 60).map(lambda n: utc("2025-01-01 00:00") + n * MINUTE)
clocks = st.lists(st.integers(0, 24 * 12), min_size=2, max_size=6, unique=True).map(
    lambda ends: tuple(
        Interval(a * 5, b * 5) for a, b in zip(sorted(ends)[::2], sorted(ends)[1::2], strict=False)
    )
)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    week = [draw(st.one_of(st.just(()), clocks)) for _day in range(6)]
    near = st.dates(date(2025, 1, 1), date(2026, 12, 31))
    own = draw(st.dictionaries(near, clocks.map(OwnDay), max_size=5))
    return Calendar(
        ZoneInfo(draw(st.sampled_from(ZONES))), (draw(clocks), *week),
        region=draw(st.sampled_from(["", "CN"])), make_up=draw(clocks), own=own,
    )  # fmt: skip


@st.composite
def pauses(draw: st.DrawFn, start: datetime) -> list[tuple[datetime, datetime]]:
    found = draw(st.lists(st.tuples(st.integers(-300, 9_000), st.integers(0, 3_000)), max_size=4))
    return [(start + a * MINUTE, start + (a + n) * MINUTE) for a, n in found]


# days on which the clock changes are drawn often
near_changes = st.sampled_from(
    ["2025-03-30", "2025-10-26", "2026-03-08", "2026-11-01", "2026-04-05"]
)
starts = st.one_of(
    moments, st.builds(lambda d, n: utc(d) + n * MINUTE, near_changes, st.integers(-2000, 1500))
)


@settings(max_examples=40, deadline=None)
@given(data=st.data(), calendar=calendars(), start=starts, span=st.integers(0, 6_000))
def test_worked_is_what_the_wall_clock_says(data, calendar, start, span) -> None:
    end, stops = start + span * MINUTE, data.draw(pauses(start))
    found = worked(calendar, start, end, stops)
    assert minutes(found) == oracle.worked(calendar, start, end, stops)
    between = start + data.draw(st.integers(0, span)) * MINUTE
    assert found == worked(calendar, start, between, stops) + worked(calendar, between, end, stops)
    pieces = list(counted(calendar, start, end, stops))
    assert all(a < b for a, b in pieces) and all(b <= c for (_, b), (c, _) in pairwise(pieces))


@settings(max_examples=30, deadline=None)
@given(data=st.data(), calendar=calendars(), start=starts, target=st.integers(0, 900))
def test_due_is_what_the_wall_clock_says(data, calendar, start, target) -> None:
    stops = data.draw(pauses(start))
    found = due(calendar, start, target * MINUTE, stops)
    assert found == oracle.due(calendar, start, target, stops)
    assert minutes(worked(calendar, start, found, stops)) == target
    assert due(calendar, start, (target + 1) * MINUTE, stops) > found
    assert calendar.open_at(found) == oracle.is_open(calendar, found)


@settings(max_examples=40, deadline=None)
@given(data=st.data(), calendar=calendars(), start=starts, target=st.integers(1, 3_000))
def test_pieces_of_a_pause_are_the_pause_and_a_longer_one_is_no_sooner(
    data, calendar, start, target
) -> None:
    stops = data.draw(pauses(start))
    split = [part for a, b in stops for part in ((a, a + (b - a) / 3), (a + (b - a) / 3, b))]
    found = due(calendar, start, target * MINUTE, stops)
    assert due(calendar, start, target * MINUTE, split) == found
    assert joined(split) == joined(stops)
    longer = [(a, b + timedelta(hours=5)) for a, b in stops]
    assert due(calendar, start, target * MINUTE, longer) >= found
    lines = ledger(calendar, start, found, target * MINUTE, stops)
    if len(lines) < 400:
        assert lines[-1].left == timedelta(0)
        assert sum((each.counted for each in lines), timedelta(0)) == target * MINUTE
