"""A score by week, month or quarter, each against the one before, of one way at a time.

Answers by mail and in the app are never on one line: they come from different people at different moments.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal

from userops.experience.surveys.questions import Question
from userops.experience.surveys.results.dataset import Dataset, Row
from userops.experience.surveys.results.hiding import hidden
from userops.experience.surveys.results.scoring import Score, difference, score
from userops.query.dates import short_label
from userops.stats.comparisons import Difference
from userops.stats.multiplicity import holm

Unit = Literal["week", "month", "quarter"]


@dataclass(frozen=True, slots=True)
class Wave:
    """`change`: against the wave before it; `p`: of that, corrected for all waves of the line (Holm)."""

    start: date
    unit: Unit
    score: Score
    change: Difference | None = None
    p: float | None = None

    @property
    def label(self) -> str:
        return short_label(self.start.isoformat(), self.unit)

    @property
    def certain(self) -> bool:
        """Whether the change may carry an arrow."""
        return self.p is not None and self.p < 0.05


def start_of(day: date, unit: Unit) -> date:
    if unit == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1, month=day.month if unit == "month" else (day.month - 1) // 3 * 3 + 1)


def lines(
    data: Dataset, question: Question, unit: Unit, convention: str = ""
) -> dict[str, list[Wave]]:
    """Way → its waves, the oldest first; periods without answers are not waves."""
    ways: dict[str, list[Row]] = defaultdict(list)
    for row in data.rows:
        if question.key in row.answers:
            ways[row.way].append(row)
    return {
        way: _line(data, question, ways[way], unit, convention)
        for way in sorted(ways, key=lambda way: -len(ways[way]))
    }


def _line(
    data: Dataset, question: Question, rows: list[Row], unit: Unit, convention: str
) -> list[Wave]:
    periods: dict[date, list[int]] = defaultdict(list)
    for row in rows:
        periods[start_of(row.day, unit)].append(row.answers[question.key])
    starts = sorted(periods)
    secret = hidden([len(periods[start]) for start in starts], data.least)
    scores = [
        told(score(question, periods[start], convention), hide=place in secret)
        for place, start in enumerate(starts)
    ]
    changes = [None] + [difference(question, later, earlier) for earlier, later in pairwise(scores)]
    corrected = iter(holm([change.p for change in changes if change]))
    return [
        Wave(start, unit, value, change, next(corrected) if change else None)
        for start, value, change in zip(starts, scores, changes, strict=True)
    ]


def told(found: Score, *, hide: bool) -> Score:
    """The score, or that there are too few answers to tell it."""
    if not hide:
        return found
    return replace(
        found, value=None, interval=None, hits=None, groups=None, counts={}, answered=0, few=True
    )
