"""The predictor of a question, and everybody's chance to be lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from userops.analyses.risk.bands import NAMES, band_of
from userops.analyses.risk.document import Risk
from userops.analyses.risk.drivers import reasons
from userops.analyses.risk.features import Feature, Frame, frame
from userops.analyses.risk.history import common_names, day_of, last_day, number_of, read
from userops.analyses.risk.learning import TESTS, Floats, Learner, Predictor
from userops.query.scope import Scope


@dataclass(frozen=True, eq=False)
class Scored:
    """Users who are not lost at the end of a day, the highest risk first, with their chance to leave."""

    day: int
    person: Floats
    chance: Floats
    order: Floats
    frame: Frame
    predictor: Predictor

    def band(self, name: str) -> Floats:
        """The places of those in a band, the highest risk first."""
        inside = band_of(self.chance[self.order]) == NAMES.index(name)
        return np.asarray(self.order[inside])

    def reasons(self, places: Floats) -> list[list[tuple[Feature, float, float]]]:
        return reasons(self.predictor, self.frame, places)


def learner(document: Risk, scope: Scope) -> Learner | None:
    """None where the range holds no day that is over."""
    first, last = document.range.first, last_day(document, scope)
    if last < first:
        return None
    # known on every day that is tested
    back = document.gap + document.window + (TESTS - 1) * document.step
    until = max(last - timedelta(days=back), first)
    names = common_names(document, scope, until)
    history = read(document, scope, first, last, names, whole=False)
    return Learner(document, history, number_of(first), number_of(last))


def scored(document: Risk, scope: Scope, of: Learner) -> Scored | None:
    """Everybody at the last day, also where the model was learnt from a sample."""
    predictor = of.predictor(of.last)
    if predictor is None:
        return None
    history = of.history
    if history.modulo > 1:
        span = max(document.lookback, document.window)
        begin = day_of(max(of.last - span + 1, of.first))
        history = read(document, scope, begin, day_of(of.last), history.names, whole=True)
    now = frame(document, history, of.last)
    chance = predictor.chances(now)
    order = np.lexsort((now.person, -chance))
    return Scored(of.last, now.person, chance, order, now, predictor)
