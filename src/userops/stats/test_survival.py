from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from userops.stats.survival import kaplan_meier

# weeks in remission of 21 patients with 6-mercaptopurine; + = censored (Freireich 1963)
ENDED = [6, 6, 6, 7, 10, 13, 16, 22, 23]
CENSORED = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]


def test_the_published_remissions():
    curve = kaplan_meier(np.bincount(ENDED, minlength=36), np.bincount(CENSORED, minlength=36))
    # Cox & Oakes (1984), table 1.1; S(23) with its standard error from the same data
    assert curve.surviving[6] == pytest.approx(0.857, abs=5e-4)
    assert curve.surviving[6] * curve.variance[6] ** 0.5 == pytest.approx(0.0764, abs=5e-5)
    assert curve.surviving[23] == pytest.approx(0.448, abs=5e-4)
    assert curve.surviving[23] * curve.variance[23] ** 0.5 == pytest.approx(0.1346, abs=5e-5)
    assert curve.median() == 23
    assert list(curve.at_risk[[0, 6, 7, 23]]) == [21, 21, 17, 6]


@given(st.lists(st.integers(0, 12), min_size=1, max_size=40))
def test_without_censoring_it_is_the_plain_share(lengths):
    counts = np.bincount(lengths, minlength=14)
    curve = kaplan_meier(counts, np.zeros(14, int))
    for length in range(14):
        longer = sum(each > length for each in lengths)
        assert curve.surviving[length] == pytest.approx(longer / len(lengths), abs=1e-12)
        if longer:
            share, low, high = curve.ends_within(length, 1) if length < 13 else (0, 0, 0)
            assert low - 1e-12 <= share <= high + 1e-12


def test_nothing_lasts_longer_than_all_of_it():
    curve = kaplan_meier(np.array([0, 2, 0]), np.zeros(3, int))
    assert curve.surviving.tolist() == [1, 0, 0]
    with pytest.raises(ValueError, match="lasts"):
        curve.ends_within(1, 1)
    assert curve.interval(2) == (0, 0)
