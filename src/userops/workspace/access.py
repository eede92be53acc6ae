"""Who may do what: asked once per view, endpoint and action."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase

from userops.errors import NotAllowed, NotFound
from userops.events.models import Product
from userops.words import Words
from userops.workspace.models import Membership, User
from userops.workspace.roles import GRANTS, Permission, Role

P = ParamSpec("P")


def role_in(user: User, product: Product | None) -> Role | None:
    """The user's role in a product: the product's own membership before the one for all products."""
    wanted = [product.pk if product else None, None]
    roles = dict(
        Membership.objects.filter(user=user, user__is_active=True).values_list("product", "role")
    )
    for key in wanted:
        if key in roles:
            return Role(roles[key])
    return None


def permissions_in(user: User, product: Product | None) -> frozenset[Permission]:
    role = role_in(user, product)
    return GRANTS[role] if role else frozenset()


def products_of(user: User) -> list[Product]:
    """The products that a user may see, by name."""
    memberships = set(Membership.objects.filter(user=user).values_list("product", flat=True))
    if None in memberships:
        return list(Product.objects.order_by("name"))
    return list(Product.objects.filter(pk__in=memberships).order_by("name"))


def check(user: User, product: Product | None, permission: Permission) -> None:
    """Raises `NotFound` for a stranger, `NotAllowed` for a member whose role does not permit it."""
    granted = permissions_in(user, product)
    if not granted:
        raise NotFound(Words("没有这个产品。", "There is no such product."), code="product_not_found")
    if permission not in granted:
        raise NotAllowed(
            Words("你的角色没有这个权限。", "Your role does not permit this."),
            hint=Words("请联系管理员调整角色。", "Ask an administrator to change your role."),
            permission=permission.value,
        )


def product_page(
    permission: Permission = Permission.VIEW,
) -> Callable[
    [Callable[Concatenate[Any, Product, P], HttpResponseBase]], Callable[..., HttpResponseBase]
]:
    """A view of one product: `/p/<slug:product>/…` → `view(request, product, …)`.

    Asks for log-in, answers 404 to strangers and 403 to roles without `permission`.
    """

    def decorate(
        view: Callable[Concatenate[Any, Product, P], HttpResponseBase],
    ) -> Callable[..., HttpResponseBase]:
        @login_required
        @wraps(view)
        def wrapped(
            request: HttpRequest, product: str, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponseBase:
            found = Product.objects.filter(slug=product).first()
            granted = permissions_in(request.user, found) if found else frozenset()  # type: ignore[arg-type]
            if found is None or not granted:
                raise Http404(product)
            if permission not in granted:
                raise PermissionDenied
            request.product = found  # type: ignore[attr-defined]
            request.granted = granted  # type: ignore[attr-defined]
            return view(request, found, *args, **kwargs)

        wrapped.permission = permission  # type: ignore[attr-defined]
        return wrapped

    return decorate


def workspace_page(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A view for workspace administrators."""

    @login_required
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        granted = permissions_in(request.user, None)  # type: ignore[arg-type]
        if Permission.MANAGE_WORKSPACE not in granted:
            raise PermissionDenied
        request.granted = granted  # type: ignore[attr-defined]
        return view(request, *args, **kwargs)

    wrapped.permission = Permission.MANAGE_WORKSPACE  # type: ignore[attr-defined]
    return wrapped
