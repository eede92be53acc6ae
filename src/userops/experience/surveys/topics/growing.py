"""Grows the topics of a survey's open answers, and tells how far that is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from userops.experience.surveys.models import AnswerGrowing, Survey
from userops.experience.surveys.results.dataset import Dataset, Wanted, named, read
from userops.experience.surveys.results.subjects import (
    AnswerTopics,
    answer_topics,
    as_grown,
    grow,
    places_of,
)
from userops.feedback.topics.carrying import carry, finish
from userops.text.topics import Progress

AT_ONCE = 300
"""So many answers take less than a second."""
KEPT = 20
"""Growings of one survey, of other days and ways, the newest."""


@dataclass(frozen=True, slots=True)
class Looked:
    """`topics`: None where they have not been grown yet; `row`: None where they are few and grown at once."""

    texts: int
    topics: AnswerTopics | None = None
    row: AnswerGrowing | None = None


def look(survey: Survey, data: Dataset, wanted: Wanted, language: str) -> Looked:
    """What is known of the topics of these answers."""
    texts = len(places_of(data))
    if texts <= AT_ONCE:
        return Looked(texts, answer_topics(data, language))
    row = _shown(survey, wanted, language)
    found = as_grown(data, row.found, language) if row.found else None
    return Looked(texts, found, row)


def _shown(survey: Survey, wanted: Wanted, language: str) -> AnswerGrowing:
    """Topics grown by a reader of the other language do as well: only the words for what is masked differ."""
    own = row_of(survey, wanted, language)
    if own.found or own.problem or own.state != AnswerGrowing.State.IDLE:
        return own
    others = AnswerGrowing.objects.filter(survey=survey, wanted=wanted.name, grown__isnull=False)
    return others.order_by("-grown").first() or own


def row_of(survey: Survey, wanted: Wanted, language: str) -> AnswerGrowing:
    """Unsaved where nothing was ever asked for."""
    own = {"survey": survey, "wanted": wanted.name, "language": "en" if language == "en" else "zh"}
    return AnswerGrowing.objects.filter(**own).first() or AnswerGrowing(**own)


def grow_now(row: AnswerGrowing) -> None:
    """In the background (`carry`)."""
    carry(row, _grow)


def _grow(row: AnswerGrowing, progress: Progress) -> None:
    data = read(row.survey, named(row.wanted))
    found = grow(data, row.language, progress)
    progress(0.95)
    finish(row, grown=datetime.now(UTC), found=found)
    old = AnswerGrowing.objects.filter(survey=row.survey_id, state=AnswerGrowing.State.IDLE)
    keys = old.order_by("-grown", "-pk").values_list("pk", flat=True)[KEPT:]
    AnswerGrowing.objects.filter(pk__in=list(keys)).delete()
