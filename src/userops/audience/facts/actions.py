"""Writes: how the facts of a product are computed, and computing them now."""

from __future__ import annotations

from dataclasses import dataclass

from userops.audience.facts.models import FactState
from userops.audience.facts.refreshing import refresh, state_of
from userops.errors import Refused
from userops.events.catalogue import personal_of
from userops.events.fields import BY_NAME
from userops.events.models import Product, PropertyDefinition
from userops.events.store import Store
from userops.query.personal import PersonalProperty
from userops.words import Words
from userops.workspace.access import check
from userops.workspace.log import note
from userops.workspace.models import User
from userops.workspace.roles import Permission

SPANS = range(1, 367)


@dataclass(frozen=True, slots=True)
class Settings:
    """`category_property` may be empty: the catalogue's best candidate is taken."""

    value_property: str = "amount"
    category_property: str = ""
    lifecycle_days: int = 7


def set_settings(product: Product, wanted: Settings, *, acting_user: User) -> FactState:
    """How facts are computed from the next refresh on. Raises `Refused`."""
    check(acting_user, product, Permission.MANAGE_DATA)
    _known(product, wanted.value_property)
    if wanted.category_property:
        _known(product, wanted.category_property)
    if wanted.lifecycle_days not in SPANS:
        raise Refused(
            Words(
                f"生命周期的一期应为 {SPANS[0]} 到 {SPANS[-1]} 天；实际为 {wanted.lifecycle_days}。",
                f"A lifecycle period has {SPANS[0]} to {SPANS[-1]} days; got {wanted.lifecycle_days}.",
            ),
            code="lifecycle_days_invalid",
        )
    state = state_of(product)
    state.value_property = wanted.value_property
    state.category_property = wanted.category_property
    state.lifecycle_days = wanted.lifecycle_days
    state.save(update_fields=["value_property", "category_property", "lifecycle_days"])
    note(
        acting_user,
        "facts.configured",
        product=product,
        value=wanted.value_property,
        category=wanted.category_property,
        days=wanted.lifecycle_days,
    )
    return state


def _known(product: Product, name: str) -> None:
    rows = PropertyDefinition.objects.filter(product=product, of="event", name=name)
    if name not in BY_NAME and not rows.exists():
        raise Refused(
            Words(f"没有事件属性 {name[:80]!r}。", f"There is no event property {name[:80]!r}."),
            code="property_unknown",
            hint=Words("请从产品目录中选择。", "Choose one of the catalogue."),
        )
    if ("event", name) in personal_of(product.pk):  # facts are for everybody's breakdowns
        raise PersonalProperty(("event", name))


def refresh_now(store: Store, product: Product, *, acting_user: User) -> bool:
    """Compute the facts anew whatever has changed; answers whether there were events to compute from."""
    check(acting_user, product, Permission.ANALYSE)
    done = refresh(store, product, force=True)
    note(acting_user, "facts.refreshed", product=product)
    return done
