"""The catalogue learns: names of events and properties that were never seen before are noted as new."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any, cast

from django.utils.functional import SimpleLazyObject

from userops.events.fields import BY_NAME
from userops.events.models import EventDefinition, Fact, PropertyDefinition
from userops.events.personal import Personal, holds_personal

MAX_PROPERTIES = 2_000
"""Per product: a sender that makes up names must not fill the database."""
MAX_EVENTS = 5_000


class Catalogue:
    """Remembers which names are in the database, so that known ones cost nothing."""

    def __init__(self) -> None:
        self._events: dict[int, set[str]] = {}
        self._properties: dict[tuple[int, str], set[str]] = {}

    def forget(self) -> None:
        self._events.clear()
        self._properties.clear()

    def note_events(self, product: int, names: Iterable[str]) -> None:
        known = self._events.get(product)
        if known is None:
            rows = EventDefinition.objects.filter(product=product)
            known = self._events[product] = set(rows.values_list("name", flat=True))
        new = (set(names) - known) if len(known) < MAX_EVENTS else set()
        if new:
            EventDefinition.objects.bulk_create(
                [EventDefinition(product_id=product, name=name) for name in sorted(new)],
                ignore_conflicts=True,
            )
            known |= new

    def note_properties(self, product: int, of: str, properties: Iterable[dict[str, Any]]) -> None:
        known = self._properties.get((product, of))
        if known is None:
            rows = PropertyDefinition.objects.filter(product=product, of=of)
            known = self._properties[product, of] = set(rows.values_list("name", flat=True))
        new: dict[str, Any] = {}
        for each in properties:
            if not known.issuperset(each):
                new.update((key, value) for key, value in each.items() if key not in known)
        if new and len(known) < MAX_PROPERTIES:
            PropertyDefinition.objects.bulk_create(
                [
                    PropertyDefinition(
                        product_id=product,
                        of=of,
                        name=name[:200],
                        type=type_of(new[name]),
                        personal=True if holds_personal(new[name]) else None,
                    )
                    for name in sorted(new)[: MAX_PROPERTIES - len(known)]
                ],
                ignore_conflicts=True,
            )
            known |= set(new)


def personal_of(product: int) -> Personal:
    """The properties of a product that say who somebody is. Read when one is looked for: most questions name none."""
    return cast("Personal", SimpleLazyObject(partial(_personal, product)))


def _personal(product: int) -> Personal:
    of_properties = PropertyDefinition.objects.filter(product=product, personal__isnull=False)
    of_facts = Fact.objects.filter(product=product, personal__isnull=False)
    decided = [
        *of_properties.values_list("of", "name", "personal"),
        *(("user", *row) for row in of_facts.values_list("name", "personal")),
    ]
    return Personal({(of, name): bool(personal) for of, name, personal in decided})


def type_of(value: Any) -> str:
    """The type of a property's first seen value: text, number, boolean, list or object."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, list):
        return "list"
    return "object" if isinstance(value, dict) else "text"


def standard_type(name: str) -> str | None:
    """The type of a standard property; None when it is not one."""
    field = BY_NAME.get(name)
    return field.type if field else None
