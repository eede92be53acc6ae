"""Pain points that are measured by a segment: it cannot be deleted before they are no more."""

from __future__ import annotations

from collections.abc import Iterable

from userops.audience.segments.models import Segment
from userops.audience.segments.using import Use, called
from userops.experience.pain_points.models import PainPoint
from userops.words import Words


def pain_points_of(segment: Segment) -> Iterable[Use]:
    for point in PainPoint.objects.filter(product=segment.product):
        evidence = point.document.get("evidence") or {}
        if evidence.get("segment") == segment.pk:
            yield Use(Words("痛点", "pain point"), called(point.title))
