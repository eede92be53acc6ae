"""What a score goes with among the other ratings of a survey, and where it pays to begin.

Importance is a share of R² (`stats/drivers.py`), satisfaction the rescaled mean. The quadrant is cut at the mean
of both: important and low is where to begin. What goes together need not be the cause.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from userops.experience.surveys.questions import SCORED, Question, said
from userops.experience.surveys.results.dataset import Dataset, Row
from userops.experience.surveys.results.scoring import Score, score
from userops.stats.drivers import MOST, importances, least_squares
from userops.words import Words

LEAST_ROWS = 30
EACH = 5
"""So many answers for each driver, and 30 at least."""
Place = Literal["improve", "keep", "watch", "beyond"]
PLACES: dict[str, Words] = {
    "improve": Words("优先改进", "Improve first"),
    "keep": Words("保持", "Keep"),
    "watch": Words("观察", "Watch"),
    "beyond": Words("已足够", "Enough"),
}
MEANINGS: dict[str, Words] = {
    "improve": Words("重要，满意度低", "important, not satisfied"),
    "keep": Words("重要，满意度高", "important, satisfied"),
    "watch": Words("不太重要，满意度低", "less important, not satisfied"),
    "beyond": Words("不太重要，满意度高", "less important, satisfied"),
}


@dataclass(frozen=True, slots=True)
class Driver:
    """`importance`: share of what all drivers explain; `effect`: points of the outcome for one point of this
    rating while the others stay, with its p."""

    key: str
    title: str
    importance: float
    effect: float
    p: float
    performance: Score
    place: Place


@dataclass(frozen=True, slots=True)
class Driving:
    """`rows`: responses that answered everything; `why`: why nothing is told, if so; `cuts`: the satisfaction and
    the importance at which the quadrants meet."""

    outcome: str
    rows: int
    r2: float | None
    drivers: tuple[Driver, ...] = ()
    why: Words | None = None
    cuts: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A rating that may drive: a question, or a row of a matrix (`row`)."""

    question: Any
    row: str
    title: str

    @property
    def key(self) -> str:
        return f"{self.question.key}.{self.row}" if self.row else str(self.question.key)

    def of(self, row: Row) -> int | None:
        answer = row.answers.get(self.question.key)
        if self.row:
            return answer.get(self.row) if isinstance(answer, dict) else None
        return answer


def driving(data: Dataset, outcome: Question, language: str) -> Driving:
    """The drivers of one score among the other ratings of the survey."""
    candidates = _candidates(data, outcome, language)[:MOST]
    if len(candidates) < 2:
        why = Words(
            "至少需要两个评分问题或矩阵行。", "It needs two other ratings or rows of a matrix."
        )
        return Driving(outcome.key, 0, None, why=why)
    table = [
        (row.answers[outcome.key], *values)
        for row in data.rows
        if outcome.key in row.answers
        and None not in (values := [each.of(row) for each in candidates])
    ]
    needed = max(LEAST_ROWS, EACH * len(candidates))
    if len(table) < needed:
        why = Words(
            f"需要 {needed} 份全部作答的答卷，现有 {len(table)} 份。",
            f"It needs {needed} responses with all ratings; there are {len(table)}.",
        )
        return Driving(outcome.key, len(table), None, why=why)
    return _fitted(data, outcome, candidates, np.asarray(table, dtype=np.float64))


def _fitted(data: Dataset, outcome: Question, candidates: list[_Candidate], table: Any) -> Driving:
    columns = [table[:, place + 1] for place in range(len(candidates))]
    fit, shares = least_squares(columns, table[:, 0]), importances(columns, table[:, 0])
    if fit is None or shares is None:
        why = Words(
            "各项评分彼此完全一致，无法区分。", "Ratings say the same and cannot be told apart."
        )
        return Driving(outcome.key, len(table), None, why=why)
    performances = [
        score(
            _Scaled(each.question), [int(v) for row in data.rows if (v := each.of(row)) is not None]
        )
        for each in candidates
    ]
    middle = float(np.mean([found.value for found in performances if found.value is not None]))
    even = 1 / len(candidates)
    found = []
    for place, each in enumerate(candidates):
        share = shares[place] / fit.r2 if fit.r2 > 0 else 0.0
        high, important = (performances[place].value or 0) >= middle, share >= even
        coefficient = fit.coefficients[place + 1]
        found.append(
            Driver(
                each.key, each.title, share, coefficient.value, coefficient.p,
                performances[place], _place(important=important, high=high),
            )
        )  # fmt: skip
    ordered = tuple(sorted(found, key=lambda driver: -driver.importance))
    return Driving(outcome.key, len(table), fit.r2, ordered, cuts=(middle, even))


def _place(*, important: bool, high: bool) -> Place:
    if important:
        return "keep" if high else "improve"
    return "beyond" if high else "watch"


class _Scaled:
    """A row of a matrix, or any rating, read as a rating."""

    kind = "rating"

    def __init__(self, question: Any):
        self.scale = question.scale


def _candidates(data: Dataset, outcome: Question, language: str) -> list[_Candidate]:
    found = []
    for question in data.document.questions:
        if question.key == outcome.key:
            continue
        if question.kind in SCORED:
            found.append(_Candidate(question, "", said(question.title, language)))
        if question.kind == "matrix":
            rows = question.rows
            found += [_Candidate(question, row.key, said(row.text, language)) for row in rows]
    return found
