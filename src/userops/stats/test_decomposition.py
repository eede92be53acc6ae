from __future__ import annotations

from itertools import permutations
from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from userops.stats.decomposition import mix_and_rate, shapley_of_product, shares

VISITS = (100_000, 125_000)
RATES = (0.0710, 0.0704)
CHANNELS0 = [(40_000, 0.100), (35_000, 0.060), (25_000, 0.040)]
CHANNELS1 = [(42_000, 0.103), (38_000, 0.062), (45_000, 0.0456)]
"""Every channel converts better, and yet the whole converts worse."""


def pairs(channels):
    return [(visits * rate, visits) for visits, rate in channels]


def test_two_factors_are_the_midpoint_formula():
    # +25,000 visits at the mean rate, −0.06 points at the mean visits
    effects = shapley_of_product((VISITS[0], RATES[0]), (VISITS[1], RATES[1]))
    assert effects == pytest.approx([1767.5, -67.5])
    assert sum(effects) == pytest.approx(1700)


factors = st.lists(st.tuples(st.floats(0, 100), st.floats(0, 100)), min_size=1, max_size=4)


@given(factors)
def test_effects_are_the_mean_over_all_orders_and_add_up(steps):
    before, after = [b for b, _ in steps], [a for _, a in steps]
    found = shapley_of_product(before, after)
    orders = list(permutations(range(len(steps))))
    expected = [0.0] * len(steps)
    for order in orders:
        now = list(before)
        for place in order:
            old = prod(now)
            now[place] = after[place]
            expected[place] += (prod(now) - old) / len(orders)
    scale = max(1.0, prod(before), prod(after), *map(abs, expected))
    assert found == pytest.approx(expected, abs=1e-9 * scale)
    assert sum(found) == pytest.approx(prod(after) - prod(before), abs=1e-9 * scale)


def test_a_fall_that_is_composition_alone():
    parts = mix_and_rate(pairs(CHANNELS0), pairs(CHANNELS1))
    whole = [
        sum(x for x, _ in each) / sum(n for _, n in each)
        for each in map(pairs, (CHANNELS0, CHANNELS1))
    ]
    assert whole[1] < whole[0]
    assert all(each.rate > 0 for each in parts)
    assert sum(each.mix for each in parts) < 0
    assert sum(each.total for each in parts) == pytest.approx(whole[1] - whole[0], abs=1e-15)


def test_a_growing_segment_below_the_average_hurts():
    parts = mix_and_rate([(50, 100), (10, 100)], [(50, 100), (30, 300)])
    assert parts[1].mix < 0
    assert [each.rate for each in parts] == [0, 0]


def test_a_new_segment_is_all_mix():
    new, gone = (
        parts[1]
        for parts in (
            mix_and_rate([(5, 10), (0, 0)], [(5, 10), (1, 10)]),
            mix_and_rate([(5, 10), (1, 10)], [(5, 10), (0, 0)]),
        )
    )
    assert (new.rate, new.state, gone.rate, gone.state) == (0, "new", 0, "gone")
    assert new.mix == pytest.approx(-gone.mix)


segment = st.tuples(st.integers(0, 50), st.integers(0, 100)).map(lambda t: (min(t), t[1]))


@given(st.lists(st.tuples(segment, segment), min_size=1, max_size=8))
def test_mix_and_rate_add_up_exactly(segments):
    before, after = [b for b, _ in segments], [a for _, a in segments]
    if not sum(n for _, n in before) or not sum(n for _, n in after):
        with pytest.raises(ValueError, match="denominator"):
            mix_and_rate(before, after)
        return
    change = sum(x for x, _ in after) / sum(n for _, n in after)
    change -= sum(x for x, _ in before) / sum(n for _, n in before)
    found = mix_and_rate(before, after)
    assert sum(each.total for each in found) == pytest.approx(change, abs=1e-12)


def test_shares_are_of_gains_and_losses_where_they_cancel():
    net = shares([10, 30, -2, 0])
    assert [each and (round(each.value, 4), each.of) for each in net] == [
        (0.2632, "net"), (0.7895, "net"), (-0.0526, "net"), None,
    ]  # fmt: skip
    cancelled = shares([60, 40, -90])
    assert [(each.value, each.of) for each in cancelled if each] == [
        (0.6, "gains"), (0.4, "gains"), (1.0, "losses"),
    ]  # fmt: skip
    assert [each.of for each in shares([5, -5]) if each] == ["gains", "losses"]
