from __future__ import annotations

from datetime import date, timedelta

import pytest
from pyroaring import BitMap

from userops.events.rollups import reading


@pytest.mark.parametrize("size", [1, 2, 31, 32, 33, 100, 5_000, 200_000])
def test_the_engine_and_this_program_read_a_set_alike(engine, size):
    state = engine.arrow(
        "select toString(groupBitmapState(toUInt32(number * 7))) as users from numbers({n:UInt64})",
        {"n": size},
        text=False,
    )["users"][0].as_py()
    assert reading.persons_of(state) == BitMap(range(0, size * 7, 7))


def test_sets_that_were_read_are_kept_until_there_are_too_many():
    kept = reading._Kept(1_000)
    days = [date(2026, 1, 1) + timedelta(days=at) for at in range(9)]
    for at, day in enumerate(days):
        kept.keep(("e", 1, ("x",)), {day: at}, {day: BitMap([at])})
    found, missing = kept.take(("e", 1, ("x",)), {day: at for at, day in enumerate(days)})
    assert found and missing and max(missing) < min(found)
    assert kept.take(("e", 1, ("x",)), {days[-1]: 99})[1] == {days[-1]: 99}
