from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from userops.stats.comparisons import (
    Sample,
    adjusted,
    cramers_v,
    moved_alike,
    of_means,
    of_medians,
    of_shares,
    same_shares,
)


def test_newcombe_published_example():
    # Newcombe (1998), table II, example (a): 56/70 − 48/80, method 10
    found = of_shares(56, 70, 48, 80)
    assert (found.value, found.low, found.high) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)


def test_empty_sides_have_no_difference():
    assert of_shares(0, 0, 1, 2) is None
    assert of_means(Sample(1, 2.0, 0.0), Sample(5, 2.0, 1.0)) is None
    assert of_means(Sample(5, 2.0, 0.0), Sample(5, 2.0, 0.0)) is None


def test_welch_agrees_with_scipy():
    from scipy.stats import ttest_ind

    rng = np.random.default_rng(4)
    first, second = rng.normal(10, 2, 15), rng.normal(12, 5, 40)
    found = of_means(
        *(Sample(len(x), float(x.mean()), float(x.var(ddof=1))) for x in (first, second))
    )
    expected = ttest_ind(first, second, equal_var=False)
    interval = expected.confidence_interval()
    assert (found.p, found.low, found.high) == pytest.approx(
        (expected.pvalue, interval.low, interval.high)
    )
    assert found.size < 0


def test_benjamini_and_hochberg_by_hand():
    assert adjusted([0.01, 0.04, 0.03, 0.5]) == pytest.approx([0.04, 0.16 / 3, 0.16 / 3, 0.5])
    assert adjusted([]) == []


@given(st.lists(st.floats(0, 1), max_size=30))
def test_adjusting_keeps_the_order_and_never_lowers(p_values):
    found = adjusted(p_values)
    assert all(q >= p - 1e-15 for p, q in zip(p_values, found, strict=True))
    ordered = [q for _, q in sorted(zip(p_values, found, strict=True))]
    assert all(a <= b + 1e-12 for a, b in pairwise(ordered))


def test_v_is_one_for_twins_and_about_zero_for_strangers():
    assert cramers_v([[50, 0, 0], [0, 60, 0], [0, 0, 70]]) == pytest.approx(1)
    assert cramers_v([[25, 25], [25, 25]]) == 0
    assert cramers_v([[5, 5]]) is None
    assert cramers_v([]) is None
    rng = np.random.default_rng(1)
    table = np.histogram2d(rng.integers(0, 6, 4000), rng.integers(0, 6, 4000), bins=6)[0]
    assert cramers_v(table.astype(int).tolist()) < 0.05


def test_alike_moves_have_uniform_p_values():
    rng = np.random.default_rng(2)
    p_values = []
    for _ in range(400):
        n = rng.integers(200, 400, 5)
        before, after = rng.binomial(n, 0.4), rng.binomial(n, 0.5)
        p_values.append(
            moved_alike(
                list(zip(before.tolist(), n.tolist(), strict=True)),
                list(zip(after.tolist(), n.tolist(), strict=True)),
            )
        )
    assert np.mean(np.array(p_values) < 0.05) == pytest.approx(0.05, abs=0.03)
    assert moved_alike([(50, 100), (50, 100)], [(90, 100), (50, 100)]) < 1e-4
    assert moved_alike([(1, 2)], [(1, 2)]) == 1


def test_same_shares_have_uniform_p_values():
    rng = np.random.default_rng(3)
    shares = [0.5, 0.3, 0.15, 0.05]
    p_values = [
        same_shares(rng.multinomial(900, shares).tolist(), rng.multinomial(600, shares).tolist())
        for _ in range(400)
    ]
    assert np.mean(np.array(p_values) < 0.05) == pytest.approx(0.05, abs=0.03)
    assert same_shares([100, 100], [100, 200]) < 1e-3
    assert same_shares([0, 0], [1, 2]) == 1
    assert same_shares([100, 100], [100, 200], spread=20) > 0.05


def test_medians():
    assert of_medians(10, (8, 12), 4, (3, 5)) == pytest.approx((6 - 5**0.5, 6 + 5**0.5))
