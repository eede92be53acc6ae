"""Persona sets whose question asks for a segment: it cannot be deleted before they do no more."""

from __future__ import annotations

from collections.abc import Iterable

from userops.audience.personas.models import PersonaSet
from userops.audience.segments.models import Segment
from userops.audience.segments.using import Use, called, holding
from userops.words import Words


def sets_of(segment: Segment) -> Iterable[Use]:
    rows = PersonaSet.objects.filter(product=segment.product)
    for found in holding(rows, "document", segment.fact):
        yield Use(Words("画像组", "persona set"), called(found.name))
