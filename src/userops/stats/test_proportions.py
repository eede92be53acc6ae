from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from userops.stats.proportions import Z95, wilson


def test_published_example():
    # Newcombe (1998), table I: 81 of 263, Wilson without continuity correction
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)


def test_nobody_has_no_interval():
    assert wilson(0, 0) is None


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_ends_solve_the_score_equation(counts):
    hits, total = counts
    share = hits / total
    for end in wilson(hits, total) or ():
        assert 0 <= end <= 1
        if 0 < end < 1:
            assert (share - end) ** 2 == pytest.approx(Z95**2 * end * (1 - end) / total)
