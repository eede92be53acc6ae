"""Errands of computed facts. The machine's own administrator does them."""

from __future__ import annotations

from typing import Any

from userops.audience.facts import listing
from userops.audience.facts.actions import refresh_now
from userops.events.store import Store
from userops.workspace.setup import local_admin


def facts(store: Store, *, product: str) -> dict[str, Any]:
    """The computed facts as of their day."""
    found = listing.listing(store.product(product))
    dated = {"as_of": found["as_of"] and str(found["as_of"])}
    refreshed = found["refreshed"]
    return {**found, **dated, "refreshed": refreshed and refreshed.isoformat(timespec="seconds")}


def refresh_facts(store: Store, *, product: str) -> dict[str, Any]:
    """Compute the facts now; answers them."""
    refresh_now(store, store.product(product), acting_user=local_admin())
    return facts(store, product=product)
