"""What the answers of a survey can be parted by, and what is known of those who could answer it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from userops.audience.people import scope_of
from userops.audience.segments.models import Segment
from userops.audience.segments.refreshing import members_of
from userops.events import facts
from userops.events.store import current
from userops.experience.surveys.models import Survey
from userops.experience.surveys.questions import said
from userops.experience.surveys.results import breakdown
from userops.experience.surveys.results.weighing import MOST_ATTRIBUTES, USUAL, carried
from userops.words import Words

MOST_SEGMENTS = 100


def keys(survey: Survey, language: str) -> dict[str, tuple[Words, Callable[[], breakdown.Key]]]:
    """By name, with its words: way, language, properties kept with answers, single choices, segments."""
    found: dict[str, tuple[Words, Callable[[], breakdown.Key]]] = {
        "way": (Words("投放方式", "Way"), breakdown.by_way),
        "language": (Words("语言", "Language"), breakdown.by_language),
    }
    for name, words in carried(survey).items():
        found[f"of:{name}"] = (words, partial(breakdown.by_carried, name))
    for question in survey.document.questions:
        if question.kind == "single":
            title = said(question.title, language)
            by = partial(breakdown.by_choice, question, language)
            found[f"question:{question.key}"] = (Words(title, title), by)
    if not survey.anonymous:
        for segment in Segment.objects.filter(product=survey.product)[:MOST_SEGMENTS]:
            words = Words(f"分群：{segment.name}", f"Segment: {segment.name}")
            found[f"segment:{segment.pk}"] = (words, partial(_by_segment, segment, language))
    return found


def usual_key(survey: Survey) -> str:
    """A property kept with answers, if there is one."""
    return next((f"of:{name}" for name in carried(survey)), "way")


def _by_segment(segment: Segment, language: str) -> breakdown.Key:
    members = members_of(segment, scope_of(current(), segment.product))
    inside, outside = Words("分群内", "In it"), Words("分群外", "Not in it")
    return breakdown.by_segment(segment.pk, members, inside.text(language), outside.text(language))


def attributes(survey: Survey) -> dict[str, Words]:
    """What is known of those who could answer: of an anonymous survey only what its answers carry."""
    own = carried(survey)
    if survey.anonymous:
        return own
    known = facts.words(survey.product_id)
    mine = ("$nps", "$csat", "$ces")
    return own | {name: words for name, words in sorted(known.items()) if name not in mine}


def usual_attributes(survey: Survey) -> list[str]:
    """Those that are compared on where none are chosen."""
    usual = {*USUAL, *carried(survey)}
    return [name for name in attributes(survey) if name in usual][:MOST_ATTRIBUTES]
