"""Errands of computed facts and of tags. The machine's own administrator does them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from userops.audience.facts import listing
from userops.audience.facts.actions import refresh_now
from userops.audience.tags import actions, importing
from userops.audience.tags.deciding import say_personal
from userops.audience.tags.defining import Wanted
from userops.audience.tags.listing import listing as listing_of
from userops.audience.tags.listing import told
from userops.audience.tags.models import Tag
from userops.errors import NotFound
from userops.events.identity import person_of
from userops.events.store import Store
from userops.words import Words
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


def tags(store: Store, *, product: str) -> list[dict[str, Any]]:
    """The tags of a product, by name."""
    return listing_of(store.product(product))


def create(store: Store, *, product: str, **wanted: Any) -> dict[str, Any]:
    """Make a tag."""
    wanted["values"] = tuple(wanted.get("values", ()))
    made = actions.create_tag(
        store, store.product(product), Wanted(**wanted), acting_user=local_admin()
    )
    return told(made)


def personal(store: Store, *, product: str, tag: str, personal: bool) -> dict[str, Any]:
    """Say whether the values of a tag say who somebody is."""
    row = actions.find(store.product(product), tag)
    return told(say_personal(row, personal, acting_user=local_admin()))


def put(store: Store, *, product: str, tag: str, user: str, value: str = "") -> dict[str, Any]:
    """Put a tag on one person. Raises `NotFound`."""
    row = actions.find(store.product(product), tag)
    actions.put_on(store, row, _person(row, user), value=value, acting_user=local_admin())
    return told(row)


def take(store: Store, *, product: str, tag: str, user: str) -> dict[str, Any]:
    """Take a tag off one person. Raises `NotFound`."""
    row = actions.find(store.product(product), tag)
    actions.take_off(store, row, _person(row, user), acting_user=local_admin())
    return told(row)


def bring(
    store: Store, *, product: str, tag: str, path: str, replace: bool = False
) -> dict[str, Any]:
    """Take the rows of a file of this machine."""
    row = actions.find(store.product(product), tag)
    done = importing.import_file(store, row, Path(path), replace=replace, acting_user=local_admin())
    return {"tag": told(row), **done.as_json()}


def refresh(store: Store, *, product: str, tag: str) -> dict[str, Any]:
    """Compute the values of a tag now."""
    row = actions.find(store.product(product), tag)
    return told(actions.refresh_tag(store, row, acting_user=local_admin()))


def delete(store: Store, *, product: str, tag: str) -> None:
    """Forget a tag. Raises `NotFound`."""
    row = actions.find(store.product(product), tag)
    actions.delete_tag(store, row, acting_user=local_admin())


def history(store: Store, *, product: str, tag: str) -> list[dict[str, Any]]:
    """Who changed what when, the newest first."""
    row = actions.find(store.product(product), tag)
    return [
        {
            "at": each.at.isoformat(timespec="seconds"),
            "who": each.who,
            "action": each.action,
            "people": each.people,
            "value": each.value,
            "details": each.details,
        }
        for each in row.changes.all()
    ]


def _person(tag: Tag, user: str) -> int:
    person = person_of(tag.product.pk, user)
    if person is None:
        raise NotFound(
            Words(f"没有用户 {user!r}。", f"There is no user {user!r}."), code="user_not_found"
        )
    return person
