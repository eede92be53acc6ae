"""Writes: a part of an overlap becomes a segment of its own."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from userops.audience.segments.actions import create_segment
from userops.audience.segments.models import Segment
from userops.events.models import Product
from userops.events.store import Store
from userops.workspace.models import User


def part_document(rows: Sequence[Segment], inside: Collection[int]) -> dict[str, Any]:
    """In these of the segments, and in none of the others."""
    conditions: list[dict[str, Any]] = []
    for place, row in enumerate(rows):
        is_in = {"who": "segment", "segment": row.pk}
        conditions.append(is_in if place in inside else {"not": is_in})
    return {"where": {"and": conditions}}


def save_part(
    store: Store,
    product: Product,
    rows: Sequence[Segment],
    inside: Collection[int],
    *,
    name: str,
    acting_user: User,
) -> Segment:
    """Keep a part as a segment that follows the others. Raises `Refused`."""
    document = part_document(rows, inside)
    return create_segment(store, product, document, name=name, acting_user=acting_user)
