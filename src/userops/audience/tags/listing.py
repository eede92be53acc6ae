"""Tags for programs."""

from __future__ import annotations

from typing import Any

from userops.audience.tags.models import Tag
from userops.events.models import Product
from userops.query.personal import HIDDEN, Sight
from userops.workspace.sight import seen


def listing(product: Product) -> list[dict[str, Any]]:
    """The tags of a product, by name, JSON-ready."""
    return [told(tag) for tag in Tag.objects.filter(product=product)]


def as_seen(tag: Tag, sight: Sight) -> Tag:
    """The tag, not to be saved, without its values and what its rules ask for where these say who somebody is and
    the reader may not know."""
    if sight is Sight.ALL:
        return tag
    tag.definition = seen(tag.definition, tag.product, sight)
    if tag.is_personal:
        tag.values, tag.counts = [], {}
        rules = tag.definition.get("rules", [])
        tag.definition |= {"rules": [{**rule, "value": HIDDEN} for rule in rules]} if rules else {}
    return tag


def told(tag: Tag) -> dict[str, Any]:
    return {
        "id": tag.pk,
        "name": tag.name,
        "property": tag.fact,
        "kind": tag.kind,
        "values": tag.values,
        "personal": tag.is_personal,
        "people": tag.people,
        "everyone": tag.everyone,
        "counts": tag.counts,
        "refreshed": tag.refreshed and tag.refreshed.isoformat(timespec="seconds"),
        "problem": tag.problem,
    }
