"""What every page's frame needs to know."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from userops.workspace.access import (
    administers,
    permissions_in,
    products_of,
    remembered_product,
)
from userops.workspace.roles import Permission


def workspace(request: HttpRequest) -> dict[str, Any]:
    """`product`, `products` and `granted` (names of permissions) for templates.

    On pages beside the products, the left bar stays with the product that was looked at last.
    """
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    products = products_of(user)
    product = getattr(request, "product", None) or remembered_product(request, products)
    granted = set(getattr(request, "granted", None) or permissions_in(user, product))
    if administers(user):
        granted.add(Permission.MANAGE_WORKSPACE)
    return {
        "product": product,
        "products": products,
        "granted": {permission.value for permission in granted},
    }
