from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from userops.analyses.periods import period_of
from userops.query.dates import Unit, absolute, buckets

ZONES = ("Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia")


@given(st.data())
def test_every_moment_lies_where_a_search_finds_it(data):
    units = st.sampled_from(["hour", "day", "week", "month", "quarter"])
    unit: Unit = data.draw(units)
    first = data.draw(st.dates(date(2010, 1, 1), date(2012, 6, 1)))
    days = absolute(first, data.draw(st.dates(first, date(2013, 1, 1))))
    zone = ZoneInfo(data.draw(st.sampled_from(ZONES)))
    if unit == "hour":
        days = absolute(first, first)
    begins = np.array([each.begin for each in buckets(days, unit, zone)])
    seed = data.draw(st.integers(0, 2**32 - 1))
    at = np.random.default_rng(seed).integers(begins[0] - 10**8, begins[-1] + 10**10, 300)
    at = np.concatenate([at, begins - 1, begins, begins + 1])
    assert (period_of(at, begins) == np.searchsorted(begins, at, side="right") - 1).all()


@pytest.mark.parametrize("count", [0, 1, 20])
def test_nothing_lies_anywhere(count):
    assert len(period_of(np.zeros(0, np.int64), np.arange(count) * 1000)) == 0
