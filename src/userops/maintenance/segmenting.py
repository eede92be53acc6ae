"""Errands of segments. The machine's own administrator does them."""

from __future__ import annotations

from typing import Any

from userops.audience.segments import actions, counting
from userops.audience.segments.exporting import exported
from userops.audience.segments.listing import listed, told
from userops.events import facts
from userops.events.store import Store
from userops.insights.exporting import csv_bytes
from userops.query.naming import naming
from userops.segments import parse
from userops.segments.describing import describe
from userops.workspace.setup import local_admin


def listing(store: Store, *, product: str) -> list[dict[str, Any]]:
    """All segments with their sizes at the last refresh."""
    return listed(store.product(product))


def show(store: Store, *, product: str, segment: str) -> dict[str, Any]:
    """One segment with its definition in words and its sizes by day."""
    found = actions.named(store.product(product), segment)
    with naming(facts.words(found.product_id)):
        definition = describe(parse(found.document))
    sizes = [{"day": str(each.day), "size": each.size} for each in found.sizes.all()]
    return {**told(found), "definition": definition.as_dict(), "sizes": sizes}


def create(
    store: Store, *, product: str, name: str, document: dict[str, Any], frozen: bool = False
) -> dict[str, Any]:
    """Keep a definition, and find who is in it."""
    made = actions.create_segment(
        store,
        store.product(product),
        document,
        name=name,
        frozen=frozen,
        acting_user=local_admin(),
    )
    return told(made)


def count(
    store: Store, *, product: str, document: dict[str, Any], quick: bool = False
) -> dict[str, Any]:
    """How many users a definition means, without keeping it."""
    found = store.product(product)
    return counting.count(store, found, document, quick=quick, acting_user=local_admin()).as_json()


def refresh(store: Store, *, product: str, segment: str) -> dict[str, Any]:
    """Look now who is in it."""
    found = actions.named(store.product(product), segment)
    return told(actions.refresh_segment(store, found, acting_user=local_admin()))


def export(store: Store, *, product: str, segment: str) -> str:
    """Its users as CSV; noted in the audit log."""
    found = actions.named(store.product(product), segment)
    table, definition = exported(store, found, "csv", acting_user=local_admin())
    return csv_bytes(table, "en", definition.en).decode("utf-8-sig")
