from __future__ import annotations

import base64
import gzip
import json
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from userops import config
from userops.collect import capture_view
from userops.errors import StoreFailed
from userops.events.models import QuarantinedRow, WriteKey
from userops.words import Words

VIEW = {"event": "view", "user": "u1", "uuid": "018f4c8e-1b7a-7c3e-9d2f-3a5b6c7d8e9f"}
FORM = "application/x-www-form-urlencoded"
ORIGIN = "https://shop.example"


@pytest.fixture
def key(product: Any) -> str:
    capture_view.KEYS.forget()
    return WriteKey.objects.create(product=product, name="web").key


@pytest.fixture
def client() -> Client:
    return Client(enforce_csrf_checks=True)


def post(client: Client, url: str, body: Any, **headers: str) -> Any:
    data = body if isinstance(body, bytes) else json.dumps(body)
    return client.post(url, data, content_type="application/json", headers=headers)


def events_of(store: Any, product: Any) -> list[tuple[Any, ...]]:
    sql = "select event, source from events where product = {product:UInt32} order by event"
    return [tuple(row) for row in store.engine.rows(sql, {"product": product.pk})]


def test_an_event_is_stored_once(client: Client, store: Any, product: Any, key: str) -> None:
    first = post(client, "/v1/events", VIEW, authorization=f"Bearer {key}", origin=ORIGIN)
    assert first.status_code == 200
    assert first.json() == {"stored": 1, "duplicates": 0, "refused": 0, "refusals": []}
    assert first["Access-Control-Allow-Origin"] == ORIGIN
    again = post(client, "/v1/events/", VIEW, authorization=f"Bearer {key}")
    assert again.json()["duplicates"] == 1
    assert events_of(store, product) == [("view", "native")]
    assert WriteKey.objects.get(key=key).last_used is not None


def test_every_door(client: Client, store: Any, product: Any, key: str) -> None:
    basic = "Basic " + base64.b64encode(f"{key}:".encode()).decode()
    hog = {"api_key": key, "batch": [{"event": "hog", "distinct_id": "u"}]}
    seg = {"userId": "u", "event": "seg"}
    sa = json.dumps({"type": "track", "event": "sa", "distinct_id": "u", "time": 1_780_000_000_000})
    form = {"data": base64.b64encode(gzip.compress(sa.encode())).decode(), "gzip": "1"}
    assert post(client, "/batch/", gzip.compress(json.dumps(hog).encode())).status_code == 200
    assert post(client, "/v1/track", seg, authorization=basic).json() == {"success": True}
    told = client.post(f"/sa?token={key}", urlencode(form), content_type=FORM)
    assert (told.status_code, told.content) == (200, b"")
    pixel = client.get("/sa.gif", {"token": key, "data": form["data"]})
    assert pixel["Content-Type"] == "image/gif"
    assert events_of(store, product) == [("hog", "posthog"), ("sa", "sensors"), ("seg", "segment")]


def test_refusals_go_to_the_quarantine(client: Client, store: Any, product: Any, key: str) -> None:
    told = post(client, f"/v1/events?key={key}", [VIEW, {"event": "x"}])
    assert (told.status_code, told.json()["refused"]) == (200, 1)
    assert post(client, f"/v1/events?key={key}", b"{").status_code == 400
    codes = QuarantinedRow.objects.filter(product=product).values_list("code", "door")
    assert set(codes) == {("user_missing", "native"), ("json_invalid", "native")}


def test_keys(client: Client, store: Any, product: Any, key: str) -> None:
    assert post(client, "/v1/events", VIEW).json()["error"]["code"] == "write_key_missing"
    unknown = post(client, "/v1/events?key=wk_no", VIEW, origin=ORIGIN)
    assert (unknown.status_code, unknown.json()["error"]["code"]) == (401, "write_key_unknown")
    assert unknown["Access-Control-Allow-Origin"] == ORIGIN
    assert post(client, f"/v1/events?key={key}", VIEW).status_code == 200
    row = WriteKey.objects.get(key=key)
    row.revoked = row.created
    row.save()
    assert post(client, f"/v1/events?key={key}", VIEW).status_code == 401
    assert client.get(f"/array/{key}/config").status_code == 401


def test_a_refused_key_leaves_nothing(client: Client, store: Any, product: Any) -> None:
    post(client, "/v1/events?key=wk_no", [VIEW, {}])
    assert not QuarantinedRow.objects.filter(product=product).exists()


def test_preflight(client: Client) -> None:
    told = client.options(
        "/e/",
        headers={
            "origin": ORIGIN,
            "access-control-request-method": "POST",
            "access-control-request-headers": "content-type",
        },
    )
    assert told.status_code == 204
    assert told["Access-Control-Allow-Origin"] == ORIGIN
    assert told["Access-Control-Allow-Headers"] == "content-type"


def test_methods(client: Client, store: Any, key: str) -> None:
    assert client.get(f"/v1/events?key={key}").status_code == 405
    assert client.put("/sa").status_code == 405


def test_settings_for_posthog(client: Client, store: Any, key: str) -> None:
    script = client.get(f"/array/{key}/config.js")
    assert script["Content-Type"] == "application/javascript"
    assert post(client, "/flags/?v=2", {"token": key}).json()["flags"] == {}


def test_a_key_that_sends_too_fast_waits(
    client: Client, store: Any, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = replace(config.current(), rate_per_key=10)
    monkeypatch.setattr(capture_view.config, "current", lambda: slow)
    batch = [{"event": "view", "user": f"u{n}"} for n in range(35)]
    assert post(client, f"/v1/events?key={key}", batch).status_code == 200
    told = post(client, f"/v1/events?key={key}", VIEW)
    assert told.status_code == 429
    assert told["Retry-After"] in ("3", "4")
    assert told.json()["error"]["code"] == "rate_limited"
    capture_view.KEYS._known[key].filled -= 4
    assert post(client, f"/v1/events?key={key}", VIEW).status_code == 200


def test_a_body_that_is_too_large(client: Client, store: Any, key: str) -> None:
    body = b"[" + b" " * (20 * 2**20) + b"]"
    told = post(client, f"/v1/events?key={key}", body)
    assert (told.status_code, told.json()["error"]["code"]) == (413, "body_too_large")


def test_what_cannot_be_stored_is_to_be_sent_again(
    client: Client, store: Any, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise StoreFailed(Words("坏", "broken"))

    monkeypatch.setattr(store.ingest, "submit", fail)
    told = post(client, f"/v1/events?key={key}", VIEW)
    assert (told.status_code, told["Retry-After"]) == (503, "1")
    assert told.json()["error"]["code"] == "store_busy"


def test_debug_stores_nothing(client: Client, store: Any, product: Any, key: str) -> None:
    message = {"type": "track", "event": "sa", "distinct_id": "u", "time": 1_780_000_000_000}
    told = post(client, f"/debug?token={key}", message, **{"dry-run": "true"})
    assert told.status_code == 200
    assert events_of(store, product) == []
