"""Who calls: a token (`Authorization: Bearer uo_…`), this machine's own token, or a logged-in page."""

from __future__ import annotations

import ipaddress
import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.db import connection
from django.http import HttpRequest
from ninja.security import APIKeyCookie, HttpBearer
from ninja.throttling import SimpleRateThrottle

from userops import config
from userops.errors import NotAllowed
from userops.events.catalogue import personal_of
from userops.events.folder import SERVER_FILE
from userops.events.models import Product
from userops.query.personal import Sight, check_sight
from userops.words import Words
from userops.workspace.access import check, check_workspace, permissions_in, unknown_product
from userops.workspace.models import ApiToken, Scope, User
from userops.workspace.roles import Permission
from userops.workspace.setup import local_admin
from userops.workspace.sight import sight_of

RATE = "1200/m"
"""Requests of one token (or one logged-in person) in a minute."""
_PRODUCT = "select * from events_product where slug = %s"
_USED_EVERY = timedelta(minutes=1)
_ALL = frozenset(Scope)

SCOPES: dict[Permission, Scope] = {
    Permission.VIEW: Scope.QUERY,
    Permission.ANALYSE: Scope.MANAGE,
    Permission.SEE_PEOPLE: Scope.PEOPLE,
    Permission.EXPORT_PEOPLE: Scope.PEOPLE,
    Permission.ERASE: Scope.PEOPLE,
    Permission.WRITE_REPORTS: Scope.MANAGE,
    Permission.ISSUE_REPORTS: Scope.MANAGE,
    Permission.HANDLE_TICKETS: Scope.FEEDBACK,
    Permission.RUN_SURVEYS: Scope.FEEDBACK,
    Permission.MANAGE_DESK: Scope.MANAGE,
    Permission.MANAGE_DATA: Scope.IMPORT,
    Permission.MANAGE_SOURCES: Scope.MANAGE,
    Permission.MANAGE_WORKSPACE: Scope.MANAGE,
}
"""The scope that a token needs for what its owner's role permits."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who may act as `user`, as far as `scopes` reach. `key` counts requests."""

    user: User
    scopes: frozenset[Scope]
    key: str


class TokenAuth(HttpBearer):
    """A token of a member, or the one that the server leaves for the other doors of its machine."""

    openapi_name = "token"

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:
        return caller_of(request, token)


class PageAuth(APIKeyCookie):
    """The session of a logged-in page; a request that changes something needs the CSRF token."""

    openapi_name = "session"
    param_name = "sessionid"

    def authenticate(self, request: HttpRequest, key: str | None) -> Caller | None:
        user = request.user
        if not isinstance(user, User) or not user.is_active:
            return None
        return Caller(user, _ALL, f"user-{user.pk}")


class Limit(SimpleRateThrottle):
    """So many requests for each caller."""

    def __init__(self) -> None:
        super().__init__(RATE)

    def get_cache_key(self, request: HttpRequest) -> str | None:
        return f"api-{caller(request).key}"


def caller_of(request: HttpRequest, token: str) -> Caller | None:
    """Who a token acts for; None when it is none, or not any more."""
    return _by_token(token) if token.startswith("uo_") else _by_local_token(request, token)


def caller(request: HttpRequest) -> Caller:
    """The caller of a request that has passed authentication."""
    found = getattr(request, "auth", None)
    assert isinstance(found, Caller)
    return found


def require_scope(request: HttpRequest, scope: Scope) -> User:
    """The user behind a call whose token has this scope. Raises `NotAllowed`."""
    who = caller(request)
    if scope not in who.scopes:
        raise NotAllowed(
            Words(
                f"该令牌缺少权限范围 {scope.value}。", f"This token lacks the scope {scope.value}."
            ),
            code="scope_missing",
            hint=Words(
                "请新建包含该权限范围的令牌。", "Make a token that has this scope and use it."
            ),
            scope=scope.value,
        )
    return who.user


def product_for(
    request: HttpRequest, slug: str, permission: Permission, scope: Scope | None = None
) -> Product:
    """The product of this slug, when the caller's role and token permit what is asked.

    Raises `NotFound` for strangers and unknown products alike, `NotAllowed` for lesser roles.
    """
    user = caller(request).user
    product = next(iter(Product.objects.raw(_PRODUCT, [slug])), None)
    if product is None:  # the same words as for one that is not shared: nobody learns which exist
        raise unknown_product()
    check(user, product, permission)
    require_scope(request, scope or SCOPES[permission])
    return product


def sight(request: HttpRequest, product: Product) -> Sight:
    """What the caller may know of personal properties: role and token both have to permit it."""
    who = caller(request)
    allowed = Scope.PEOPLE in who.scopes
    return sight_of(permissions_in(who.user, product)) if allowed else Sight.NONE


def check_document(request: HttpRequest, product: Product, document: Any) -> None:
    """Raises `PersonalProperty` for a document, as JSON, that names what the caller may not see."""
    check_sight(document, personal_of(product.pk), sight(request, product))


def workspace_admin(request: HttpRequest) -> User:
    """The caller, when they administer the whole workspace. Raises `NotAllowed`."""
    user = require_scope(request, Scope.MANAGE)
    check_workspace(user)
    return user


def _by_token(secret: str) -> Caller | None:
    now = datetime.now(UTC)
    used, alive = (
        connection.ops.adapt_datetimefield_value(each) for each in (now - _USED_EVERY, now)
    )
    rows = User.objects.raw(_token_sql(), [used, ApiToken.digest_of(secret), alive])
    user = next(iter(rows), None)
    if user is None:
        return None
    token = vars(user)
    if not token["token_used"]:
        ApiToken.objects.filter(pk=token["token"]).update(last_used=now)
    named = json.loads(token["token_scopes"])
    known = frozenset(scope for scope in Scope if scope.value in named)
    return Caller(user, known, f"token-{token['token']}")


@cache
def _token_sql() -> str:
    # each call asks it, and making it from models takes five times as long as its answer
    return Path(__file__).with_name("token.sql").read_text(encoding="utf-8")


def local_token() -> str | None:
    """The token that the running server left in the data folder for this machine's other doors."""
    try:
        found = json.loads((config.current().data / SERVER_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    token = found.get("token") if isinstance(found, dict) else None
    return token if isinstance(token, str) and token else None


def _by_local_token(request: HttpRequest, given: str) -> Caller | None:
    expected = local_token()
    if expected is None or not _from_here(request):
        return None
    if not secrets.compare_digest(given.encode("utf-8", "replace"), expected.encode()):
        return None
    return Caller(local_admin(), _ALL, "local")


def _from_here(request: HttpRequest) -> bool:
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def is_local(request: HttpRequest) -> bool:
    """Whether the call came with this machine's own token: it may name files of this machine."""
    return caller(request).key == "local"
