"""How the answers to each question are spread, and where people stopped."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from userops.experience.surveys.questions import SCORED, UNSAID, Question, said
from userops.experience.surveys.results.dataset import Dataset, Row
from userops.experience.surveys.results.hiding import hidden
from userops.experience.surveys.wording import OTHER
from userops.stats.proportions import wilson


@dataclass(frozen=True, slots=True)
class Bar:
    """One answer: how many gave it. `few`: too few to be told."""

    key: str
    title: str
    count: int
    total: int
    few: bool = False

    @property
    def share(self) -> float | None:
        return self.count / self.total if self.total and not self.few else None

    @property
    def interval(self) -> tuple[float, float] | None:
        return None if self.few else wilson(self.count, self.total)


@dataclass(frozen=True, slots=True)
class Spread:
    """`reached`: responses that were asked it; `answered`: those that did not skip it; `stopped`: those that
    ended there without completing. `rows`: of a matrix, the bars of each row."""

    question: Question
    title: str
    reached: int
    answered: int
    stopped: int
    bars: tuple[Bar, ...] = ()
    rows: tuple[tuple[str, tuple[Bar, ...]], ...] = ()
    others: tuple[str, ...] = ()

    @property
    def skipped(self) -> int:
        return max(0, self.reached - self.answered - self.stopped)


def spreads(data: Dataset, language: str) -> list[Spread]:
    """Every question of the newest version, in its order."""
    reached: Counter[str] = Counter()
    stopped: Counter[str] = Counter()
    for row in data.rows:
        asked, ended = _asked(row, data)
        reached.update(asked)
        stopped.update(ended)
    return [
        _spread(data, question, reached[question.key], stopped[question.key], language)
        for question in data.document.questions
    ]


def _asked(row: Row, data: Dataset) -> tuple[list[str], list[str]]:
    """Questions of the newest version that a response was asked by its own, and the one at which it stopped."""
    version = data.versions.get(row.version)
    document, answers = (version.document, row.given) if version else (data.document, row.answers)
    path, ended = document.path(answers), []
    if not row.complete:
        # the first question that has no answer after the last one that has
        last = max((i for i, key in enumerate(path) if key in answers), default=-1)
        path, ended = path[: last + 2], path[last + 1 : last + 2]
    same = version.same if version else frozenset(path)
    return [key for key in path if key in same], [key for key in ended if key in same]


def _spread(data: Dataset, question: Any, reached: int, stopped: int, language: str) -> Spread:
    answers = list(data.answers(question.key))
    title = said(question.title, language)
    few = data.anonymous and 0 < len(answers) < data.least
    if few:
        return Spread(question, title, 0, 0, 0)
    bars: tuple[Bar, ...] = ()
    rows: tuple[tuple[str, tuple[Bar, ...]], ...] = ()
    others: tuple[str, ...] = ()
    if question.kind in SCORED:
        bars = _bars(Counter(answers), [(v, str(v)) for v in question.values], len(answers), data)
    elif question.kind in ("single", "multiple"):
        bars, others = _chosen(question, answers, language, data)
    elif question.kind == "matrix":
        rows = tuple(_matrix_row(question, row, answers, language, data) for row in question.rows)
    return Spread(question, title, reached, len(answers), stopped, bars, rows, others)


def _chosen(
    question: Any, answers: list[Any], language: str, data: Dataset
) -> tuple[tuple[Bar, ...], tuple[str, ...]]:
    counts: Counter[Any] = Counter(key for answer in answers for key in answer["chosen"])
    others = [answer["other"] for answer in answers if answer.get("other")]
    titles = [(option.key, said(option.text, language)) for option in question.options]
    gone = [(key, key) for key in counts if key not in dict(titles)]
    if others:
        counts["other"] = len(others)
        gone.append(("other", OTHER.text(language)))
    bars = _bars(counts, [*titles, *gone], len(answers), data)
    told = others if not data.anonymous or len(others) >= data.least else []
    return bars, tuple(text for text in told if text != UNSAID)[-20:]


def _matrix_row(
    question: Any, row: Any, answers: list[Any], language: str, data: Dataset
) -> tuple[str, tuple[Bar, ...]]:
    given = Counter(answer[row.key] for answer in answers if row.key in answer)
    values = [(v, str(v)) for v in range(1, question.points + 1)]
    return said(row.text, language), _bars(given, values, sum(given.values()), data)


def _bars(
    counts: Counter[Any], titles: list[tuple[Any, str]], total: int, data: Dataset
) -> tuple[Bar, ...]:
    sizes = [counts[key] for key, _title in titles]
    secret = hidden(sizes, data.least) if data.anonymous else set()
    return tuple(
        Bar(str(key), title, 0 if at in secret else counts[key], total, at in secret)
        for at, (key, title) in enumerate(titles)
    )
