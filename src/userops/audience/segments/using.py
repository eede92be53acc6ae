"""What uses a segment: it cannot be deleted before that does no more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.module_loading import import_string

from userops.audience.segments.models import Segment
from userops.insights.models import SavedAnalysis
from userops.words import Words


@dataclass(frozen=True, slots=True)
class Use:
    """`kind`: what it is in words; `name`: which one."""

    kind: Words
    name: Words


def called(name: str) -> Words:
    """A name that a member gave: the same in both languages."""
    return Words(name, name)


def segments_of(segment: Segment) -> Iterable[Use]:
    from userops.segments import parse

    for other in Segment.objects.filter(product=segment.product).exclude(pk=segment.pk):
        inside = segment.pk in parse(other.document).segments()
        if inside or names(other.document, segment.fact):
            yield Use(Words("分群", "segment"), called(other.name))


def analyses_of(segment: Segment) -> Iterable[Use]:
    rows = SavedAnalysis.objects.filter(product=segment.product)
    for saved in holding(rows, "document", segment.fact):
        yield Use(Words("已存分析", "saved analysis"), called(saved.name))


def holding(rows: QuerySet[Any, Any], field: str, fact: str) -> Iterable[Any]:
    """Those of the rows whose document in this field names a fact."""
    text = rows.annotate(as_text=Cast(field, TextField())).filter(as_text__contains=f'"{fact}"')
    return [row for row in text if names(_value(row, field), fact)]


def _value(row: Model, field: str) -> object:
    for part in field.split("__"):
        row = getattr(row, part)
    return row


def names(node: object, fact: str) -> bool:
    """Whether a document names a fact."""
    if isinstance(node, dict):
        return node.get("property") == fact or any(names(each, fact) for each in node.values())
    if isinstance(node, list):
        return any(names(each, fact) for each in node)
    return False


USES: tuple[str, ...] = (
    "userops.audience.segments.using.segments_of",
    "userops.audience.segments.using.analyses_of",
    "userops.audience.tags.using.tags_of",
    "userops.audience.personas.using.sets_of",
    "userops.alerts.using.alerts_of",
    "userops.experience.surveys.using.surveys_of",
    "userops.experience.pain_points.using.pain_points_of",
    "userops.reports.using.reports_of",
)
"""Who keeps documents that may name a segment, each a function from a segment to its uses."""


def uses_of(segment: Segment) -> list[Use]:
    return [use for name in USES for use in import_string(name)(segment)]
