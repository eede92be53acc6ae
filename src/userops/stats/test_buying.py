"""Against published answers, and against customers that were simulated by the model's own story."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from userops.stats.buying import Histories, alive, expected, fit_buying, log_likelihood
from userops.stats.likelihood import NotFitted, fit
from userops.stats.spending import expected_spend, fit_spending

PUBLISHED = (0.243, 4.414, 0.793, 2.426)
TRUTH = (0.8, 5.0, 0.9, 2.5)


def of(*rows: tuple[float, float, float]) -> Histories:
    x, last, watched = (np.array(column, float) for column in zip(*rows, strict=True))
    return Histories(x, last, watched, np.ones(len(x)))


@pytest.fixture(scope="module")
def cdnow(real_data: Path) -> Histories:
    with (real_data / "cdnow_customers_summary.csv").open() as file:
        rows = [
            (float(row["frequency"]), float(row["recency"]), float(row["T"]))
            for row in csv.DictReader(file)
        ]
    return of(*rows)


def test_cdnow_as_published(cdnow: Histories):
    """Fader, Hardie & Lee (2005), table 2, and the spreadsheet of Hardie's note 4."""
    assert (len(cdnow), cdnow.repeats.sum()) == (2357, 2457)
    found = fit_buying(cdnow, modified=False)
    assert found.values == pytest.approx((0.24259, 4.41353, 0.79289, 2.42575), abs=2e-4)
    assert found.log_likelihood == pytest.approx(-9582.426, abs=1e-3)
    assert found.values == pytest.approx(PUBLISHED, abs=6e-4)
    assert found.covariance is not None
    errors = np.sqrt(np.diag(found.covariance))
    assert np.all(errors < 0.35)
    one = of((2, 30.43, 38.86))
    assert expected(found.values, one, 39, modified=False)[0] == pytest.approx(1.226, abs=1e-3)
    assert alive(found.values, one, modified=False)[0] == pytest.approx(0.72658, abs=1e-4)
    # of a new customer, with the parameters as they are printed
    new = expected(PUBLISHED, of((0, 0, 0)), 39, modified=False)[0]
    assert new == pytest.approx(1.19672, abs=1e-4)


def test_who_never_bought_again_is_alive_for_certain_unless_modified():
    silent = of((0, 0, 500))
    assert alive(PUBLISHED, silent, modified=False)[0] == 1
    assert alive(PUBLISHED, silent, modified=True)[0] < 0.7


def test_equal_customers_may_be_counted_once():
    several = of((2, 5, 9), (2, 5, 9), (0, 0, 4))
    once = Histories(np.array([2.0, 0]), np.array([5.0, 0]), np.array([9.0, 4]), np.array([2.0, 1]))
    for modified in (False, True):
        found = log_likelihood(PUBLISHED, several, modified=modified)
        assert log_likelihood(PUBLISHED, once, modified=modified) == pytest.approx(found)


def simulated(
    modified: bool, count: int, watched: float, more: float
) -> tuple[Histories, Any, Any]:
    """Customers by the story of the model: their histories, later purchases, and who is alive."""
    generator = np.random.default_rng(3)
    r, alpha, a, b = TRUTH
    rate, leave = generator.gamma(r, 1 / alpha, count), generator.beta(a, b, count)
    repeats, last, later, living = (np.zeros(count) for _ in range(4))
    for person in range(count):
        time, here = 0.0, not (modified and generator.random() < leave[person])
        gone_at = np.inf if here else 0.0
        while here:
            time += generator.exponential(1 / rate[person])
            if time > watched + more:
                break
            if time <= watched:
                repeats[person], last[person] = repeats[person] + 1, time
            else:
                later[person] += 1
            here = generator.random() >= leave[person]
            gone_at = np.inf if here else time
        living[person] = gone_at > watched
    return Histories(repeats, last, np.full(count, watched), np.ones(count)), later, living


@pytest.mark.parametrize("modified", [False, True])
def test_what_was_simulated_is_found_again(modified: bool):
    customers, later, living = simulated(modified, 20_000, 30.0, 20.0)
    some = Histories(*(part[:6_000] for part in (
        customers.repeats, customers.last, customers.watched, customers.customers,
    )))  # fmt: skip
    assert fit_buying(some, modified=modified).values == pytest.approx(TRUTH, rel=0.35)
    ahead = expected(TRUTH, customers, 20.0, modified=modified)
    assert ahead.sum() == pytest.approx(later.sum(), rel=0.03)
    assert alive(TRUTH, customers, modified=modified).mean() == pytest.approx(
        living.mean(), abs=0.01
    )
    for often in (0, 1, 3):
        those = customers.repeats == often
        assert ahead[those].mean() == pytest.approx(later[those].mean(), rel=0.1)


def test_many_purchases_and_leaving_chances_near_one_stay_finite():
    heavy = of((900, 380, 390), (0, 0, 0))
    for a in (1.0, 0.999999, 0.2, 3.0):
        found = expected((0.5, 3.0, a, 2.0), heavy, 52, modified=False)
        assert np.all(np.isfinite(found)) and np.all(found >= 0)


def test_where_nobody_leaves_the_model_is_the_negative_binomial_one():
    generator = np.random.default_rng(5)
    rate = generator.gamma(0.8, 1 / 5, 3_000)
    repeats = generator.poisson(rate * 40).astype(float)
    last = np.where(repeats > 0, 40 * generator.beta(np.maximum(repeats, 1), 1), 0)
    customers = Histories(repeats, last, np.full(3_000, 40.0), np.ones(3_000))
    for modified in (False, True):
        found = fit_buying(customers, modified=modified)
        assert found.values == pytest.approx((0.8, 5.0, 0.0, 1.0), rel=0.1)
        assert np.all(alive(found.values, customers, modified=modified) == 1)
        r, alpha, _a, _b = found.values
        ahead = expected(found.values, customers, 20.0, modified=modified)
        assert ahead == pytest.approx((r + repeats) * 20 / (alpha + 40))
        draws = found.draws(10, seed=1)
        assert draws is not None and np.all(draws[:, 2] == 0)


def test_where_the_likelihood_has_no_top():
    with pytest.raises(NotFitted):
        fit(lambda logs: -float(logs.sum()), [(1.0, 1.0)])


def test_draws_lie_about_the_parameters(cdnow: Histories):
    found = fit_buying(cdnow, modified=True)
    draws = found.draws(400, seed=1)
    assert draws is not None
    assert np.median(draws, axis=0) == pytest.approx(found.values, rel=0.2)


def purchases_of(path: Path) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for line in path.read_text().splitlines():
        _master, customer, day, _cds, dollars = line.split()
        own = found.setdefault(customer, {})
        own[day] = own.get(day, 0.0) + float(dollars)
    return found


def test_spending_of_cdnow_as_published(real_data: Path):
    """Fader & Hardie (2013): p 6.25, q 3.74, γ 15.44 of 946 customers who bought again."""
    often, means = [], []
    for days in purchases_of(real_data / "CDNOW_sample.txt").values():
        again = [days[day] for day in sorted(days)[1:] if day <= "19970930"]
        if again and sum(again) > 0:
            often.append(len(again))
            means.append(sum(again) / len(again))
    assert len(often) == 946
    found = fit_spending(np.array(often, float), np.array(means))
    assert found.values == pytest.approx((6.2488, 3.7446, 15.4477), abs=2e-2)
    assert found.log_likelihood == pytest.approx(-4055.92, abs=0.05)
    spend = expected_spend(found.values, np.array([2.0]), np.array([22.35]))
    assert spend is not None and spend[0] == pytest.approx(24.6586, abs=2e-2)
    nobody = expected_spend((6.25, 0.9, 15.0), np.array([1.0]), np.array([1.0]))
    assert nobody is None
