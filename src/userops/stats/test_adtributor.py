from __future__ import annotations

from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from userops.stats.adtributor import powers, surprise, surprises, surprises_of_ratio, telling


def test_surprise_is_half_the_divergence_from_the_middle():
    # p = 0.2, q = 0.4, middle 0.3
    expected = (0.2 * log2(0.2 / 0.3) + 0.4 * log2(0.4 / 0.3)) / 2
    assert surprise(0.2, 0.4) == pytest.approx(expected)
    assert surprise(0.3, 0.3) == 0
    assert surprise(0, 0.4) == pytest.approx(0.2)


counts = st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100)), min_size=1, max_size=6)


@given(counts)
def test_powers_add_up_to_one_and_surprises_are_not_negative_in_sum(cells):
    before, after = [b for b, _ in cells], [a for _, a in cells]
    if sum(before) != sum(after):
        assert sum(powers(before, after)) == pytest.approx(1)
    assert sum(surprises(before, after)) >= -1e-12


def test_the_element_that_moved_is_named():
    before, after = [100, 100, 100], [100, 160, 102]
    found = telling(powers(before, after), surprises(before, after))
    assert found.places == (1,)
    assert found.enough


def test_even_growth_surprises_nobody():
    found = telling(powers([100, 200], [150, 300]), surprises([100, 200], [150, 300]))
    assert found.surprise == pytest.approx(0)


def test_a_new_version_with_the_same_rate_is_no_surprise_of_a_ratio():
    before, after = [(80.0, 100.0), (0.0, 0.0)], [(24.0, 30.0), (48.0, 80.0)]
    same = surprises_of_ratio(before, [(24.0, 30.0), (64.0, 80.0)], [0.0, 0.0])
    worse = surprises_of_ratio(before, after, [0.0, -0.1])
    assert sum(same) == pytest.approx(0, abs=1e-12)
    assert sum(worse) > 0.001


def test_what_is_usual_is_taken_off():
    found = telling(powers([90, 10], [50, 150]), surprises([90, 10], [50, 150]))
    assert found.beyond(0) == found.surprise
    assert found.beyond(found.whole / 2) == pytest.approx(found.surprise / 2)
    assert found.beyond(found.whole * 3) == 0
