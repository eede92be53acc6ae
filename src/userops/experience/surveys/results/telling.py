"""Waves, parts, drivers and weights as programs read them: by the API, the command line and Python."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from userops.errors import NotFound
from userops.events.store import Store
from userops.experience.surveys.models import Survey
from userops.experience.surveys.questions import SCORED, Question
from userops.experience.surveys.results import breakdown, waves
from userops.experience.surveys.results.dataset import Wanted, read
from userops.experience.surveys.results.driving import PLACES, driving
from userops.experience.surveys.results.parting import (
    attributes,
    keys,
    usual_attributes,
    usual_key,
)
from userops.experience.surveys.results.scoring import Score
from userops.experience.surveys.results.weighing import MOST_ATTRIBUTES, Compared, weighing
from userops.experience.surveys.wording import WAYS
from userops.stats.comparisons import Difference
from userops.words import Words


def scored(survey: Survey, key: str) -> Question:
    """The question of this key, or the first with a score. Raises `NotFound`."""
    known = [each for each in survey.document.questions if each.kind in SCORED]
    found = next((each for each in known if key in ("", each.key)), None)
    if found is None:
        raise NotFound(
            Words("没有这个计分题。", "There is no such scored question."), code="question_unknown"
        )
    return found


def waves_line(
    survey: Survey, wanted: Wanted, *, question: str, unit: waves.Unit, convention: str
) -> list[dict[str, Any]]:
    """By way and period, each against the one before. Raises `NotFound`."""
    lines = waves.lines(read(survey, wanted), scored(survey, question), unit, convention)
    return [
        {"way": way, "start": wave.start.isoformat(), "value": wave.score.value,
         "interval": wave.score.interval, "answered": wave.score.answered,
         "change": wave.change and wave.change.value, "p": wave.p}
        for way, line in lines.items()
        for wave in line
    ]  # fmt: skip


def breakdown_line(
    survey: Survey, wanted: Wanted, language: str, *, question: str, key: str, convention: str
) -> dict[str, Any]:
    """Each part against all others. Raises `NotFound`."""
    asked, known = scored(survey, question), keys(survey, language)
    name = key or usual_key(survey)
    if name not in known:
        raise NotFound(
            Words(f"不能按“{name}”细分。", f"Answers are not parted by “{name}”."),
            code="breakdown_unknown",
            hint=Words(f"可用：{'、'.join(known)}", f"Known: {', '.join(known)}"),
        )
    words, make = known[name]
    by = make()
    labels = {way: each.text(language) for way, each in WAYS.items()} | dict(by.labels)
    parts = breakdown.parts(read(survey, wanted), asked, by, convention)
    return {
        "question": asked.key, "key": name, "words": words.as_dict(), "keys": list(known),
        "parts": [
            {"value": part.value, "title": labels.get(part.value, part.value), **_score(part.score),
             "against_others": _difference(part.against), "q": part.q}
            for part in parts
        ],
    }  # fmt: skip


def drivers_line(survey: Survey, wanted: Wanted, language: str, *, question: str) -> dict[str, Any]:
    """Importance and satisfaction of each other rating, with its place in the quadrant. Raises `NotFound`."""
    asked, data = scored(survey, question), read(survey, wanted)
    found = None if data.too_few else driving(data, asked, language)
    return {
        "question": asked.key, "responses": found and found.rows, "r2": found and found.r2,
        "why": found and found.why and found.why.as_dict(), "cuts": found and list(found.cuts),
        "drivers": [
            {"key": each.key, "title": each.title, "importance": each.importance,
             "effect": each.effect, "p": each.p, "satisfaction": _score(each.performance),
             "place": each.place, "words": PLACES[each.place].as_dict()}
            for each in (found.drivers if found else ())
        ],
    }  # fmt: skip


def weights_line(
    store: Store, survey: Survey, wanted: Wanted, *,
    question: str, on: Sequence[str], convention: str,
) -> dict[str, Any]:  # fmt: skip
    """Those who answered beside all who could, and the score weighted to them. Raises `NotFound`."""
    asked, known = scored(survey, question), attributes(survey)
    wrong = next((name for name in on if name not in known), None)
    if wrong is not None:
        raise NotFound(
            Words(f"没有可比较的属性“{wrong}”。", f"There is nothing to compare called “{wrong}”."),
            code="attribute_unknown",
            hint=Words(f"可用：{'、'.join(known)}", f"Known: {', '.join(known)}"),
        )
    names = list(on or usual_attributes(survey))[:MOST_ATTRIBUTES]
    found = weighing(store, survey, read(survey, wanted), asked, names, convention)
    return {
        "question": asked.key, "on": names, "known": list(known),
        "why": found.why and found.why.as_dict(),
        "audience": found.audience, "looked_at": found.looked_at,
        "raw": _score(found.raw), "weighted": _score(found.weighted),
        "effective": found.raked.effective, "design_effect": found.raked.deff,
        "trimmed": found.raked.trimmed, "compared": [_compared(each) for each in found.attributes],
    }  # fmt: skip


def _score(found: Score) -> dict[str, Any]:
    return {"score": found.value, "interval": found.interval, "answered": found.answered}


def _difference(found: Difference | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {"value": found.value, "low": found.low, "high": found.high, "p": found.p}


def _compared(each: Compared) -> dict[str, Any]:
    values = [
        {"value": one.value, "words": one.words.as_dict(), "audience": one.audience,
         "answered": None if one.few else one.answered, "gap": one.gap}
        for one in each.shares
    ]  # fmt: skip
    return {"name": each.name, "words": each.words.as_dict(), "p": each.p, "values": values}
