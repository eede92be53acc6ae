"""Segments as programs read them."""

from __future__ import annotations

from typing import Any

from userops.audience.segments.models import Segment
from userops.events.models import Product


def listed(product: Product) -> list[dict[str, Any]]:
    """All segments of a product, by name."""
    return [told(each) for each in Segment.objects.filter(product=product)]


def told(segment: Segment) -> dict[str, Any]:
    """One, with its size at the last refresh."""
    refreshed = segment.refreshed
    return {
        "id": segment.pk,
        "name": segment.name,
        "document": segment.document,
        "frozen": segment.frozen,
        "fact": segment.fact,
        "size": segment.size,
        "everyone": segment.everyone,
        "share": segment.share,
        "refreshed": refreshed and refreshed.isoformat(timespec="seconds"),
        "problem": segment.problem,
    }
