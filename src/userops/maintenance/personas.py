"""Errands of persona sets. The machine's own administrator does them."""

from __future__ import annotations

from typing import Any

from userops.audience.personas import actions
from userops.audience.personas.listing import told
from userops.audience.personas.models import PersonaSet
from userops.errors import NotFound
from userops.events.store import Store
from userops.words import Words
from userops.workspace.setup import local_admin


def listing(store: Store, *, product: str) -> list[dict[str, Any]]:
    """The sets of a product with their cards."""
    return [told(each) for each in PersonaSet.objects.filter(product=store.product(product))]


def show(store: Store, *, product: str, name: str) -> dict[str, Any]:
    """One set, by name. Raises `NotFound`."""
    return told(_find(store, product, name))


def run(store: Store, *, product: str, name: str, days: int | None = None) -> dict[str, Any]:
    """Run a set, made if there is none of this name; answers it."""
    admin = local_admin()
    try:
        found = _find(store, product, name)
    except NotFound:
        document = {"range": {"last": days}} if days else None
        found = actions.create_set(
            store.product(product), name=name, document=document, acting_user=admin
        )
    return told(actions.run_set(store, found, acting_user=admin))


def schedule(store: Store, *, product: str, name: str, schedule: str) -> dict[str, Any]:
    """Say when a set is run again by itself; answers it. Raises `NotFound`, `Refused`."""
    found = _find(store, product, name)
    actions.set_schedule(found, schedule, acting_user=local_admin())
    return told(found)


def _find(store: Store, product: str, name: str) -> PersonaSet:
    rows = PersonaSet.objects.select_related("product").filter(product=store.product(product))
    found = rows.filter(name=name).first()
    if found is None:
        raise NotFound(
            Words(f"没有名为“{name}”的画像组。", f"There is no persona set “{name}”."),
            code="persona_set_not_found",
        )
    return found
