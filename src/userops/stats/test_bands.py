"""The band keeps what it promises: measured by simulation, on series that are not of its own model."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from userops.stats.bands import TooLittleHistory, needed_history, seasonal_bands

WEEK = np.array([1, 1.02, 1, 0.98, 1.1, 1.35, 1.25])
DAY = 1 + 0.7 * np.sin(np.arange(24) / 24 * 2 * np.pi)


def daily(kind, count, rng):
    """A made-up product's daily figure."""
    at = np.arange(count)
    base = 1000 * WEEK[at % 7]
    if kind == "counts":
        return rng.poisson(base)
    if kind == "small counts":
        return rng.poisson(6 * WEEK[at % 7])
    if kind == "growing":
        return rng.normal(base * (1 + 0.006 * at), 50)
    if kind == "drifting":
        return base + np.cumsum(rng.normal(0, 10, count)) + rng.normal(0, 40, count)
    if kind == "proportional noise":
        return base * np.exp(rng.normal(0, 0.06, count))
    noise = np.zeros(count)
    for day in range(1, count):
        noise[day] = 0.5 * noise[day - 1] + rng.normal(0, 40)
    return base + noise


def rate(make, runs, *, false_alarms, seasons=(7,), change=1.0, seed=7):
    """The share of runs in which the last value, times `change`, is outside."""
    rng = np.random.default_rng(seed)
    found = 0
    for _ in range(runs):
        values = np.asarray(make(rng), dtype=float)
        values[-1] *= change
        band = seasonal_bands(list(values), seasons=seasons, false_alarms=false_alarms)
        found += not band.low[-1] <= values[-1] <= band.high[-1]
    return found / runs


KINDS = ["counts", "small counts", "growing", "drifting", "proportional noise", "sticky"]


@pytest.mark.parametrize("kind", KINDS)
def test_false_alarms_are_as_rare_as_stated(kind):
    """Stated 2%: between a quarter of it and 1.6 times, after eight weeks of history."""
    found = rate(lambda rng: daily(kind, 57, rng), 800, false_alarms=0.02)
    assert 0.005 <= found <= 0.032


def test_the_rare_end():
    """Stated 0.5%, over all kinds together: at most 1%."""
    found = [rate(lambda rng, k=k: daily(k, 57, rng), 300, false_alarms=0.005) for k in KINDS]
    assert np.mean(found) <= 0.01


def test_hours_have_a_day_and_a_week():
    def hourly(rng):
        at = np.arange(24 * 28 + 1)
        return rng.poisson(200 * DAY[at % 24] * WEEK[at // 24 % 7])

    assert rate(hourly, 150, false_alarms=0.02, seasons=(168, 24)) <= 0.06
    assert rate(hourly, 60, false_alarms=0.005, seasons=(168, 24), change=0.4) >= 0.9


def test_power():
    """Stated 0.5%, after twelve weeks: a drop by 30% of a figure with 6% noise is found in nine of
    ten, a drop by 15% of a thousand counts in eight of ten."""
    noisy, counted = (
        lambda rng, kind=kind: daily(kind, 85, rng) for kind in ("proportional noise", "counts")
    )
    assert rate(noisy, 300, false_alarms=0.005, change=0.7) >= 0.9
    assert rate(counted, 300, false_alarms=0.005, change=0.85) >= 0.8


def test_past_anomalies_do_not_poison_the_band():
    """Six wild days of eight weeks: the band stays where it was, and a drop is still found."""
    rng = np.random.default_rng(3)
    wider, moved = [], []
    for _ in range(100):
        clean = daily("counts", 57, rng).astype(float)
        dirty = clean.copy()
        dirty[rng.choice(56, 6, replace=False)] *= rng.choice([0.05, 6], 6)
        one, two = (
            seasonal_bands(list(each), seasons=(7,), false_alarms=0.005) for each in (clean, dirty)
        )
        wider.append((two.high[-1] - two.low[-1]) / (one.high[-1] - one.low[-1]))
        moved.append(abs(two.expected[-1] / one.expected[-1] - 1))
        assert two.low[-1] > clean[-1] * 0.7
    assert np.median(wider) < 1.35 and np.median(moved) < 0.02


VALUES = st.lists(st.none() | st.floats(0, 1e6), min_size=40, max_size=90)


@settings(max_examples=40, deadline=None)
@given(VALUES, st.floats(0, 1e6))
def test_a_value_has_no_say_in_its_own_band(values, other):
    one = seasonal_bands(values, seasons=(7,), false_alarms=0.01)
    two = seasonal_bands([*values[:-1], other], seasons=(7,), false_alarms=0.01)
    if isinstance(one, TooLittleHistory):
        assert one == two
    else:
        assert (one.low[-1], one.high[-1]) == (two.low[-1], two.high[-1])


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(1, 1e4), min_size=40, max_size=60), st.sampled_from([0.001, 4.0, 1e6]))
def test_another_unit_is_another_scale_only(values, factor):
    one = seasonal_bands(values, seasons=(7,), false_alarms=0.01, counts=False)
    scaled = [each * factor for each in values]
    two = seasonal_bands(scaled, seasons=(7,), false_alarms=0.01, counts=False)
    for name in ("expected", "low", "high"):
        assert getattr(two, name)[-1] == pytest.approx(
            getattr(one, name)[-1] * factor, rel=1e-6, abs=1e-6 * factor
        )


def test_a_constant_figure_still_has_the_noise_of_counts():
    band = seasonal_bands([100.0] * 60, seasons=(7,), false_alarms=0.01)
    assert 70 < band.low[-1] < 80 and 120 < band.high[-1] < 130
    exact = seasonal_bands([0.25] * 60, seasons=(7,), false_alarms=0.01, counts=False)
    assert exact.low[-1] == pytest.approx(0.25) == exact.high[-1]


def test_one_side_only():
    rng = np.random.default_rng(1)
    values = list(daily("counts", 57, rng))
    below = seasonal_bands(values, seasons=(7,), false_alarms=0.01, side="below")
    both = seasonal_bands(values, seasons=(7,), false_alarms=0.01)
    assert np.isinf(below.high[-1]) and below.low[-1] > both.low[-1]


@pytest.mark.parametrize(("seasons", "needed"), [((7,), 28), ((168, 24), 96), ((1,), 28)])
def test_too_little_history_is_said(seasons, needed):
    assert needed_history(seasons) == needed
    found = seasonal_bands([1.0] * needed, seasons=seasons, false_alarms=0.01)
    assert found == TooLittleHistory(needed, needed - 1)
    assert not isinstance(
        seasonal_bands([1.0] * (needed + 1), seasons=seasons, false_alarms=0.01), TooLittleHistory
    )
