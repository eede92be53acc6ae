from __future__ import annotations

import numpy as np
import pytest

from userops.stats.classifying import calibrate, fit_boosting, fit_logistic
from userops.stats.scoring import calibration_curve, calibration_error, lift_at, scores

OUTCOME = np.array([0, 0, 1, 1, 0, 1, 0, 1, 1, 0])
CHANCE = np.array([0.1, 0.4, 0.35, 0.8, 0.2, 0.9, 0.5, 0.6, 0.7, 0.3])


def test_the_case_that_was_computed_elsewhere():
    found = scores(OUTCOME, CHANCE)
    assert found.brier == pytest.approx(0.12725)
    assert found.log_loss == pytest.approx(0.41349785744121414)
    assert found.pr_auc == pytest.approx(0.9428571428571428)
    assert calibration_error(OUTCOME, CHANCE, 5) == pytest.approx(0.105)
    assert lift_at(OUTCOME, CHANCE, 0.2) == pytest.approx(2.0)
    assert found.ratio == pytest.approx(5 / 4.85)


def test_without_ones_there_is_no_lift():
    found = scores(np.zeros(4), np.full(4, 0.2))
    assert (found.pr_auc, found.lift, found.ratio) == (None, None, 0.0)


def test_the_curve_holds_everybody_once():
    parts = calibration_curve(OUTCOME, CHANCE, 3)
    assert [part.users for part in parts] == [4, 3, 3]
    assert sum(part.ones for part in parts) == 5
    assert all(part.low <= part.ones / part.users <= part.high for part in parts)
    assert len(calibration_curve(OUTCOME[:2], CHANCE[:2], 5)) == 2


@pytest.mark.parametrize("count", [1_500, 8_000])
def test_chances_that_are_wrong_are_made_right(count: int):
    generator = np.random.default_rng(2)
    features = generator.normal(size=(2 * count, 3))
    truth = 1 / (1 + np.exp(-(features[:, 0] - 0.5 * features[:, 1] - 0.5)))
    outcome = (generator.random(2 * count) < truth).astype(int)
    first, rest = slice(0, count), slice(count, None)
    wrong = truth**3
    made = calibrate(wrong[first], outcome[first])
    assert made.method == ("platt" if count == 1_500 else "isotonic")
    assert calibration_error(outcome[rest], wrong[rest], 10) > 0.1
    assert calibration_error(outcome[rest], made.apply(wrong[rest]), 10) < 0.06
    for model in (
        fit_logistic(features[first], outcome[first]),
        fit_boosting(features[first], outcome[first]),
    ):
        assert np.corrcoef(model(features[rest]), truth[rest])[0, 1] > 0.9
    plain = fit_logistic(features[first], outcome[first])
    assert plain.weight == pytest.approx([1, -0.5, 0], abs=0.15)
    assert plain.pulls(plain.centre[None, :]) == pytest.approx(np.zeros((1, 3)))
