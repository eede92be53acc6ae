"""The interval of satisfaction, and where there is none."""

from __future__ import annotations

import pytest

from userops.feedback.figures.satisfaction import interval


@pytest.mark.parametrize("scores", [[], [5], [4, 4], [5] * 200])
def test_ratings_without_spread_have_no_interval(scores):
    assert interval(scores) == (None, None)


def test_the_interval_stays_on_the_scale():
    low, high = interval([5, 5, 4])
    assert low < 91.7 < high == 100.0
