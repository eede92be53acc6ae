"""Who may do what: asked once per view, endpoint and action."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache, wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponseBase

from userops.errors import NotAllowed, NotFound, Refused
from userops.events.models import Product
from userops.words import Words
from userops.workspace.models import Membership, User
from userops.workspace.roles import GRANTS, Permission, Role

P = ParamSpec("P")
LAST_PRODUCT = "product"
"""The session's key for the slug of the product that was looked at last."""


def role_in(user: User, product: Product | None) -> Role | None:
    """The user's role in a product: the product's own membership before the one for all products."""
    with connection.cursor() as cursor:
        cursor.execute(_roles_sql(), [user.pk])
        roles = dict(cursor.fetchall())
    for key in (product.pk if product else None, None):
        if key in roles:
            return Role(roles[key])
    return None


@cache
def _roles_sql() -> str:
    # each request asks it, and making it from models takes ten times as long as its answer
    return Path(__file__).with_name("roles.sql").read_text(encoding="utf-8")


def permissions_in(user: User, product: Product | None) -> frozenset[Permission]:
    role = role_in(user, product)
    return GRANTS[role] if role else frozenset()


def members_with(
    permission: Permission, product: Product, keys: Iterable[int] | None = None
) -> list[User]:
    """The active members whose role in the product grants it; of these keys only, where some are given."""
    roles = [role for role, granted in GRANTS.items() if permission in granted]
    found = User.objects.filter(is_active=True, memberships__role__in=roles).distinct()
    if keys is not None:
        found = found.filter(pk__in=set(keys))
    return [user for user in found if permission in permissions_in(user, product)]


def owner_of(product: Product, key: int | None) -> User | None:
    """The member who may own a thing of a product; nobody for no key. Raises `Refused`."""
    if key is None:
        return None
    users = members_with(Permission.VIEW, product, [key])
    if not users:
        raise Refused(
            Words("负责人应为这个产品的成员。", "An owner is a member of this product."),
            code="owner_unknown",
        )
    return users[0]


def products_of(user: User) -> list[Product]:
    """The products that a user may see, by name."""
    memberships = set(Membership.objects.filter(user=user).values_list("product", flat=True))
    if None in memberships:
        return list(Product.objects.order_by("name"))
    return list(Product.objects.filter(pk__in=memberships).order_by("name"))


def unknown_product() -> NotFound:
    """The same for a product that is not there and one that is not shared."""
    return NotFound(Words("没有这个产品。", "There is no such product."), code="product_not_found")


def check(user: User, product: Product | None, permission: Permission) -> None:
    """Raises `NotFound` for a stranger, `NotAllowed` for a member whose role does not permit it."""
    granted = permissions_in(user, product)
    if not granted:
        raise unknown_product()
    if permission not in granted:
        raise NotAllowed(
            Words("你的角色没有这个权限。", "Your role does not permit this."),
            hint=Words("请联系管理员调整角色。", "Ask an administrator to change your role."),
            permission=permission.value,
        )


def member(request: HttpRequest) -> User:
    """The user of a request that has passed log-in."""
    assert isinstance(request.user, User)
    return request.user


def administers(user: User) -> list[Product | None]:
    """What a user administers: products, and `None` for the whole workspace, which stands first."""
    rows = Membership.objects.filter(user=user, role=Role.ADMIN).select_related("product")
    found = [row.product for row in rows]
    return sorted(found, key=lambda product: product.name if product else "")


def check_workspace(user: User) -> None:
    """Raises `NotAllowed` to all but administrators of the whole workspace."""
    if Permission.MANAGE_WORKSPACE not in permissions_in(user, None):
        raise NotAllowed(
            Words(
                "只有工作区管理员可以这样做。", "Only administrators of the workspace may do this."
            ),
            permission=Permission.MANAGE_WORKSPACE.value,
        )


def remembered_product(request: HttpRequest, products: list[Product]) -> Product | None:
    """The product that was looked at last, else the first one."""
    last = request.session.get(LAST_PRODUCT)
    found = next((product for product in products if product.slug == last), None)
    return found or next(iter(products), None)


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
            granted = permissions_in(member(request), found) if found else frozenset()
            if found is None or not granted:
                raise Http404(product)
            if permission not in granted:
                raise PermissionDenied
            request.product = found  # type: ignore[attr-defined]
            request.granted = granted  # type: ignore[attr-defined]
            if request.session.get(LAST_PRODUCT) != found.slug:
                request.session[LAST_PRODUCT] = found.slug
            return view(request, found, *args, **kwargs)

        wrapped.permission = permission  # type: ignore[attr-defined]
        return wrapped

    return decorate


def workspace_page(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A view for those who administer the workspace or at least one product of it."""

    @login_required
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not administers(member(request)):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    wrapped.permission = Permission.MANAGE_WORKSPACE  # type: ignore[attr-defined]
    return wrapped
