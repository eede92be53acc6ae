"""Old topics found again among new groups of tickets, those that members merged as well."""

from __future__ import annotations

from collections.abc import Sequence

from userops.events.models import Product
from userops.feedback.topics.models import Topic

SAME = 0.3
"""An old topic lives on in the new one that shares at least so much of its tickets (Jaccard)."""
INSIDE = 0.5
"""A group belongs to merged topics when at least so much of what was known of it lay there."""


def matched(product: Product, groups: Sequence[set[int]]) -> dict[int, Topic]:
    """New place → the old topic that lives on in it; the most alike first, each only once. Of merged topics the
    parts take the other groups that lay in them, so that what was merged stays merged."""
    rows = Topic.objects.filter(product=product, place__isnull=False, merged_into=None)
    held = {old: set(old.members.values_list("ticket", flat=True)) for old in rows}
    likeness = [
        (_jaccard(own, group), at, old)
        for old, own in held.items()
        for at, group in enumerate(groups)
    ]
    found: dict[int, Topic] = {}
    for alike, at, old in sorted(likeness, key=lambda each: (-each[0], each[1], each[2].pk)):
        if alike >= SAME and at not in found and old not in found.values():
            found[at] = old
    known = set().union(*held.values())
    for old, own in held.items():
        parts = list(old.parts.order_by("pk"))
        for at, group in enumerate(groups):
            seen = group & known
            if parts and at not in found and seen and len(seen & own) / len(seen) >= INSIDE:
                found[at] = parts.pop(0)
    return found


def _jaccard(one: set[int], other: set[int]) -> float:
    either = len(one | other)
    return len(one & other) / either if either else 0.0
