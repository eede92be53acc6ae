"""Products, their write keys, and who works in them."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema, Status

from userops.api.auth import product_for, require_scope, workspace_admin
from userops.api.bodies import Changes, RequestBody
from userops.api.paging import Key, Page, Pages
from userops.events.models import Product, WriteKey
from userops.workspace import actions
from userops.workspace.access import products_of
from userops.workspace.models import Invitation, Membership, Scope
from userops.workspace.roles import Permission, Role

router = Router(tags=["products"])


class ProductOut(Schema):
    slug: str
    name: str
    timezone: str
    currency: str
    created: datetime


class ProductIn(RequestBody):
    slug: str
    name: str
    timezone: str = "Asia/Shanghai"
    currency: str = "CNY"


class ProductChange(Changes):
    name: str | None = None
    timezone: str | None = None
    currency: str | None = None


@router.get("", response=list[ProductOut])
def products(request: HttpRequest) -> list[Product]:
    """The products that you may see."""
    return products_of(require_scope(request, Scope.QUERY))


@router.post("", response={201: ProductOut})
def create_product(request: HttpRequest, body: ProductIn) -> Status[Product]:
    """Make a product; it gets a default write key. For administrators of the workspace."""
    return Status(201, actions.create_product(**body.dict(), acting_user=workspace_admin(request)))


@router.get("/{slug:product}", response=ProductOut)
def product(request: HttpRequest, product: str) -> Product:
    """One product: its name, time zone and currency."""
    return product_for(request, product, Permission.VIEW)


@router.patch("/{slug:product}", response=ProductOut)
def change_product(request: HttpRequest, product: str, body: ProductChange) -> Product:
    """Rename a product, or change its time zone or currency."""
    found = product_for(request, product, Permission.MANAGE_WORKSPACE)
    user = require_scope(request, Scope.MANAGE)
    return actions.change_product(found, **body.dict(), acting_user=user)


class WriteKeyOut(Schema):
    id: int
    key: str
    name: str
    created: datetime
    revoked: datetime | None
    last_used: datetime | None


class WriteKeyIn(RequestBody):
    name: str


@router.get("/{slug:product}/write-keys", response=Page[WriteKeyOut])
def write_keys(request: HttpRequest, product: str, paging: Pages) -> dict[str, object]:
    """All write keys of a product, revoked ones too."""
    found = product_for(request, product, Permission.MANAGE_SOURCES)
    rows = WriteKey.objects.filter(product=found).order_by("pk")
    return {"total": rows.count(), "items": list(rows[paging.slice])}


@router.post("/{slug:product}/write-keys", response={201: WriteKeyOut})
def create_write_key(request: HttpRequest, product: str, body: WriteKeyIn) -> Status[WriteKey]:
    """Make a key that may only send data to this product."""
    found = product_for(request, product, Permission.MANAGE_SOURCES)
    user = require_scope(request, Scope.MANAGE)
    return Status(201, actions.create_write_key(found, name=body.name, acting_user=user))


@router.delete("/{slug:product}/write-keys/{key}", response={204: None})
def revoke_write_key(request: HttpRequest, product: str, key: Key) -> Status[None]:
    """From now on the collector refuses what comes with this key."""
    found = product_for(request, product, Permission.MANAGE_SOURCES)
    user = require_scope(request, Scope.MANAGE)
    row = get_object_or_404(WriteKey, product=found, pk=key)
    actions.revoke_write_key(row, acting_user=user)
    return Status(204, None)


class MemberOut(Schema):
    id: int
    email: str = Field(alias="user.email")
    name: str = Field(alias="user.name")
    role: str
    everywhere: bool

    @staticmethod
    def resolve_everywhere(row: Membership) -> bool:
        return row.product is None


class InviteIn(RequestBody):
    email: str
    role: Role


class InvitationOut(Schema):
    id: int
    email: str
    role: str
    created: datetime
    path: str = Field(description="Where the invited person accepts, below this server's address")

    @staticmethod
    def resolve_path(row: Invitation) -> str:
        return f"/join/{row.secret}"


class RoleIn(RequestBody):
    role: Role


@router.get("/{slug:product}/members", response=Page[MemberOut])
def members(request: HttpRequest, product: str, paging: Pages) -> dict[str, object]:
    """Who has a role in this product, those with one in all products included."""
    found = product_for(request, product, Permission.MANAGE_WORKSPACE)
    rows = Membership.objects.filter(product=found) | Membership.objects.filter(product=None)
    ordered = rows.select_related("user", "product").order_by("pk")
    return {"total": rows.count(), "items": list(ordered[paging.slice])}


@router.post("/{slug:product}/members", response={201: InvitationOut})
def invite(request: HttpRequest, product: str, body: InviteIn) -> Status[Invitation]:
    """Invite somebody to this product; send them the link."""
    found = product_for(request, product, Permission.MANAGE_WORKSPACE)
    user = require_scope(request, Scope.MANAGE)
    made = actions.invite(email=body.email, role=body.role, product=found, acting_user=user)
    return Status(201, made)


@router.patch("/{slug:product}/members/{member}", response=MemberOut)
def change_role(request: HttpRequest, product: str, member: Key, body: RoleIn) -> Membership:
    """Give a member of this product another role."""
    found = product_for(request, product, Permission.MANAGE_WORKSPACE)
    user = require_scope(request, Scope.MANAGE)
    row = get_object_or_404(Membership, product=found, pk=member)
    return actions.change_role(row, role=body.role, acting_user=user)


@router.delete("/{slug:product}/members/{member}", response={204: None})
def remove_member(request: HttpRequest, product: str, member: Key) -> Status[None]:
    """End a membership of this product."""
    found = product_for(request, product, Permission.MANAGE_WORKSPACE)
    user = require_scope(request, Scope.MANAGE)
    row = get_object_or_404(Membership, product=found, pk=member)
    actions.remove_member(row, acting_user=user)
    return Status(204, None)
