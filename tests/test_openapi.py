"""The API's schema changes only on purpose; and no input, however odd, makes the API fail.

After a change that is meant: `REFRESH=1 uv run pytest tests/test_openapi.py`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from userops.analyses.registry import BY_KIND

SNAPSHOT = Path(__file__).parent / "openapi.json"


def schema() -> dict[str, Any]:
    from userops.api.app import api

    found: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(), default=str))
    found["info"]["version"] = "-"
    return found


def test_the_schema_is_as_it_was():
    now = json.dumps(schema(), indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    if os.environ.get("REFRESH"):
        SNAPSHOT.write_text(now, encoding="utf-8")
    assert now == SNAPSHOT.read_text(encoding="utf-8"), (
        "The API's schema has changed. If that is meant: REFRESH=1 uv run pytest tests/test_openapi.py"
    )


@pytest.fixture
def _kept_connection() -> Iterator[None]:
    """A real request closes its connection, with which the test's transaction would go."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def shop(store: Any, product: Any, make_user: Any) -> Any:
    from userops.events.records import Event, Refusal

    make_user("lead", product)
    events = [Event(event="e", distinct_id=f"u{n}", ts=n, uuid=uuid4()) for n in range(20)]
    refused = Refusal(code="event_missing", detail="", raw="{}")
    store.ingest.submit(product.pk, "native", events, [refused])
    return product


@pytest.mark.usefixtures("_kept_connection")
def test_no_input_makes_the_api_fail(shop, make_user, monkeypatch):
    from userops.api.app import api
    from userops.web.wsgi import application
    from userops.workspace import actions
    from userops.workspace.models import Scope

    monkeypatch.setattr(api.throttle[0], "num_requests", 10**9)
    admin = make_user("admin")
    secret = actions.create_token(name="t", scopes=list(Scope), days=1, acting_user=admin)[1]
    described = schemathesis.openapi.from_wsgi("/api/openapi.json", application)
    operations = [found.ok() for found in described.get_all_operations()]
    for operation in operations:
        _attempt(operation, {"Authorization": f"Bearer {secret}"}, shop.slug)
    assert len(operations) > 30


def _attempt(operation: Any, headers: dict[str, str], slug: str) -> None:
    """A few generated requests of one operation, at a product that is there."""

    @settings(
        max_examples=5,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(), known=st.booleans())
    def attempt(case: Any, known: bool) -> None:
        parameters = case.path_parameters or {}
        for name in parameters:
            if name == "product":
                parameters[name] = slug
            elif known:
                parameters[name] = 3
        response = case.call(headers=headers)
        assert response.status_code < 500, f"{operation.label}: {response.text[:500]}"

    attempt()


ODD = st.sampled_from(
    [None, True, -1, 0, 10**30, 1.5, "", "\x00", "\ud800", "'; drop table events", "'", "%", "e",
     "2026-02-30", "9999-12-31", "0001-01-01", "1d", "999999d", [], {}, [[]], {"x": 1}, ["e"] * 60]
)  # fmt: skip


def _places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place inside a document, deepest last."""
    if at:
        yield at
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _places(inner, (*at, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _places(inner, (*at, index))


def _changed(document: dict[str, Any], place: tuple[Any, ...], value: Any) -> dict[str, Any]:
    copy = json.loads(json.dumps(document))
    inner = copy
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    return copy


@pytest.mark.parametrize("kind", BY_KIND)
def test_no_document_makes_a_question_fail(kind, shop, make_user, client):
    """The example of an analysis with something odd somewhere in it."""
    client.force_login(make_user("admin"))
    whole = {**BY_KIND[kind].example, "product": shop.slug}
    whole.setdefault("filters", [{"property": "city", "operator": "is", "values": ["x"]}])
    places = [place for place in _places(whole) if place[0] not in ("kind", "product")]

    @settings(
        max_examples=25,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(place=st.sampled_from(places), value=ODD)
    def attempt(place: tuple[Any, ...], value: Any) -> None:
        document = _changed(whole, place, value)
        for path, body in (
            ("/api/query", document),
            ("/api/query/people", {"document": document, "selection": {"series": value}}),
        ):
            answer = client.post(path, json.dumps(body), content_type="application/json")
            assert answer.status_code < 500, f"{place} = {value!r}: {answer.content[:600]!r}"

    attempt()
