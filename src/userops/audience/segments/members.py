"""The people of a segment as pages and files show them: by id, masked for those who may not see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pyroaring import BitMap

from userops.audience.segments.hooks import names_of
from userops.audience.segments.masking import masked
from userops.events.models import Product


@dataclass(frozen=True, slots=True)
class Shown:
    """`uid` is None where nobody may follow it; `person` is the number in any case."""

    id: str
    uid: int | None
    person: int


def shown_people(product: Product, persons: Sequence[int], *, see: bool) -> list[Shown]:
    """These persons in this order."""
    names = names_of(product.pk, list(persons))
    return [
        Shown(name if see else masked(name), person if see else None, person)
        for person in persons
        if (name := names.get(person)) is not None
    ]


def page_of(found: BitMap, limit: int, offset: int) -> list[int]:
    """A part of a set, in the order of its numbers."""
    return list(found[offset : min(len(found), offset + limit)]) if offset < len(found) else []
