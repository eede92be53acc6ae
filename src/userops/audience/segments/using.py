"""What uses a segment: it cannot be deleted before that does no more."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet, TextField
from django.db.models.functions import Cast

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


def _segments(segment: Segment) -> Iterable[Use]:
    from userops.segments import parse

    for other in Segment.objects.filter(product=segment.product).exclude(pk=segment.pk):
        inside = segment.pk in parse(other.document).segments()
        if inside or names(other.document, segment.fact):
            yield Use(Words("分群", "segment"), called(other.name))


def _analyses(segment: Segment) -> Iterable[Use]:
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


USES: list[Callable[[Segment], Iterable[Use]]] = [_segments, _analyses]
"""Slices that keep documents add theirs when their app is ready: tags, personas, alerts, reports."""


def uses_of(segment: Segment) -> list[Use]:
    return [use for find in USES for use in find(segment)]
