"""The one way from the past to a prediction: learn on earlier days, calibrate on a later one, predict.

For a prediction at the end of a day only such days are learnt from whose outcome was known by then. So a test
on a past day is what would have been said on that day.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from userops.analyses.risk.document import Risk
from userops.analyses.risk.features import Frame, frame, left
from userops.analyses.risk.history import History
from userops.stats.classifying import (
    Calibration,
    Logistic,
    Model,
    calibrate,
    fit_boosting,
    fit_logistic,
)
from userops.stats.scoring import log_loss

Floats = npt.NDArray[Any]
FEWEST = 50
"""So many who left, and who stayed, are needed to learn, to calibrate and to test."""
TESTS = 3
"""So many past days are tested, the latest first."""
MOST_DAYS = 4
"""The latest so many days are learnt from."""
Kind = Literal["logistic", "boosting"]


@dataclass(frozen=True, eq=False)
class Past:
    """A past day with its outcome."""

    frame: Frame
    left: Floats

    @property
    def enough(self) -> bool:
        return bool(min(self.left.sum(), (1 - self.left).sum()) >= FEWEST)


@dataclass(frozen=True, eq=False)
class Predictor:
    """- `kind`: which model was the better one on the day of the calibration.
    - `rule`: the RFM rule that it has to beat.
    """

    kind: Kind
    models: dict[Kind, Model]
    calibrations: dict[Kind, Calibration]
    plain: Logistic
    rule: Model
    learnt: tuple[Past, ...]
    calibrated: Past

    def chances(self, of: Frame, kind: Kind | None = None) -> Floats:
        which = kind or self.kind
        return self.calibrations[which].apply(self.models[which](of.values))


@dataclass(frozen=True, eq=False)
class Learner:
    """Days up to `last`, the first of them `first`; the history holds no more."""

    document: Risk
    history: History
    first: int
    last: int

    @cached_property
    def _known(self) -> dict[int, Past]:
        return {}

    def past(self, day: int) -> Past:
        if day not in self._known:
            of = frame(self.document, self.history, day)
            self._known[day] = Past(of, left(self.document, self.history, of))
        return self._known[day]

    @property
    def ahead(self) -> int:
        """Days until an outcome is known."""
        return self.document.gap + self.document.window

    @property
    def earliest(self) -> int:
        """The first day at whose end enough of the past is known."""
        return self.first + max(self.document.lookback, self.document.window) - 1

    def days(self, until: int) -> Iterator[int]:
        """Days whose outcome is known at the end of `until`, the latest first."""
        day = until - self.ahead
        while day >= self.earliest:
            yield day
            day -= self.document.step

    def predictor(self, day: int) -> Predictor | None:
        """As it could be made at the end of a day; None where too little was known."""
        days = list(self.days(day))
        if len(days) < 2:
            return None
        calibrated, *earlier = [self.past(each) for each in days[: MOST_DAYS + 1]]
        learnt = tuple(each for each in earlier if len(each.frame))
        if not learnt or not calibrated.enough:
            return None
        features = np.vstack([each.frame.values for each in learnt])
        outcome = np.concatenate([each.left for each in learnt])
        if min(outcome.sum(), (1 - outcome).sum()) < FEWEST:
            return None
        plain = fit_logistic(features, outcome)
        models: dict[Kind, Model] = {"logistic": plain, "boosting": fit_boosting(features, outcome)}
        raw = {kind: model(calibrated.frame.values) for kind, model in models.items()}
        calibrations = {kind: calibrate(raw[kind], calibrated.left) for kind in models}
        kind = min(
            models, key=lambda each: log_loss(calibrated.left, calibrations[each].apply(raw[each]))
        )
        rule = rfm_rule(features, outcome)
        return Predictor(kind, models, calibrations, plain, rule, learnt, calibrated)


def rfm_rule(features: Floats, outcome: Floats) -> Model:
    """Five classes of recency by five of frequency: the share that left in each, one added on both sides.
    What a team would do without a model."""
    cuts = [np.quantile(features[:, column], [0.2, 0.4, 0.6, 0.8]) for column in (0, 2)]

    def cell(of: Floats) -> Floats:
        recency, frequency = (
            np.searchsorted(cut, of[:, column], side="right")
            for cut, column in zip(cuts, (0, 2), strict=True)
        )
        return np.asarray(recency * 5 + frequency)

    gone = np.bincount(cell(features), outcome, minlength=25)
    share = (gone + 1) / (np.bincount(cell(features), minlength=25) + 2)
    return lambda of: np.asarray(share[cell(of)])
