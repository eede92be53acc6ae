"""Which period of a chart an annotation falls into: for every unit, against days counted one by one."""

# ruff: noqa: DTZ001 - wall clocks have no zone
from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from userops.annotations.axis import periods
from userops.annotations.marks import marks_of
from userops.annotations.models import Annotation
from userops.query.dates import absolute, buckets, short_label

SHANGHAI = ZoneInfo("Asia/Shanghai")


def axis_of(first, days, unit, zone=SHANGHAI):
    range_ = absolute(first, first + timedelta(days=days - 1))
    found = buckets(range_, unit, zone)
    labels = [short_label(each.key(), unit) for each in found]
    return found, periods(labels, year=found[0].start.year, unit=unit)


@settings(max_examples=60, deadline=None)
@given(
    first=st.dates(date(2020, 1, 1), date(2027, 12, 1)),
    days=st.integers(1, 90),
    unit=st.sampled_from(["hour", "day", "week", "month", "quarter", "year"]),
    minute=st.integers(0, 90 * 1440),
)
def test_a_moment_stands_on_the_bucket_that_holds_it(first, days, unit, minute):
    """The periods read off the labels are the buckets that the figures were counted in."""
    counted, read = axis_of(first, days, unit)
    at = datetime.combine(first, time.min) + timedelta(minutes=minute)
    note = Annotation(kind="other", text="x", first=at.date(), first_time=at.time())
    instant = int(at.replace(tzinfo=SHANGHAI).astimezone(UTC).timestamp() * 1000)
    holding = [place for place, each in enumerate(counted) if each.begin <= instant < each.end]
    assert [mark.at for mark in marks_of([note], read)] == holding


@pytest.mark.parametrize(
    ("zone", "day"),
    [("Europe/Berlin", date(2026, 10, 25)), ("Europe/Berlin", date(2026, 3, 29))],
)
def test_hours_of_days_with_23_and_25_hours(zone, day):
    counted, read = axis_of(day, 1, "hour", ZoneInfo(zone))
    assert len(counted) == len(read)
    note = Annotation(kind="other", text="x", first=day, first_time=time(20, 30))
    (mark,) = marks_of([note], read)
    assert counted[mark.at].start.hour == 20


def test_hours_over_new_year():
    _counted, read = axis_of(date(2026, 12, 31), 2, "hour")
    assert read[0].begin == datetime(2026, 12, 31) and read[-1].begin == datetime(2027, 1, 1, 23)


@pytest.mark.parametrize(
    "labels",
    [
        [],
        ["Day 0", "Day 1"],
        ["1. 浏览", "2. 支付"],
        ["2026-01-05", "other"],
        ["2026-13-05"],
        ["2026-01-06", "2026-01-05"],
        [3, 4],
    ],
)
def test_what_is_no_time_axis_is_left_alone(labels):
    assert periods(labels, year=2026) is None


def test_spans_are_cut_at_the_axis_and_one_bucket_joins():
    _counted, read = axis_of(date(2026, 1, 5), 10, "day")
    before = Annotation(kind="campaign", text="a", first=date(2026, 1, 1), last=date(2026, 1, 7))
    beyond = Annotation(kind="other", text="b", first=date(2026, 1, 12), last=date(2026, 3, 1))
    same = Annotation(kind="incident", text="c", first=date(2026, 1, 12), first_time=time(20))
    gone = Annotation(kind="other", text="d", first=date(2025, 1, 1), last=date(2025, 2, 1))
    marks = marks_of([gone, before, beyond, same], read)
    assert [(mark.at, mark.to, len(mark.notes)) for mark in marks] == [(0, 2, 1), (7, 9, 2)]
    assert marks[1].kind == "incident"


def test_weeks_are_known_by_their_distance_and_by_the_unit():
    assert periods(["2026-01-05", "2026-01-12"], year=2026)[1].end == datetime(2026, 1, 19)
    assert periods(["2026-01-05"], year=2026)[0].end == datetime(2026, 1, 6)
    assert periods(["2026-01-05"], year=2026, unit="week")[0].end == datetime(2026, 1, 12)
