"""What the page, the API and the command say of a survey: one record, one way to plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from userops.experience.surveys.models import Survey
from userops.experience.surveys.questions import SCORED, Question, said
from userops.experience.surveys.results.counting import Spread, spreads
from userops.experience.surveys.results.dataset import Dataset, Wanted, read
from userops.experience.surveys.results.hiding import LEAST
from userops.experience.surveys.results.rates import Reached, reached
from userops.experience.surveys.results.scoring import Score, score
from userops.experience.surveys.results.waves import told
from userops.words import Words


@dataclass(frozen=True, slots=True)
class Scored:
    question: Question
    title: str
    score: Score


@dataclass(frozen=True)
class Summary:
    """`few`: an anonymous survey has too few answers for any figure to be told."""

    survey: Survey
    data: Dataset
    scores: tuple[Scored, ...]
    reached: Reached
    spreads: tuple[Spread, ...]
    few: bool

    @property
    def first_day(self) -> date | None:
        return self.data.rows[0].day if self.data.rows else None

    @property
    def last_day(self) -> date | None:
        return self.data.rows[-1].day if self.data.rows else None


def summary(
    survey: Survey, language: str, wanted: Wanted | None = None, convention: str = ""
) -> Summary:
    """Of the answers asked for."""
    data = read(survey, wanted)
    few = data.anonymous and 0 < len(data.rows) < LEAST
    scores = tuple(
        Scored(question, said(question.title, language), _score(data, question, convention))
        for question in data.document.questions
        if question.kind in SCORED
    )
    shown = () if few else tuple(spreads(data, language))
    return Summary(survey, data, scores, reached(survey, wanted), shown, few)


def _score(data: Dataset, question: Question, convention: str) -> Score:
    found = score(question, data.answers(question.key), convention)
    return told(found, hide=data.anonymous and 0 < found.answered < data.least)


def as_dict(found: Summary) -> dict[str, Any]:
    """Plain values, for programs."""
    return {
        "survey": found.survey.pk,
        "name": found.survey.name,
        "anonymous": found.survey.anonymous,
        "version": found.survey.version.number if found.survey.version else None,
        "responses": None if found.few else len(found.data.rows),
        "complete": None if found.few else sum(row.complete for row in found.data.rows),
        "dismissed": found.reached.dismissed,
        "rates": [
            {
                "name": rate.words.as_dict(),
                "hits": rate.hits,
                "total": rate.total,
                "share": rate.share,
            }
            for rate in found.reached.rates
        ],
        "scores": [score_dict(each) for each in found.scores],
        "questions": [_spread_dict(each) for each in found.spreads],
    }


def score_dict(each: Scored) -> dict[str, Any]:
    nps = each.score.groups
    groups = nps and {
        "promoters": nps.promoters, "passives": nps.passives, "detractors": nps.detractors
    }  # fmt: skip
    return {
        "question": each.question.key,
        "kind": each.score.kind,
        "title": each.title,
        "convention": each.score.convention,
        "formula": each.score.formula.as_dict(),
        "value": each.score.value,
        "interval": each.score.interval,
        "answered": each.score.answered,
        "hits": each.score.hits,
        "groups": groups,
        "few": each.score.few,
    }


def _spread_dict(each: Spread) -> dict[str, Any]:
    return {
        "key": each.question.key,
        "kind": each.question.kind,
        "title": each.title,
        "reached": each.reached,
        "answered": each.answered,
        "skipped": each.skipped,
        "stopped": each.stopped,
        "answers": [_bar_dict(bar) for bar in each.bars],
        "rows": [
            {"title": title, "answers": [_bar_dict(b) for b in bars]} for title, bars in each.rows
        ],
    }


def _bar_dict(bar: Any) -> dict[str, Any]:
    few = Words("少于 10", "below 10").as_dict() if bar.few else None
    return {"key": bar.key, "title": bar.title, "count": None if bar.few else bar.count, "few": few}
