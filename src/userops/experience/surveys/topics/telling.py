"""Topics of open answers as programs read them: by the API, the command line and Python."""

from __future__ import annotations

from typing import Any

from userops.errors import NotFound
from userops.experience.surveys.models import Survey
from userops.experience.surveys.results.dataset import Dataset, Wanted, read
from userops.experience.surveys.results.hiding import LEAST
from userops.experience.surveys.results.subjects import AnswerTopic
from userops.experience.surveys.results.texts import Said, texts
from userops.experience.surveys.topics.growing import Looked, look
from userops.words import Words

FEW = Words(
    f"匿名问卷从第 {LEAST} 份答卷起才显示数字。",
    f"An anonymous survey shows figures from {LEAST} responses on.",
)


def topics_line(survey: Survey, wanted: Wanted, language: str) -> dict[str, Any]:
    """The largest first, and how they were grown; none where they have not been grown yet."""
    looked, data = _look(survey, wanted, language)
    found = looked.topics
    return {
        "growing": _growing(looked, data),
        "score_of": (found.title or None) if found else None,
        "items": [topic_line(each) for each in (found.topics if found else ())],
    }


def growing_line(survey: Survey, wanted: Wanted, language: str) -> dict[str, Any]:
    """How far the growing is."""
    return _growing(*_look(survey, wanted, language))


def topic_whole(
    survey: Survey, wanted: Wanted, number: int, language: str, *, limit: int, offset: int = 0
) -> dict[str, Any]:
    """One topic with the answers that speak of it, the newest first. Raises `NotFound`."""
    looked, data = _look(survey, wanted, language)
    topics = looked.topics.topics if looked.topics else ()
    found = next((each for each in topics if each.number + 1 == number), None)
    if found is None:
        raise NotFound(
            Words(f"没有编号为 {number} 的话题。", f"There is no topic {number}."),
            code="topic_not_found",
        )
    answers = texts(data, language, only=found.places)
    return topic_line(found) | {
        "total": len(answers),
        "said": [_answer(each) for each in answers[offset : offset + limit]],
    }


def topic_line(topic: AnswerTopic) -> dict[str, Any]:
    """`number`: its place, the largest first. `score`: of the first scored question, of those who speak of the topic;
    null where there is none."""
    subject, score = topic.subject, topic.score
    return {
        "number": topic.number + 1,
        "name": subject.name,
        "terms": list(subject.terms),
        "answers": subject.texts,
        "share": subject.share,
        "interval": [subject.low, subject.high],
        "score": score.value if score else None,
        "score_unit": score.unit if score else None,
        "score_interval": list(score.interval) if score and score.interval else None,
        "positive": subject.positive,
        "neutral": subject.neutral,
        "negative": subject.negative,
        "stability": subject.stability,
        "coherence": subject.coherence,
        "examples": list(subject.examples),
    }


def _look(survey: Survey, wanted: Wanted, language: str) -> tuple[Looked, Dataset]:
    data = read(survey, wanted)
    return Looked(0) if data.too_few else look(survey, data, wanted, language), data


def _growing(looked: Looked, data: Dataset) -> dict[str, Any]:
    """`state` is `stopped` where a server was killed amid the work: the next start begins anew. `at_once`: so few
    answers are grouped anew whenever somebody asks."""
    row, found = looked.row, looked.topics
    state = "idle" if row is None else "stopped" if row.dead else row.state
    why = FEW if data.too_few else found.why if found else None
    return {
        "state": str(state),
        "share": row.share if row else 1.0,
        "at_once": row is None,
        "grown": row.grown if row else None,
        "texts": found.texts if found else looked.texts,
        "since": found.since if found else looked.texts,
        "unclear": found.unclear if found else None,
        "stability": found.stability if found else None,
        "problem": row.problem if row and row.problem else why and why.as_dict(),
    }


def _answer(each: Said) -> dict[str, Any]:
    """Of an anonymous survey the text alone."""
    return {
        "question": each.title,
        "text": each.text,
        "day": each.day,
        "person": each.person,
        "scores": [{"kind": kind, "value": value} for kind, value in each.scores],
    }
