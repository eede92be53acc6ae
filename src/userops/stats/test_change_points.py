from __future__ import annotations

import numpy as np
import pytest

from userops.stats.change_points import chart, moving_sigma, noise_of_means, shift, without_weekdays

WEEK = np.array([0, 1, 2, 1, 3, 12, 10.0])


def steady(seed: int, days: int = 60):
    rng = np.random.default_rng(seed)
    return 100 + np.resize(WEEK, days) + rng.normal(0, 3, days)


def test_the_planted_break_is_found():
    series = steady(1, 100)
    series[60:] += 12
    found = shift(series.tolist())
    assert found is not None
    assert abs(found.place - 60) <= 1
    assert found.after - found.before == pytest.approx(12, abs=3)


def test_steady_series_shift_rarely():
    false = sum(shift(steady(seed).tolist()) is not None for seed in range(200))
    assert false <= 12


def test_single_odd_days_are_no_shift_but_stand_outside():
    series = steady(5)
    series[30] += 60
    assert shift(series.tolist()) is None
    assert chart(series.tolist()).outside == (30,)


def test_weekdays_go_and_the_level_stays():
    plain = without_weekdays((100 + np.resize(WEEK, 56)).tolist())
    assert np.std(plain) < 2
    assert np.mean(plain) == pytest.approx(100 + WEEK.mean(), abs=0.5)


def test_sigma_is_that_from_day_to_day():
    rng = np.random.default_rng(3)
    series = np.concatenate([rng.normal(0, 2, 300), rng.normal(50, 2, 300)])
    assert moving_sigma(series.tolist()) == pytest.approx(2, rel=0.15)


def test_noise_shrinks_with_days_and_is_unknown_without_history():
    series = steady(4).tolist()
    assert noise_of_means(series[:13], 7, 7) is None
    assert noise_of_means([0.0] * 30, 7, 7) is None
    week, month = noise_of_means(series, 7, 7), noise_of_means(series, 28, 28)
    assert week == pytest.approx(2 * month)
    assert 0.01 < week < 0.06


def test_a_long_quiet_time_before_does_not_move_the_shift():
    found = shift(
        [20.0 + at % 3 for at in range(38)] + [2_300.0 + 40 * (at % 5) for at in range(60)]
    )
    assert found is not None and found.place == 38
    assert found.before < 40 and found.after > 2_300


def test_a_short_series_tells_no_shift():
    assert shift([1.0, 9.0] * 10) is None
    assert shift([]) is None
    assert chart([]).outside == ()
