"""Every address × every role, as `who_may.py` says.

Anonymous readers are sent to the log-in (401 by the API), strangers see nothing (404), and a role
without the permission is refused (403).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.who_may import (
    ALLAUTH,
    API,
    API_ADMIN,
    API_LOCAL,
    API_OWN,
    API_PUBLIC,
    CAPTURE,
    MEMBERS,
    PAGES,
    PUBLIC,
    WORKSPACE,
)
from userops.workspace.roles import GRANTS, Role


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
    assert not unknown, f"say in tests/who_may.py who may open these: {sorted(unknown)}"
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
    if body in ("file", "file alone"):
        fields = {"user": "u"} if body == "file" else {}
        return client.post(url, {**fields, "file": SimpleUploadedFile("a.exe", b"x")})
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


def test_operations_for_this_machine_only(clients, product):
    for operation, body in API_LOCAL.items():
        assert call(Client(), operation, body, product.slug).status_code == 401
        answer = call(clients["admin"], operation, body, product.slug)
        assert answer.status_code == 403 and answer.json()["error"]["code"] == "local_only"
