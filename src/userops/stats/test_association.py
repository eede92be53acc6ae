"""Published and well-known answers for tables of two by two and for many tests."""

from __future__ import annotations

from random import Random

import pytest

from userops.stats.association import (
    expected_counts,
    fisher_p,
    newcombe,
    phi_coefficient,
    two_proportion_p,
)
from userops.stats.multiplicity import benjamini_hochberg


@pytest.mark.parametrize(
    ("counts", "interval"),
    [
        ((70, 56, 80, 48), (0.0524, 0.3339)),
        ((10, 9, 10, 3), (0.1705, 0.8090)),
        ((56, 5, 29, 0), (-0.0381, 0.1926)),
        ((10, 10, 20, 0), (0.6791, 1.0)),
        ((10, 10, 10, 0), (0.6075, 1.0)),
    ],
)
def test_newcombe_1998(counts, interval):
    """Newcombe (1998), Table II, method 10."""
    assert newcombe(*counts) == pytest.approx(interval, abs=6e-5)


def test_phi_is_pearsons_r():
    """(1, 1, 1, −1) against (1, −1, 1, 1): −1/3, the example of a well-known library's Matthews score."""
    assert phi_coefficient(3, 2, 1, 1) == pytest.approx(-1 / 3)
    assert phi_coefficient(10, 10, 10, 0) == 1
    assert phi_coefficient(10, 0, 10, 10) == -1
    for nothing in ((0, 0, 5, 2), (5, 0, 5, 0), (5, 5, 5, 5)):
        assert phi_coefficient(*nothing) is None
        assert two_proportion_p(*nothing) is None


def test_the_pooled_z_test():
    """Chi-square of 3 of 4 against 1 of 4 is 2: p = 0.157299; equal shares have p = 1."""
    assert two_proportion_p(4, 3, 4, 1) == pytest.approx(0.1572992, abs=1e-7)
    assert two_proportion_p(83, 5, 99, 12) == pytest.approx(
        0.15918129, abs=1e-8
    )  # of statsmodels' manual
    assert two_proportion_p(10, 5, 20, 10) == 1
    assert expected_counts(4, 3, 4, 1) == (2, 2, 2, 2)


def test_fishers_exact_test():
    """The lady tasting tea (1935): 3 of 4 and 1 of 4; convictions of twins (1934): 10 of 13 and 2 of 17."""
    assert fisher_p(4, 3, 4, 1) == pytest.approx(0.4857142857)
    assert fisher_p(13, 10, 17, 2) == pytest.approx(0.0005367, abs=5e-8)
    assert fisher_p(5, 5, 5, 5) == pytest.approx(1.0)
    assert fisher_p(2000, 1000, 3000, 1500) == pytest.approx(1.0)


def test_benjamini_and_hochberg_1995():
    """Their example of 15 endpoints, section 4: four are rejected at 0.05 (Bonferroni: three)."""
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
         0.5719, 0.6528, 0.7590, 1.0]  # fmt: skip
    q = benjamini_hochberg(p)
    assert sum(each <= 0.05 for each in q) == 4
    assert q[:4] == pytest.approx([0.0015, 0.003, 0.0095, 0.035625])
    order = list(range(15))
    Random(1).shuffle(order)
    assert benjamini_hochberg([p[i] for i in order]) == [q[i] for i in order]
    assert benjamini_hochberg([]) == []
    assert benjamini_hochberg([1.0]) == [1.0]
