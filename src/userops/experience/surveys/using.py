"""Surveys that ask a segment: it cannot be deleted before they do no more."""

from __future__ import annotations

from collections.abc import Iterable

from userops.audience.segments.models import Segment
from userops.audience.segments.using import Use, called
from userops.experience.surveys.models import Survey
from userops.words import Words


def surveys_of(segment: Segment) -> Iterable[Use]:
    for survey in Survey.objects.filter(segment=segment):
        yield Use(Words("问卷", "survey"), called(survey.name))
