from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from userops.stats.thresholds import Limits, limits, outside

VALUES = st.lists(st.none() | st.floats(-1e6, 1e6), min_size=1, max_size=30)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("above", [(None, 10)] * 4),
        ("below", [(10, None)] * 4),
        ("rise", [(None, None), (None, 120), (None, None), (None, None)]),
        ("fall", [(None, None), (80, None), (None, None), (None, None)]),
        ("change", [(None, None), (80, 120), (None, None), (None, None)]),
    ],
)
def test_each_rule(rule, expected):
    value = 10 if rule in ("above", "below") else 0.2
    found = limits([100, None, 0, 5], rule, value, 1)
    assert [(each.low, each.high) for each in found] == expected


@settings(max_examples=60)
@given(VALUES, st.sampled_from(["rise", "fall", "change"]), st.floats(0.01, 5), st.integers(1, 7))
def test_a_change_by_its_definition(values, rule, share, lag):
    for at, found in enumerate(limits(values, rule, share, lag)):
        value, before = values[at], values[at - lag] if at >= lag else None
        if value is None or not before:
            assert not outside(value, found.low, found.high) or before
            continue
        change = (value - before) / abs(before)
        if abs(abs(change) - share) < 1e-9:
            continue
        wanted = {"rise": change > share, "fall": change < -share, "change": abs(change) > share}
        assert outside(value, found.low, found.high) == wanted[rule]


def test_the_limit_itself_is_inside():
    assert not outside(10, 10, 10)
    assert Limits(None, None, None).base is None
