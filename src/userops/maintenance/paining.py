"""Errands of pain points. The machine's own administrator does them."""

from __future__ import annotations

from typing import Any

from userops.events.store import Store
from userops.experience.pain_points import actions
from userops.experience.pain_points.actions import Wanted
from userops.experience.pain_points.ranking import ranked
from userops.experience.pain_points.running import of_product
from userops.experience.pain_points.telling import told
from userops.workspace.setup import local_admin


def listing(store: Store, *, product: str) -> list[dict[str, Any]]:
    """The ranking, the highest score first."""
    return [told(each) for each in ranked(of_product(store.product(product)))]


def show(store: Store, *, product: str, number: int) -> dict[str, Any]:
    """One with the figures of its last run. Raises `NotFound`."""
    found = actions.found(store.product(product), number)
    rows = ranked(of_product(found.product))
    return next(told(each) for each in rows if each.point == found)


def compute(store: Store, *, product: str, number: int | None = None) -> list[dict[str, Any]]:
    """Compute one, or all that there are, and wait for it."""
    found = store.product(product)
    points = of_product(found) if number is None else [actions.found(found, number)]
    for point in points:
        actions.compute_now(store, point, acting_user=local_admin())
    wanted = {point.number for point in points}
    return [each for each in listing(store, product=product) if each["number"] in wanted]


def create(
    store: Store, *, product: str, title: str, title_en: str = "", topic: int | None = None,
    category: int | None = None, document: dict[str, Any] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """A suspected one. Raises `Refused`, `DocumentError`."""
    wanted = Wanted(title, title_en, topic=topic, category=category, document=document)
    made = actions.create(store.product(product), wanted, acting_user=local_admin())
    return show(store, product=product, number=made.number)
