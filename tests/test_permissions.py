"""Every address × every role. An address that is not in these tables fails the test until it is.

Anonymous readers are sent to the log-in (401 by the API), strangers see nothing (404), and a role
without the permission is refused (403). The tables are written by hand, on purpose: what a view says of
itself is not asked.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from userops.workspace.roles import GRANTS, Permission, Role

P = Permission

PAGES: dict[str, Permission] = {
    **dict.fromkeys(
        [
            "insights:overview",
            "insights:overview_group",
            "insights:values",
            "insights:cancel",
            "insights:new",
            "insights:saved",
            "insights:saved_one",
            "insights:dashboards",
            "insights:dashboard",
            "insights:card",
            "insights:trend",
            "insights:funnel",
            "insights:retention",
            "insights:lifecycle",
            "insights:trend_file",
            "insights:funnel_file",
            "insights:retention_file",
            "insights:lifecycle_file",
            "collect:catalogue",
            "collect:catalogue-event",
            "collect:catalogue-property",
        ],
        P.VIEW,
    ),
    **dict.fromkeys(
        [
            "insights:save",
            "insights:delete_many",
            "insights:change_saved",
            "insights:delete_saved",
            "insights:create_dashboard",
            "insights:change_dashboard",
            "insights:keep_range",
            "insights:delete_dashboard",
            "insights:add_card",
            "insights:arrange",
            "insights:change_card",
        ],
        P.ANALYSE,
    ),
    **dict.fromkeys(
        [
            "insights:trend_people",
            "insights:funnel_people",
            "insights:retention_people",
            "insights:lifecycle_people",
            "audience:users",
            "audience:user",
        ],
        P.SEE_PEOPLE,
    ),
    **dict.fromkeys(
        [
            "collect:sources",
            "collect:live",
            "collect:imports",
            "collect:import-upload",
            "collect:import-new",
            "collect:import-check",
            "collect:import-checked",
            "collect:import-start",
            "collect:import",
            "collect:import-cancel",
            "collect:import-resume",
            "collect:quality",
            "collect:quality-report",
            "collect:quarantine",
            "collect:quarantine-replay",
        ],
        P.MANAGE_DATA,
    ),
    **dict.fromkeys(
        ["collect:create-key", "collect:revoke-key", "audience:merge", "audience:unmerge"],
        P.MANAGE_SOURCES,
    ),
    **dict.fromkeys(["audience:export", "collect:quarantine-export"], P.EXPORT_PEOPLE),
    **dict.fromkeys(
        ["audience:erase", "collect:import-remove", "collect:quarantine-discard"], P.ERASE
    ),
}
"""Pages of one product."""

WORKSPACE = [
    "workspace:members",
    "workspace:role",
    "workspace:remove",
    "workspace:withdraw",
    "workspace:products",
    "workspace:product",
    "workspace:log",
]
"""For administrators only."""
MEMBERS = [
    "workspace:home",
    "workspace:account",
    "workspace:tokens",
    "workspace:revoke",
    "patterns",
]
"""For everybody who is logged in, about themselves."""
PUBLIC = ["workspace:join", "preferences", "api:openapi-json", "api:openapi-view", "api:api-root"]
"""For everybody; `join` needs its secret."""
ALLAUTH = ("account_", "mfa_")
CAPTURE = "userops.collect.capture_view"
"""The collectors: a write key is asked for each product, tested there."""

QUERY = {"kind": "trend", "product": "SLUG", "series": [{"event": "e"}]}
API: dict[str, tuple[Permission, Any]] = {
    "POST query": (P.VIEW, QUERY),
    "POST query/people": (P.SEE_PEOPLE, {"document": QUERY}),
    "GET products/<slug:product>": (P.VIEW, None),
    "PATCH products/<slug:product>": (P.MANAGE_WORKSPACE, {}),
    "GET products/<slug:product>/write-keys": (P.MANAGE_SOURCES, None),
    "POST products/<slug:product>/write-keys": (P.MANAGE_SOURCES, {"name": "k"}),
    "DELETE products/<slug:product>/write-keys/<key>": (P.MANAGE_SOURCES, None),
    "GET products/<slug:product>/members": (P.MANAGE_WORKSPACE, None),
    "POST products/<slug:product>/members": (
        P.MANAGE_WORKSPACE,
        {"email": "new@example.com", "role": "lead"},
    ),
    "PATCH products/<slug:product>/members/<member>": (P.MANAGE_WORKSPACE, {"role": "lead"}),
    "DELETE products/<slug:product>/members/<member>": (P.MANAGE_WORKSPACE, None),
    "GET products/<slug:product>/events": (P.VIEW, None),
    "PATCH products/<slug:product>/events/<event>": (P.ANALYSE, {}),
    "GET products/<slug:product>/properties": (P.VIEW, None),
    "PATCH products/<slug:product>/properties/<entry>": (P.ANALYSE, {}),
    "GET products/<slug:product>/users": (P.SEE_PEOPLE, None),
    "GET products/<slug:product>/users/<uid>": (P.SEE_PEOPLE, None),
    "GET products/<slug:product>/users/<uid>/events": (P.SEE_PEOPLE, None),
    "GET products/<slug:product>/users/<uid>/export": (P.EXPORT_PEOPLE, None),
    "POST products/<slug:product>/users/<uid>/erase": (P.ERASE, {"confirm": "x"}),
    "POST products/<slug:product>/users/<uid>/merge": (P.MANAGE_SOURCES, {"id": "x"}),
    "DELETE products/<slug:product>/merges/<merge>": (P.MANAGE_SOURCES, None),
    "GET products/<slug:product>/imports": (P.MANAGE_DATA, None),
    "POST products/<slug:product>/imports": (P.MANAGE_DATA, "file"),
    "GET products/<slug:product>/imports/<run>": (P.MANAGE_DATA, None),
    "POST products/<slug:product>/imports/<run>/cancel": (P.MANAGE_DATA, None),
    "GET products/<slug:product>/imports/<run>/report": (P.MANAGE_DATA, None),
    "GET products/<slug:product>/quarantine": (P.MANAGE_DATA, None),
    "POST products/<slug:product>/quarantine/replay": (P.MANAGE_DATA, {}),
    "GET products/<slug:product>/analyses": (P.VIEW, None),
    "GET products/<slug:product>/analyses/<analysis>": (P.VIEW, None),
    "GET products/<slug:product>/dashboards": (P.VIEW, None),
    "GET products/<slug:product>/dashboards/<dashboard>": (P.VIEW, None),
}
"""Operations on one product: what they need, and a body that they take."""
API_OWN = ("GET analyses", "GET products", "POST query/cancel")
"""Of the caller alone."""
API_ADMIN = ("POST products",)
API_LOCAL = ("POST products/<slug:product>/imports/from-path",)
"""For the server's own machine; refused to all tokens (tested beside it)."""
API_PUBLIC = ("GET health",)


def walk(resolver: Any, at: str = "", namespace: str = "") -> Iterator[tuple[str, str, Any]]:
    """(namespace:name, pattern, view) of every address."""
    for each in resolver.url_patterns:
        pattern = at + str(each.pattern)
        if isinstance(each, URLResolver):
            inner = ":".join(filter(None, (namespace, each.namespace)))
            yield from walk(each, pattern, inner)
        elif isinstance(each, URLPattern):
            yield ":".join(filter(None, (namespace, each.name))), pattern, each.callback


EVERY = list(walk(get_resolver()))


def operations() -> Iterator[str]:
    """`METHOD path` of every operation of the API."""
    from userops.api.app import api

    for prefix, router in api._routers:
        for path, view in router.path_operations.items():
            for operation in view.operations:
                joined = f"{prefix.strip('/')}/{path.strip('/')}".strip("/").replace("{", "<")
                for method in operation.methods:
                    yield f"{method} {joined.replace('}', '>')}"


def test_every_address_is_listed():
    listed = {*PAGES, *WORKSPACE, *MEMBERS, *PUBLIC}
    unknown = {
        name or pattern
        for name, pattern, view in EVERY
        if name not in listed
        and not name.startswith((*ALLAUTH, "api:"))
        and getattr(view, "__module__", "") != CAPTURE
        and not pattern.startswith("api/")
    }
    assert not unknown, f"say in tests/test_permissions.py who may open these: {sorted(unknown)}"
    gone = listed - {name for name, _pattern, _view in EVERY}
    assert not gone, f"no such address any more: {sorted(gone)}"


def test_every_operation_is_listed():
    listed = {*API, *API_OWN, *API_ADMIN, *API_LOCAL, *API_PUBLIC}
    assert set(operations()) == listed


@pytest.fixture
def cast(make_user: Any, product: Any, make_product: Any) -> dict[str, Any]:
    """One member of each role, and a stranger who leads another product."""
    members = {role.value: make_user(role.value, product) for role in Role}
    return {**members, "stranger": make_user("lead", make_product())}


def address(pattern: str, slug: str) -> str:
    """A pattern with things that are not there (but the product is)."""
    values = {"product": slug, "slug": slug, "extension": "csv", "group": "active"}
    parts = []
    for part in pattern.strip("^$").split("/"):
        before, mark, rest = part.partition("<")
        if mark:
            inner, _mark, after = rest.partition(">")
            name = inner.split(":")[-1]
            part = f"{before}{values.get(name, '987654321')}{after}"
        parts.append(part)
    return "/" + "/".join(parts)


def ask(client: Client, url: str) -> Any:
    answer = client.get(url)
    return client.post(url) if answer.status_code == 405 else answer


@pytest.mark.parametrize("name", sorted(PAGES))
def test_pages_of_a_product(name, cast, product, client):
    pattern = next(pattern for each, pattern, _view in EVERY if each == name)
    url = address(pattern, product.slug)
    anonymous = ask(client, url)
    assert anonymous.status_code == 302 and "/accounts/login/" in anonymous.url
    for who, user in cast.items():
        client.force_login(user)
        status = ask(client, url).status_code
        if who == "stranger":
            assert status == 404, who
        elif PAGES[name] in GRANTS[Role(who)]:
            assert status not in (401, 403, 405) and status < 500, (who, status)
        else:
            assert status == 403, (who, status)


@pytest.mark.parametrize("name", [*WORKSPACE, *MEMBERS])
def test_pages_of_the_workspace(name, cast, product, client):
    pattern = next(pattern for each, pattern, _view in EVERY if each == name)
    url = address(pattern, product.slug)
    anonymous = ask(client, url)
    assert anonymous.status_code == 302 and "/accounts/login/" in anonymous.url
    for who, user in cast.items():
        client.force_login(user)
        status = ask(client, url).status_code
        if name in MEMBERS or who == "admin":
            assert status not in (401, 403, 405) and status < 500, (who, status)
        else:
            assert status == 403, (who, status)


def call(client: Client, operation: str, body: Any, slug: str) -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    method, path = operation.split(" ", 1)
    url = "/api" + address(path, slug)
    if body == "file":
        return client.post(url, {"user": "u", "file": SimpleUploadedFile("a.exe", b"x")})
    text = json.dumps(body).replace("SLUG", slug)
    content = {"data": text, "content_type": "application/json"} if body is not None else {}
    return getattr(client, method.lower())(url, **content)


@pytest.fixture
def clients(cast: dict[str, Any]) -> dict[str, Client]:
    from userops.workspace import actions
    from userops.workspace.models import Scope

    def client(user: Any) -> Client:
        made = actions.create_token(name="t", scopes=list(Scope), days=1, acting_user=user)
        return Client(headers={"Authorization": f"Bearer {made[1]}"})

    return {who: client(user) for who, user in cast.items()}


@pytest.mark.parametrize("operation", sorted(API))
def test_operations_on_a_product(operation, clients, product, make_user):
    from userops.api.auth import SCOPES
    from userops.workspace import actions
    from userops.workspace.models import Scope

    permission, body = API[operation]
    assert call(Client(), operation, body, product.slug).status_code == 401
    for who, client in clients.items():
        answer = call(client, operation, body, product.slug)
        if who == "stranger":
            assert answer.status_code == 404, who
            assert answer.json()["error"]["code"] == "product_not_found"
        elif permission in GRANTS[Role(who)]:
            assert answer.status_code not in (401, 403, 405, 422), (who, answer.content)
            assert answer.status_code < 500, (who, answer.content)
        else:
            assert answer.status_code == 403, (who, answer.content)
    others = [scope for scope in Scope if scope != SCOPES[permission]]
    admin = make_user("admin")
    lesser = actions.create_token(name="t", scopes=others, days=1, acting_user=admin)[1]
    narrow = Client(headers={"Authorization": f"Bearer {lesser}"})
    refused = call(narrow, operation, body, product.slug)
    assert refused.json()["error"]["code"] == "scope_missing"


def test_operations_beside_the_products(clients, product):
    made = {"slug": "new", "name": "New"}
    for operation in (*API_OWN, *API_ADMIN):
        body = made if operation in API_ADMIN else {"query_id": "q"}
        body = None if operation.startswith("GET") else body
        assert call(Client(), operation, body, product.slug).status_code == 401
        for who, client in clients.items():
            status = call(client, operation, body, product.slug).status_code
            # who administers one product only does not make others
            assert status == 403 if operation in API_ADMIN else status < 300, (who, operation)
