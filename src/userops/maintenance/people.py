"""Who is behind a number of an answer, as the API, the command line and Python tell it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from userops.analyses import answering
from userops.events.models import UserId
from userops.events.store import Store


def people_behind(
    store: Store,
    document: Mapping[str, Any],
    selection: Mapping[str, Any],
    *,
    limit: int = 100,
    offset: int = 0,
) -> dict[str, Any]:
    """How many there are, and some of them: each with the number in the store and the id that was sent."""
    found = answering.people(document, store, selection, limit=limit, offset=offset)
    product = store.product(document["product"])
    rows = UserId.objects.filter(product=product, uid__in=found.persons)
    ids = dict(rows.values_list("uid", "distinct_id"))
    people = [{"uid": uid, "id": ids.get(uid, "")} for uid in found.persons]
    return {"total": found.total, "people": people}
