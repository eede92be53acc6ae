"""The segments that a page or program names, and their people as last refreshed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pyroaring import BitMap

from userops.audience.people import scope_of
from userops.audience.segments.models import Segment
from userops.errors import NotFound, Refused
from userops.events.models import Product
from userops.events.store import Store
from userops.segments.everyone import everyone
from userops.segments.leaves import of_fact
from userops.words import Words


def segments(product: Product, keys: Iterable[int], *, most: int, least: int = 1) -> list[Segment]:
    """In the order given, each once. Raises `NotFound`, and `Refused` for too few or too many."""
    wanted = list(dict.fromkeys(keys))
    if len(wanted) < least:
        raise Refused(
            Words(f"请选择至少 {least} 个分群。", f"Choose at least {least} segments."),
            code="too_few_segments",
        )
    if len(wanted) > most:
        raise Refused(
            Words(f"最多选择 {most} 个分群。", f"At most {most} segments."),
            code="too_many_segments",
        )
    rows = {row.pk: row for row in Segment.objects.filter(product=product, pk__in=wanted)}
    missing = [key for key in wanted if key not in rows]
    if missing:
        raise NotFound(
            Words(f"没有分群 {missing[0]}。", f"There is no segment {missing[0]}."),
            code="segment_not_found",
        )
    return [rows[key] for key in wanted]


def members(store: Store, product: Product, rows: Sequence[Segment]) -> list[BitMap]:
    """The people of each segment."""
    scope = scope_of(store, product)
    return [of_fact(row.fact, scope) for row in rows]


def all_people(store: Store, product: Product) -> BitMap:
    return everyone(scope_of(store, product))
