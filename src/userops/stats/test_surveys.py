"""Scores of surveys: published and computed cases, an oracle written out, and properties."""

from __future__ import annotations

import csv
import itertools
import json
import math
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from userops.stats import nps as scoring
from userops.stats.drivers import importances, least_squares
from userops.stats.nps import Nps, counted
from userops.stats.raking import effective_count, rake
from userops.stats.ratings import mean, of_highest, rescaled, sample_size, top_share
from userops.stats.scales import Scale

SHARED = Path(__file__).resolve().parents[4] / "shared"
CASES = SHARED / "reference" / "experiments_cases.json"
RETAIL = SHARED / "data" / "nps_retail_fr.csv"
realdata = pytest.mark.realdata
counts = st.integers(0, 400)
groups = st.builds(Nps, counts, counts, counts)


def case(name):
    if not CASES.exists():
        pytest.skip("REFERENCE CASES MISSING beside the checkout")
    return next(c for c in json.loads(CASES.read_text())["cases"] if c["id"] == name)


@realdata
def test_nps_interval_of_the_reference_cases():
    found = case("nps_ci")
    for row, expected in zip(found["inputs"]["data"], found["expected"]["values"], strict=True):
        nps = Nps(*row)
        low, high = scoring.interval(nps)
        got = [nps.score, scoring.wald_margin(nps), scoring.adjusted_score(nps), low, high]
        wanted = [max(-100, min(100, each)) for each in expected[:5]]
        assert got == pytest.approx(wanted, abs=1e-6)


@realdata
def test_groups_and_effort_of_the_reference_cases():
    found = case("nps_scores_to_buckets")
    nps = counted(found["inputs"]["scores"])
    assert (nps.promoters, nps.passives, nps.detractors, nps.score) == (3, 2, 3, 0)
    effort = case("ces_conventions")
    answers = {int(k): v for k, v in effort["inputs"]["counts_1_to_7"].items()}
    assert mean(answers, Scale(1, 7)).value == pytest.approx(effort["expected"]["mean"])
    easy = top_share(answers, Scale(1, 7), 3)
    assert easy.value == pytest.approx(effort["expected"]["pct_easy_5_7"])


def test_the_interval_of_a_mean_stays_on_its_scale():
    assert mean({1: 1, 7: 1}, Scale(1, 7)).interval == (1, 7)
    assert mean({4: 2}, Scale(1, 5)).interval is None, "two who agree are not the whole truth"


def test_without_answers_nothing_is_said():
    assert Nps().score is None and scoring.interval(Nps()) is None
    assert scoring.difference(Nps(1, 0, 0), Nps()) is None
    assert mean({}, Scale(1, 5)).value is None and top_share({}, Scale(1, 5)).interval is None
    with pytest.raises(ValueError, match="0 to 10"):
        counted([11])


def test_a_change_of_15_points_of_100_answers_each_is_not_significant():
    change = scoring.difference(Nps(50, 30, 20), Nps(40, 35, 25))
    assert change.value == pytest.approx(15) and change.p > 0.15 and change.low < 0 < change.high


@given(groups, groups)
@settings(max_examples=40, deadline=None)
def test_scores_add_up_and_intervals_hold(first, second):
    both = first + second
    assert both.answered == first.answered + second.answered
    for nps in (first, second, both):
        bounds = scoring.interval(nps)
        if bounds is None:
            continue
        assert -100 <= bounds[0] < bounds[1] <= 100
        listed = [1] * nps.promoters + [0] * nps.passives + [-1] * nps.detractors
        assert nps.score == pytest.approx(100 * sum(listed) / len(listed))
    there, back = scoring.difference(first, second), scoring.difference(second, first)
    if there is not None:
        assert there.value == pytest.approx(-back.value) and there.p == pytest.approx(back.p)
        assert 0 <= there.p <= 1


def test_one_set_of_answers_by_three_conventions():
    answers = {1: 10, 2: 10, 3: 40, 4: 15, 5: 5}
    scale = Scale(1, 5)
    assert rescaled(answers, scale).value == pytest.approx((235 / 80 - 1) / 4 * 100)
    assert of_highest(answers, scale).value == pytest.approx(235 / 80 / 5 * 100)
    satisfied = top_share(answers, scale)
    assert (satisfied.hits, satisfied.answered, satisfied.value) == (20, 80, 25.0)
    assert [Scale(1, high).top for high in (3, 4, 5, 7, 10)] == [1, 2, 2, 2, 3]


def test_answers_needed_of_a_finite_population():
    assert [sample_size(each) for each in (None, 1_000, 10_000, 0)] == [385, 278, 370, 0]


def test_raking_matches_both_margins():
    rows = (
        [("new", "ios")] * 10
        + [("new", "web")] * 30
        + [("old", "ios")] * 40
        + [("old", "web")] * 20
    )
    age, place = zip(*rows, strict=True)
    raked = rake([age, place], [{"new": 60, "old": 40}, {"ios": 0.5, "web": 0.5}])
    for values, wanted in ((age, {"new": 0.6}), (place, {"ios": 0.5})):
        for value, share in wanted.items():
            mine = sum(w for w, each in zip(raked.weights, values, strict=True) if each == value)
            assert mine / raked.weights.sum() == pytest.approx(share, abs=1e-5)
    assert raked.weights.mean() == pytest.approx(1) and raked.effective < 100
    assert raked.trimmed == 0 and raked.absent == () and raked.deff > 1


def test_weights_are_limited_and_absent_values_named():
    raked = rake([["a"] * 98 + ["b"] * 2], [{"a": 50, "b": 50, "c": 10}])
    assert raked.weights.max() <= 5.0001 and raked.trimmed >= 2 and raked.gap > 0.3
    assert raked.absent == ((0, "c"),)
    assert effective_count(np.ones(7)) == 7 and rake([[]], [{}]).effective == 0


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xyz")), min_size=4, max_size=60))
@settings(max_examples=30, deadline=None)
def test_targets_that_the_answers_have_already_change_nothing(rows):
    columns = [list(each) for each in zip(*rows, strict=True)]
    raked = rake(columns, [Counter(column) for column in columns])
    assert raked.weights == pytest.approx(np.ones(len(rows))) and raked.gap < 1e-9


def shapley_by_orders(columns, outcome):
    """By the definition: the gain in R² averaged over every order, each fitted anew."""

    def r2(chosen):
        fit = least_squares([columns[each] for each in chosen], outcome) if chosen else None
        return fit.r2 if fit else 0.0

    gains = [0.0] * len(columns)
    orders = list(itertools.permutations(range(len(columns))))
    for order in orders:
        for place, driver in enumerate(order):
            gains[driver] += r2(order[: place + 1]) - r2(order[:place])
    return [gain / len(orders) for gain in gains]


@given(st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_importances_add_up_to_what_is_explained(seed):
    draw = np.random.default_rng(seed)
    base = draw.normal(size=(40, 3))
    columns = [base[:, 0], base[:, 0] + base[:, 1], base[:, 2]]
    outcome = 2 * base[:, 0] - base[:, 2] + draw.normal(size=40)
    shares = importances(columns, outcome)
    assert shares == pytest.approx(shapley_by_orders(columns, outcome), abs=1e-9)
    assert sum(shares) == pytest.approx(least_squares(columns, outcome).r2)
    assert min(shares) > -1e-9


def test_columns_that_say_the_same_are_not_fitted():
    ones = np.arange(6.0)
    assert least_squares([ones, ones * 2], ones**2) is None
    assert least_squares([ones], np.ones(6)) is None


@realdata
def test_real_answers_of_a_garden_centre():
    if not RETAIL.exists():
        pytest.skip("REAL DATA MISSING beside the checkout")
    rows = list(csv.DictReader(RETAIL.read_bytes().decode("cp1252", "replace").splitlines()))
    scores = [int(row["nps"]) for row in rows if row["nps"] not in ("", "NA")]
    nps = counted(scores)
    assert len(rows) == 13_954 and nps.answered == 13_612
    assert 100 * nps.promoters / nps.answered == pytest.approx(62.19, abs=0.005)
    assert 100 * nps.detractors / nps.answered == pytest.approx(8.77, abs=0.005)
    assert nps.score == pytest.approx(53.4, abs=0.05)
    names = ("nps", "NbPassageKS", "CaTicket", "t")
    full = []
    for row in rows:
        values = [float(row[each]) if row[each] not in ("", "NA") else math.nan for each in names]
        if all(math.isfinite(v) for v in values):
            full.append(values)
    outcome, visits, ticket, wave = np.asarray(full).T
    # refunds count as nothing bought; months and tickets begin at 0
    drivers = [np.log(visits), np.log1p(np.maximum(ticket, 0)), np.log1p(wave)]
    fit = least_squares(drivers, outcome)
    assert fit.count == 13_594
    wanted = [8.09391, 0.20481, 0.07898, -0.0395]
    assert [each.value for each in fit.coefficients] == pytest.approx(wanted, abs=5e-5)
