"""What uses a segment: it cannot be deleted before that does no more."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from userops.audience.segments.models import Segment
from userops.insights.models import SavedAnalysis
from userops.words import Words


@dataclass(frozen=True, slots=True)
class Use:
    """`kind`: what it is in words; `name`: which one."""

    kind: Words
    name: str


def _segments(segment: Segment) -> Iterable[Use]:
    from userops.segments import parse

    for other in Segment.objects.filter(product=segment.product).exclude(pk=segment.pk):
        if segment.pk in parse(other.document).segments():
            yield Use(Words("分群", "segment"), other.name)


def _analyses(segment: Segment) -> Iterable[Use]:
    for saved in SavedAnalysis.objects.filter(product=segment.product):
        if names(saved.document, segment.fact):
            yield Use(Words("已存分析", "saved analysis"), saved.name)


def names(node: object, fact: str) -> bool:
    """Whether a document names a fact."""
    if isinstance(node, dict):
        return node.get("property") == fact or any(names(each, fact) for each in node.values())
    if isinstance(node, list):
        return any(names(each, fact) for each in node)
    return False


USES: list[Callable[[Segment], Iterable[Use]]] = [_segments, _analyses]
"""Slices that keep documents add theirs."""


def uses_of(segment: Segment) -> list[Use]:
    return [use for find in USES for use in find(segment)]
