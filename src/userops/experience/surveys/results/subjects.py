"""What open answers talk about: topics with their share, the score that came with them, feeling, masked examples."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from userops.experience.surveys.questions import SCORED, Question, said
from userops.experience.surveys.results.dataset import Dataset
from userops.experience.surveys.results.scoring import Score, score
from userops.text.problems import TooFewTexts
from userops.text.subjects import Subject, Subjects, find_subjects
from userops.words import Words

MOST = 5_000
"""The newest answers that topics are grown from."""
HELD = 16
_held: OrderedDict[int, Subjects | TooFewTexts] = OrderedDict()
Place = tuple[int, str]
"""Row of the data set, and the text question that was answered."""


@dataclass(frozen=True, slots=True)
class AnswerTopic:
    """`number`: its place among the topics; `score`: of the responses that speak of it."""

    number: int
    subject: Subject
    score: Score | None
    places: frozenset[Place]

    @property
    def feelings(self) -> tuple[int, int, int]:
        return self.subject.positive, self.subject.neutral, self.subject.negative


@dataclass(frozen=True)
class AnswerTopics:
    """`why`: there are too few answers for topics; `title`: of the score beside them."""

    topics: tuple[AnswerTopic, ...] = ()
    texts: int = 0
    unclear: int = 0
    stability: float | None = None
    title: str = ""
    why: Words | None = None


def answer_topics(data: Dataset, language: str) -> AnswerTopics:
    """The topics of all text questions together, the largest first; the same answers give the same topics."""
    places = _places(data)
    texts = [str(data.rows[at].answers[key]) for at, key in places]
    found = _found(texts, language)
    if isinstance(found, TooFewTexts):
        return AnswerTopics(texts=len(texts), why=found.words)
    question = next((q for q in data.document.questions if q.kind in SCORED), None)
    topics = tuple(
        _topic(data, number, subject, places, question)
        for number, subject in enumerate(found.subjects)
    )
    title = said(question.title, language) if question else ""
    return AnswerTopics(topics, found.texts, found.unclear, found.stability, title)


def _places(data: Dataset) -> list[Place]:
    asked = [question.key for question in data.document.questions if question.kind == "text"]
    return [
        (at, key)
        for at in reversed(range(len(data.rows)))
        for key in asked
        if data.rows[at].answers.get(key)
    ][:MOST]


def _found(texts: list[str], language: str) -> Subjects | TooFewTexts:
    """Grown once for the same texts."""
    key = hash((language, *texts))
    if key in _held:
        _held.move_to_end(key)
        return _held[key]
    found: Subjects | TooFewTexts
    try:
        found = find_subjects(texts, language="en" if language == "en" else "zh")
    except TooFewTexts as few:
        found = few
    _held[key] = found
    if len(_held) > HELD:
        _held.popitem(last=False)
    return found


def _topic(
    data: Dataset, number: int, subject: Subject, places: list[Place], question: Question | None
) -> AnswerTopic:
    own = frozenset(places[at] for at in subject.places)
    if question is None:
        return AnswerTopic(number, subject, None, own)
    answers: list[dict[str, Any]] = [data.rows[at].answers for at in {at for at, _key in own}]
    values = [each[question.key] for each in answers if question.key in each]
    few = len(values) < data.least
    return AnswerTopic(number, subject, None if few else score(question, values), own)
