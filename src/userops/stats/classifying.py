"""Chances of an outcome from features: plain models, and the calibration of what they say."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[Any]
Model = Callable[[Floats], Floats]
"""From features, a row for each user, to uncalibrated chances."""
ISOTONIC_FROM = 1_000
"""So many ones and zeros are needed before the shape of the calibration is left to the data."""
_LEAST = 1e-6


@dataclass(frozen=True, eq=False)
class Logistic:
    """A logistic regression on standardised features. `weight`: of each, in log-odds."""

    centre: Floats
    scale: Floats
    weight: Floats
    constant: float

    def __call__(self, features: Floats) -> Floats:
        return np.asarray(1 / (1 + np.exp(-(self.constant + self.pulls(features).sum(axis=1)))))

    def pulls(self, features: Floats) -> Floats:
        """By how much each feature of a user moves the log-odds from those of the average user."""
        return np.asarray((features - self.centre) / self.scale * self.weight)


def fit_logistic(features: Floats, outcome: Floats) -> Logistic:
    from sklearn.linear_model import LogisticRegression

    centre, scale = features.mean(axis=0), features.std(axis=0)
    scale = np.where(scale > 0, scale, 1.0)
    found = LogisticRegression(C=0.5, max_iter=1_000).fit((features - centre) / scale, outcome)
    return Logistic(centre, scale, found.coef_[0], float(found.intercept_[0]))


def fit_boosting(features: Floats, outcome: Floats) -> Model:
    """Gradient-boosted trees, small and slow-learning, the same for the same data."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    found = HistGradientBoostingClassifier(
        max_iter=80,
        learning_rate=0.08,
        max_leaf_nodes=15,
        min_samples_leaf=40,
        l2_regularization=1.0,
        early_stopping=False,
        random_state=0,
    )
    with _one_thread():
        found.fit(features, outcome)

    def chances(given: Floats) -> Floats:
        with _one_thread():
            return np.asarray(found.predict_proba(given)[:, 1])

    return chances


def _one_thread() -> AbstractContextManager[Any]:
    """Threads that wait for one another spin: on a machine that does other things too, one is faster."""
    from threadpoolctl import threadpool_limits

    return threadpool_limits(1)  # type: ignore[no-any-return]


@dataclass(frozen=True, eq=False)
class Calibration:
    """Of chances that rank well to chances that are right."""

    method: Literal["platt", "isotonic"]
    apply: Model


def calibrate(chance: Floats, outcome: Floats) -> Calibration:
    """From chances of users whom the model has not seen, and what became of them: Platt's logistic curve
    where there are few, a rising step function where there are many."""
    if min(outcome.sum(), (1 - outcome).sum()) >= ISOTONIC_FROM:
        from sklearn.isotonic import IsotonicRegression

        # the last step may rest on a handful: never quite certain
        edge = 0.01
        steps = IsotonicRegression(y_min=edge, y_max=1 - edge, out_of_bounds="clip")
        steps.fit(chance, outcome)
        return Calibration("isotonic", lambda given: np.asarray(steps.predict(given)))
    from sklearn.linear_model import LogisticRegression

    curve = LogisticRegression(C=1e6, max_iter=1_000).fit(_log_odds(chance), outcome)
    return Calibration(
        "platt", lambda given: np.asarray(curve.predict_proba(_log_odds(given))[:, 1])
    )


def _log_odds(chance: Floats) -> Floats:
    kept = np.clip(chance, _LEAST, 1 - _LEAST)
    return np.asarray(np.log(kept / (1 - kept)))[:, None]
