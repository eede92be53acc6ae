from __future__ import annotations

import numpy as np
import pytest

from userops.stats.bursts import burst


def test_by_simulation():
    """The chance is that of a Poisson count whose rate has the gamma distribution that was learned."""
    random = np.random.default_rng(1)
    rate = random.gamma(14.5, 1 / 28, 400_000)
    drawn = random.poisson(rate)
    for now in (1, 2, 4):
        assert burst(now, 14, 28).chance == pytest.approx((drawn >= now).mean(), abs=0.002)


def test_steady_counts_seldom_alarm():
    random = np.random.default_rng(2)
    counts = random.poisson(3.0, (20_000, 29))
    alarms = [burst(int(row[-1]), int(row[:-1].sum()), 28).chance < 0.001 for row in counts[:4_000]]
    assert np.mean(alarms) <= 0.002


def test_more_is_less_likely_and_nothing_is_certain():
    chances = [burst(now, 20, 28).chance for now in range(12)]
    assert chances[0] == 1.0
    assert chances == sorted(chances, reverse=True)
