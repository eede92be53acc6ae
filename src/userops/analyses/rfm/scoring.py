"""From values to scores to groups: plain arrays, one entry per person."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from userops.analyses.rfm.document import DIMENSIONS, Dimension, Rfm
from userops.analyses.rfm.groups import CODES
from userops.query.dates import DateRange
from userops.query.filters import number_sql, text_sql
from userops.query.scope import Scope
from userops.query.sql import Values, statement

SQL = Path(__file__).parent / "sql"
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
_EPOCH = 719_163
"""The ordinal of 1970-01-01."""


@dataclass(frozen=True, eq=False)
class Scored:
    """Persons in rising order, their three values, their scores, and the place of their group."""

    person: Ints
    values: dict[Dimension, Floats]
    scores: dict[Dimension, Ints]
    group: Ints

    def __len__(self) -> int:
        return len(self.person)


def scored(document: Rfm, scope: Scope, range_: DateRange) -> Scored:
    """Everyone with a purchase in a range, as of its last day."""
    values = scope.values()
    begin, after = range_.bounds(scope.zone)
    values.parameters["last"] = range_.last_day.toordinal() - _EPOCH
    pieces = {
        "person": scope.person,
        "frequency": _frequency(document, values),
        "value": number_sql(document.monetary.property, "event", values),
        "begin": values.instant(begin),
        "after": values.instant(after),
        "condition": document.step().sql(values, scope.person),
    }
    table = scope.ask(statement(SQL / "persons.sql", pieces), values)
    person = table.column("person").to_numpy().astype(np.int64)
    order = np.argsort(person)
    found: dict[Dimension, Floats] = {
        name: table.column(name).to_numpy().astype(np.float64)[order] for name in DIMENSIONS
    }
    scores = {name: _scores(document, name, found[name]) for name in DIMENSIONS}
    return Scored(person[order], found, scores, _groups(document, scores))


def _frequency(document: Rfm, values: Values) -> str:
    if document.frequency == "orders":
        order = text_sql(document.order_id.property, "event", values)
        return f"uniqExactIf({order}, {order} != '')"
    days = "uniqExact(toDate(ts, {timezone:String}))"
    return {"times": "count()", "days": days}[document.frequency]


def _scores(document: Rfm, dimension: Dimension, found: Floats) -> Ints:
    """1 is the worst. Fewer days are better; a value on a cut point stands on its better side."""
    points = np.array(document.cuts.of(dimension))
    lasting = dimension == "recency"
    if len(points):
        side = np.searchsorted(points, found, side="left" if lasting else "right")
        return np.asarray(len(points) + 1 - side if lasting else side + 1, np.int64)
    return quantiles(-found if lasting else found, document.scores)


def quantiles(found: Floats, scores: int) -> Ints:
    """1 + ⌊scores × the share of persons with a smaller value⌋: ties share the score of the lowest."""
    smaller = np.searchsorted(np.sort(found), found, side="left")
    return np.asarray(1 + smaller * scores // max(len(found), 1), np.int64)


def _groups(document: Rfm, scores: dict[Dimension, Ints]) -> Ints:
    code = np.zeros(len(scores["recency"]), np.int64)
    for name in DIMENSIONS:
        code = 2 * code + _high(document, name, scores[name])
    place = np.zeros(8, np.int64)
    place[list(CODES)] = np.arange(8)
    return np.asarray(place[code], np.int64)


def _high(document: Rfm, dimension: Dimension, scores: Ints) -> Ints:
    """Above the middle of the scale, or above the mean score; in whole numbers, so exact."""
    if document.high == "mean":
        return np.asarray(scores * len(scores) > scores.sum(), np.int64)
    return np.asarray(2 * scores > document.scale(dimension) + 1, np.int64)
