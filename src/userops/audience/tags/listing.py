"""Tags for programs."""

from __future__ import annotations

from typing import Any

from userops.audience.tags.models import Tag
from userops.events.models import Product
from userops.query.personal import Sight


def listing(product: Product) -> list[dict[str, Any]]:
    """The tags of a product, by name, JSON-ready."""
    return [told(tag) for tag in Tag.objects.filter(product=product)]


def as_seen(tag: Tag, sight: Sight) -> Tag:
    """The tag, not to be saved, without its values where they say who somebody is and the reader may not know."""
    if tag.personal and sight is not Sight.ALL:
        tag.values, tag.counts = [], {}
    return tag


def told(tag: Tag) -> dict[str, Any]:
    return {
        "id": tag.pk,
        "name": tag.name,
        "property": tag.fact,
        "kind": tag.kind,
        "values": tag.values,
        "people": tag.people,
        "everyone": tag.everyone,
        "counts": tag.counts,
        "refreshed": tag.refreshed and tag.refreshed.isoformat(timespec="seconds"),
        "problem": tag.problem,
    }
