"""What open answers talk about: topics with their share, the score that came with them, feeling, masked examples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from typing import Any

from userops.experience.surveys.questions import SCORED, Question, said
from userops.experience.surveys.results.dataset import Dataset
from userops.experience.surveys.results.scoring import Score, score
from userops.text.problems import TooFewTexts
from userops.text.subjects import Subject, Subjects, find_subjects
from userops.text.topics import Progress
from userops.words import Words

MOST = 5_000
"""The newest answers that topics are grown from."""
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
    """`why`: there are too few answers for topics; `title`: of the score beside them; `since`: answers that came
    after the topics were grown."""

    topics: tuple[AnswerTopic, ...] = ()
    texts: int = 0
    unclear: int = 0
    stability: float | None = None
    title: str = ""
    why: Words | None = None
    since: int = 0


def answer_topics(data: Dataset, language: str) -> AnswerTopics:
    """The topics of all text questions together, grown now, the largest first; the same answers give the same."""
    try:
        found = grow(data, language)
    except TooFewTexts as few:
        return AnswerTopics(texts=len(places_of(data)), why=few.words)
    return as_grown(data, found, language)


def grow(data: Dataset, language: str, progress: Progress | None = None) -> dict[str, Any]:
    """The topics as they are kept: each text by its response and question. Raises `TooFewTexts`."""
    places = places_of(data)
    texts = [str(data.rows[at].answers[key]) for at, key in places]
    kept = "en" if language == "en" else "zh"
    found = (
        find_subjects(texts, language=kept, progress=progress)
        if progress
        else _found(tuple(texts), kept)
    )
    names = [_name(data, place) for place in places]
    subjects = [
        asdict(each) | {"places": [names[at] for at in each.places]} for each in found.subjects
    ]
    placed = {name for each in subjects for name in each["places"]}
    return {
        "texts": found.texts,
        "unclear": found.unclear,
        "stability": found.stability,
        "subjects": subjects,
        "without": [name for name in names if name not in placed],
    }


@lru_cache(maxsize=16)
def _found(texts: tuple[str, ...], language: str) -> Subjects:
    """Grown once for the same texts: the page, its list of answers and each change of its filters ask."""
    return find_subjects(texts, language=language)


def as_grown(data: Dataset, found: Mapping[str, Any], language: str) -> AnswerTopics:
    """Kept topics beside the answers as they are now: those that are gone count no more in scores and lists."""
    there = {_name(data, place): place for place in places_of(data)}
    question = next((q for q in data.document.questions if q.kind in SCORED), None)
    topics = tuple(
        _topic(data, number, each, there, question) for number, each in enumerate(found["subjects"])
    )
    read = {*found["without"], *(name for each in found["subjects"] for name in each["places"])}
    title = said(question.title, language) if question else ""
    return AnswerTopics(
        topics, found["texts"], found["unclear"], found["stability"], title, since=len(there.keys() - read)
    )  # fmt: skip


def places_of(data: Dataset) -> list[Place]:
    """The newest open answers."""
    asked = [question.key for question in data.document.questions if question.kind == "text"]
    return [
        (at, key)
        for at in reversed(range(len(data.rows)))
        for key in asked
        if data.rows[at].answers.get(key)
    ][:MOST]


def _name(data: Dataset, place: Place) -> str:
    at, question = place
    return f"{data.rows[at].key}:{question}"


def _topic(
    data: Dataset,
    number: int,
    kept: Mapping[str, Any],
    there: Mapping[str, Place],
    question: Question | None,
) -> AnswerTopic:
    own = frozenset(there[name] for name in kept["places"] if name in there)
    given: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in kept.items()
    }
    subject = replace(Subject(**given), places=())
    if question is None:
        return AnswerTopic(number, subject, None, own)
    answers: list[dict[str, Any]] = [data.rows[at].answers for at in {at for at, _key in own}]
    values = [each[question.key] for each in answers if question.key in each]
    few = len(values) < max(data.least, 1)
    return AnswerTopic(number, subject, None if few else score(question, values), own)
