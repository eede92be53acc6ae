"""Arrows between things, walked in both directions."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from userops.events.models import Product
from userops.evidence.models import Link
from userops.workspace.models import User


@dataclass(frozen=True, slots=True, order=True)
class Thing:
    """Something that a link leads from or to. `key` is what its own slice finds it by."""

    kind: str
    key: str


def link(product: Product, source: Thing, target: Thing, relation: str, *, by: User | None) -> Link:
    """An arrow, drawn once; in the caller's transaction, who has checked what `by` may do."""
    made, _fresh = Link.objects.get_or_create(
        product=product,
        from_kind=source.kind,
        from_key=source.key,
        to_kind=target.kind,
        to_key=target.key,
        relation=relation,
        defaults={"by": by},
    )
    return made


def unlink(product: Product, source: Thing, target: Thing, relation: str) -> bool:
    """Take an arrow away; whether there was one."""
    found = Link.objects.filter(
        product=product,
        from_kind=source.kind,
        from_key=source.key,
        to_kind=target.kind,
        to_key=target.key,
        relation=relation,
    )
    return bool(found.delete()[0])


def links_of(
    product: Product, thing: Thing, *, relation: str = ""
) -> list[tuple[str, Thing, bool]]:
    """(relation, the other thing, whether the arrow starts at this one), the oldest first."""
    here = Q(from_kind=thing.kind, from_key=thing.key) | Q(to_kind=thing.kind, to_key=thing.key)
    rows = Link.objects.filter(here, product=product)
    rows = rows.filter(relation=relation) if relation else rows
    found = []
    for row in rows:
        source, target = Thing(row.from_kind, row.from_key), Thing(row.to_kind, row.to_key)
        found.append((row.relation, *((target, True) if source == thing else (source, False))))
    return found
