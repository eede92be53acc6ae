"""Tags that ask for a segment: it cannot be deleted before they do no more."""

from __future__ import annotations

from collections.abc import Iterable

from userops.audience.segments.models import Segment
from userops.audience.segments.using import Use, called, names
from userops.audience.tags.models import Kind, Tag
from userops.audience.tags.selecting import document_of
from userops.words import Words


def tags_of(segment: Segment) -> Iterable[Use]:
    """Rule tags that name it, by its number or by its fact."""
    for tag in Tag.objects.filter(product=segment.product, kind=Kind.RULE):
        rules = [rule["segment"] for rule in tag.definition["rules"]]
        numbers = [document_of(segment.product, rule).segments() for rule in rules]
        if any(segment.pk in each for each in numbers) or names(rules, segment.fact):
            yield Use(Words("标签", "tag"), called(tag.name))
