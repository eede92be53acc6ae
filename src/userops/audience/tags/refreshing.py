"""Refreshing tags that follow from data, when the data has changed or the day has."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

from userops.audience.tags import assigning
from userops.audience.tags.computing import computed
from userops.audience.tags.models import Kind, Tag, TagChange
from userops.errors import UserOpsError
from userops.events.models import Product
from userops.events.store import Store

log = logging.getLogger("userops.audience")
AT_LEAST = timedelta(hours=24)
"""Rules may look at the last days: without new data they are looked at once a day."""


def refresh(store: Store, tag: Tag, *, who: str = "") -> bool:
    """Compute the values of a tag; answers whether any is different now. Raises what its rules raise."""
    version = Product.objects.values_list("version", flat=True).get(pk=tag.product.pk)
    with assigning.one_writer(tag.product):
        since = datetime.now(UTC)
        try:
            changed = assigning.replace(store, tag, computed(store, tag), since=since)
        except UserOpsError as wrong:
            tag.problem = wrong.words.as_dict()
            tag.save(update_fields=["problem"])
            raise
        tag.problem, tag.data_version = None, version
        tag.save(update_fields=["problem", "data_version"])
        if changed:
            TagChange.objects.create(
                tag=tag, action=TagChange.Action.REFRESHED, who=who, people=tag.people
            )
    return changed


def refresh_due(store: Store, now: datetime | None = None) -> int:
    """All tags whose data has changed; answers how many were looked at."""
    now, done = now or datetime.now(UTC), 0
    rows = Tag.objects.filter(kind__in=[Kind.RULE, Kind.COMPUTED]).select_related("product")
    for tag in rows:
        fresh = tag.data_version == tag.product.version and tag.refreshed is not None
        if fresh and tag.refreshed is not None and now - tag.refreshed < AT_LEAST:
            continue
        try:
            refresh(store, tag)
        except UserOpsError as wrong:
            log.warning("tag %s was not refreshed: %s", tag.pk, wrong)
        done += 1
    return done
