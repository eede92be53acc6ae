"""What a member may know of personal properties: one rule for pages, API and writes."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from userops.events.catalogue import personal_of
from userops.events.models import Product
from userops.query.personal import Sight, check_sight, hidden
from userops.workspace.access import permissions_in
from userops.workspace.models import User
from userops.workspace.roles import Permission


def sight_of(granted: Collection[Permission]) -> Sight:
    return Sight.ALL if Permission.SEE_PEOPLE in granted else Sight.NONE


def check_named(document: Any, product: Product, acting_user: User) -> None:
    """Raises `PersonalProperty` for a document, as JSON, that names what its writer may not see."""
    sight = sight_of(permissions_in(acting_user, product))
    check_sight(document, personal_of(product.pk), sight)


def seen(document: Any, product: Product, sight: Sight) -> Any:
    """A document of a colleague, as JSON, as one of this sight may read it."""
    return document if sight is Sight.ALL else hidden(document, personal_of(product.pk))
