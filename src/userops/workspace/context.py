"""What every page's frame needs to know."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from userops.workspace.access import permissions_in, products_of


def workspace(request: HttpRequest) -> dict[str, Any]:
    """`product`, `products` and `granted` (names of permissions) for templates."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    product = getattr(request, "product", None)
    granted = getattr(request, "granted", None)
    if granted is None:
        granted = permissions_in(user, product)  # type: ignore[arg-type]
    return {
        "product": product,
        "products": products_of(user),  # type: ignore[arg-type]
        "granted": {permission.value for permission in granted},
    }
