from __future__ import annotations

import json
from datetime import UTC, datetime
from uuid import uuid4

import pyarrow as pa
import pytest
from django.test import Client

from userops import config
from userops.api.app import api
from userops.events.records import Event
from userops.workspace.models import ApiToken

DAY = int(datetime(2026, 3, 2, tzinfo=UTC).timestamp() * 1000)


@pytest.fixture
def document(store, product):
    events = [
        Event(event="buy", distinct_id=who, ts=DAY + n, uuid=uuid4())
        for n, who in enumerate(["ann", "bob", "ann"])
    ]
    store.ingest.submit(product.pk, "native", events)
    return {
        "kind": "trend",
        "product": product.slug,
        "range": {"from": "2026-03-01", "to": "2026-03-03"},
        "unit": "day",
        "series": [{"event": "buy", "measure": "total"}],
    }


def post(client, path, body, **headers):
    return client.post(path, json.dumps(body), content_type="application/json", headers=headers)


def test_health_needs_no_token(store, client):
    answer = client.get("/api/health")
    assert answer.json()["status"] == "ready"


def test_a_question_as_json_csv_and_arrow(make_client, product, document):
    client = make_client("analyst", product, scopes=["query"])
    answer = post(client, "/api/query?query_id=mine", document).json()
    assert answer["kind"] == "trend" and answer["result"]["series"][0]["total"] == 3
    text = post(client, "/api/query?format=csv", document).content.decode()
    assert len(text.splitlines()) == 4
    stream = post(client, "/api/query", document, accept="application/vnd.apache.arrow.stream")
    assert pa.ipc.open_stream(stream.content).read_all().num_rows == 3
    assert post(client, "/api/query/cancel", {"query_id": "mine"}).status_code == 204


def test_wrong_documents_say_how_to_mend_them(make_client, product, document):
    client = make_client("analyst", product)
    wrong = post(client, "/api/query", {**document, "unit": "fortnight"})
    assert wrong.status_code == 400
    assert set(wrong.json()["error"]) >= {"code", "message", "message_zh", "message_en", "retry"}
    chinese = post(client, "/api/query", {"kind": "x"}, accept_language="zh-CN").json()["error"]
    assert chinese["message"] == chinese["message_zh"] and chinese["code"] == "kind_unknown"
    english = post(client, "/api/query", {"kind": "x"}, accept_language="en").json()["error"]
    assert english["message"] == english["message_en"]
    broken = client.post("/api/query", "{", content_type="application/json")
    assert broken.status_code == 400 and broken.json()["error"]["code"] == "json_invalid"
    assert post(client, "/api/query", []).json()["error"]["code"] == "request_invalid"


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("/count", {}, "The body is wrong at where: this field is required; got nothing."),
        ("/count", {"where": [1]}, "The body is wrong at where: expected an object; got [1]."),
        ("/count", {"where": {}, "quik": 1}, "at quik: there is no such field; got 1."),
        ("/lists", {"ids": ["a", 2]}, "The body is wrong at ids.1: expected text; got 2."),
        ("?limit=0", None, "The query is wrong at limit: must be at least 1; got '0'."),
        ("/x", None, "The address is wrong at key: expected a whole number; got 'x'."),
    ],
)
def test_wrong_requests_say_where_what_was_expected_and_what_came(
    make_client, product, path, body, said
):
    client, at = make_client("lead", product), f"/api/products/{product.slug}/segments{path}"
    answer = client.get(at) if body is None else post(client, at, body)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (422, "request_invalid")
    assert said in error["message_en"] and "/api/docs" in error["hint_en"]
    assert "不正确" in error["message_zh"] and error["data"]["problems"][0]["en"] in said


def test_who_may_ask(make_client, make_product, product, document):
    other = make_client("admin", make_product())
    assert post(other, "/api/query", document).status_code == 404
    no_scope = post(make_client("admin", product, scopes=["people"]), "/api/query", document)
    assert no_scope.status_code == 403 and no_scope.json()["error"]["code"] == "scope_missing"
    assert post(Client(), "/api/query", document).status_code == 401
    forged = Client(headers={"Authorization": "Bearer uo_x"})
    assert post(forged, "/api/query", document).json()["error"]["code"] == "not_authenticated"


def test_ended_tokens_and_removed_people(make_client, product):
    client = make_client("lead", product)
    assert client.get("/api/products").status_code == 200
    token = ApiToken.objects.get()
    assert token.last_used is not None
    for change in ({"revoked": DAY_AGO}, {"revoked": None, "expires": DAY_AGO}):
        ApiToken.objects.update(**change)
        assert client.get("/api/products").status_code == 401
    ApiToken.objects.update(expires=None)
    token.user.is_active = False
    token.user.save()
    assert client.get("/api/products").status_code == 401


DAY_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def test_pages_call_with_their_session_and_csrf(make_user, product, document):
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user("lead", product))
    assert client.get("/api/products").json()[0]["slug"] == product.slug
    assert post(client, "/api/query", document).json()["error"]["code"] == "csrf_failed"
    token = client.get("/tokens").context["csrf_token"]
    assert post(client, "/api/query", document, x_csrftoken=str(token)).status_code == 200


def test_this_machines_own_token(make_user, product, document):
    make_user("admin")
    path = config.current().data / "server.json"
    path.write_text(json.dumps({"url": "http://127.0.0.1:8000", "pid": 1, "token": "sesame"}))
    try:
        headers = {"Authorization": "Bearer sesame"}
        assert post(Client(headers=headers), "/api/query", document).status_code == 200
        far = Client(headers=headers, REMOTE_ADDR="203.0.113.9")
        assert post(far, "/api/query", document).status_code == 401
        wrong = Client(headers={"Authorization": "Bearer 芝麻"})
        assert wrong.get("/api/products").status_code == 401
    finally:
        path.unlink()
    assert post(Client(headers=headers), "/api/query", document).status_code == 401


def test_who_is_behind_a_number(make_client, product, document):
    body = {"document": document, "selection": {"series": 0, "start": "2026-03-02"}}
    found = post(make_client("analyst", product), "/api/query/people", body)
    assert found.status_code == 200, found.json()
    assert sorted(each["id"] for each in found.json()["people"]) == ["ann", "bob"]
    for role, scopes in (("partner", ["people"]), ("analyst", ["query"])):
        refused = post(make_client(role, product, scopes=scopes), "/api/query/people", body)
        assert refused.status_code == 403


def test_too_many_requests(make_client, product, monkeypatch):
    client = make_client("lead", product)
    monkeypatch.setattr(api.throttle[0], "num_requests", 2)
    codes = [client.get("/api/products").status_code for _ in range(3)]
    assert codes == [200, 200, 429]
    assert client.get("/api/products")["Retry-After"]


def test_products_keys_and_members(make_client, product):
    client = make_client("admin")
    made = post(client, "/api/products", {"slug": "app", "name": "App", "currency": "usd"})
    assert made.status_code == 201 and made.json()["currency"] == "USD"
    patch = client.patch(
        "/api/products/app", json.dumps({"name": "新"}), content_type="application/json"
    )
    assert patch.json()["name"] == "新"
    key = post(client, "/api/products/app/write-keys", {"name": "web"}).json()
    assert client.delete(f"/api/products/app/write-keys/{key['id']}").status_code == 204
    listed = client.get("/api/products/app/write-keys?limit=1&offset=1").json()
    assert listed["total"] == 2 and listed["items"][0]["revoked"]
    invited = post(client, "/api/products/app/members", {"email": "a@example.com", "role": "lead"})
    assert invited.json()["path"].startswith("/join/")
    (only,) = client.get("/api/products/app/members").json()["items"]
    assert only["everywhere"] and only["role"] == "admin"
    # who works in all products is not managed from one
    assert client.delete(f"/api/products/app/members/{only['id']}").status_code == 404


def test_docs_work_under_the_policy(client):
    page = client.get("/api/docs")
    assert page.status_code == 200 and "script-src 'self'" in page["Content-Security-Policy"]
    text = page.content.decode()
    assert "https://" not in text and "/static/ninja/swagger-ui-bundle.js" in text
