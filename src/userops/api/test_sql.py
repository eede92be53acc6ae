"""SQL by the API and by ClickHouse's HTTP interface: who may, and what is noted."""

from __future__ import annotations

import base64
import json
from typing import Any
from uuid import uuid4

import pyarrow as pa
import pytest
from django.test import Client

from userops.events.records import Event
from userops.insights.models import SqlRun
from userops.workspace.models import LogEntry, Scope
from userops.workspace.roles import GRANTS, Permission, Role


@pytest.fixture
def shop(store: Any, product: Any) -> Any:
    events = [Event(event="buy", distinct_id=f"u{n}", ts=n, uuid=uuid4()) for n in range(5)]
    store.ingest.submit(product.pk, "native", events)
    return product


def ask(client: Client, slug: str, form: str = "json", **body: Any) -> Any:
    path = f"/api/products/{slug}/sql?format={form}"
    return client.post(path, json.dumps(body), content_type="application/json")


def clickhouse(token: str, text: str, **words: str) -> Any:
    basic = base64.b64encode(f"anybody:{token}".encode()).decode()
    client = Client(headers={"Authorization": f"Basic {basic}"})
    answer = client.post("/clickhouse/", text, content_type="text/plain", query_params=words)
    answer.said = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer


@pytest.fixture
def token_of(make_user: Any, shop: Any) -> Any:
    from userops.workspace import actions

    def make(role: str, product: Any = shop, scopes: Any = tuple(Scope)) -> str:
        user = make_user(role, product)
        secret: str = actions.create_token(name="t", scopes=scopes, days=1, acting_user=user)[1]
        return secret

    return make


def test_json_csv_and_arrow(make_client: Any, shop: Any) -> None:
    lead = make_client("lead", shop)
    text = "select event, count() as n from events where event = {name:String} group by event"
    told = ask(lead, shop.slug, text=text, parameters={"name": "buy"}).json()
    assert (told["rows"], told["more"]) == ([["buy", 5]], False)
    assert told["columns"] == [
        {"name": "event", "type": "LowCardinality(String)"},
        {"name": "n", "type": "UInt64"},
    ]
    csv = ask(lead, shop.slug, "csv", text="select number from numbers(3)", limit=2)
    assert (csv.content, csv["X-UserOps-More"]) == (b"number\r\n0\r\n1\r\n", "1")
    arrow = ask(lead, shop.slug, "arrow", text="select number from numbers(3)")
    assert pa.ipc.open_stream(arrow.content).read_all().num_rows == 3


def test_it_stands_in_the_callers_history(make_client: Any, shop: Any) -> None:
    lead = make_client("lead", shop)
    ask(lead, shop.slug, text="select 1")
    ask(lead, shop.slug, text="select nope")
    runs = list(SqlRun.objects.filter(product=shop).values_list("text", "rows", "error", "door"))
    assert runs == [("select nope", 0, "sql_invalid", "api"), ("select 1", 1, "", "api")]


def test_long_lists_need_the_permission_to_export(make_client: Any, shop: Any) -> None:
    text = "select number from numbers(20000)"
    operator, analyst = make_client("operator", shop), make_client("analyst", shop)
    assert ask(operator, shop.slug, text=text, limit=10_000).status_code == 200
    assert ask(operator, shop.slug, text=text, limit=10_001).status_code == 403
    assert not LogEntry.objects.filter(action="sql.exported").exists()
    assert len(ask(analyst, shop.slug, text=text, limit=20_000).json()["rows"]) == 20_000
    assert LogEntry.objects.get(action="sql.exported").target == text


@pytest.mark.parametrize("role", list(Role))
def test_clients_need_the_permission_to_export(role: Role, token_of: Any, shop: Any) -> None:
    answer = clickhouse(token_of(role.value), "select count() from events", database=shop.slug)
    allowed = Permission.EXPORT_PEOPLE in GRANTS[role]
    assert answer.status_code == (200 if allowed else 403)
    assert answer.said == b"5\n" if allowed else b"ACCESS_DENIED" in answer.said


def test_clients_see_their_products_alone(token_of: Any, shop: Any, make_product: Any) -> None:
    other = make_product()
    token = token_of("admin")
    answer = clickhouse(token, "select 1", database=other.slug)
    assert answer.status_code == 404 and answer["X-ClickHouse-Exception-Code"] == "81"
    assert clickhouse(token, "select 1", database="nothing").said == answer.said
    assert clickhouse(token, "show databases").said == f"{shop.slug}\n".encode()
    assert clickhouse(token, "show tables from default").said == b"events\nprofiles\n"
    assert clickhouse(token, f"show tables from `{other.slug}`").status_code == 404
    assert clickhouse(token, f"select * from `{other.slug}`.events").status_code in (403, 404)


def test_clients_need_a_live_token_with_the_scope(token_of: Any, shop: Any) -> None:
    narrow = token_of("lead", scopes=[Scope.QUERY])
    assert clickhouse(narrow, "select 1").status_code == 403
    assert clickhouse("uo_wrong", "select 1").status_code == 403
    from userops.workspace.models import ApiToken

    token = token_of("lead")
    assert clickhouse(token, "select 1").status_code == 200
    ApiToken.objects.filter(digest=ApiToken.digest_of(token)).update(revoked="2026-01-01T00:00:00Z")
    assert clickhouse(token, "select 1").status_code == 403


def test_a_connection_is_noted_once_a_day(token_of: Any, shop: Any) -> None:
    token = token_of("lead")
    for _ in range(3):
        clickhouse(token, "select 1", database=shop.slug)
    assert LogEntry.objects.filter(action="sql.connected", product=shop).count() == 1


@pytest.mark.parametrize(
    "words",
    [{"max_memory_usage": "1"}, {"readonly_": "0"}, {"additional_table_filters": "{}"}, {"compress": "1"},
     {"output_format_schema": "/tmp/x"}, {"output_format_'": "1"}, {"decompress": "1"}],
)  # fmt: skip
def test_settings_that_are_not_theirs_are_refused(words: Any, token_of: Any, shop: Any) -> None:
    answer = clickhouse(token_of("lead"), "select 1", database=shop.slug, **words)
    assert answer.status_code in (403, 501), answer.said


def test_every_answer_of_a_client_has_words_of_its_own(token_of: Any, shop: Any) -> None:
    """Odd requests end in an error of ClickHouse's form, never in a page."""
    token = token_of("lead")
    for text in (
        "\0",
        "select '\0'",
        "(" * 5000,
        "select {x:Nope}",
        "show tables from `a b`",
        "describe x.y.z",
    ):
        answer = clickhouse(token, text, database=shop.slug)
        assert answer.status_code < 600 and b"<html" not in answer.said
        assert answer.status_code == 200 or answer.said.startswith(b"Code: "), text
    assert Client().get("/clickhouse/ping").content == b"Ok.\n"
    assert Client().get("/clickhouse/").content == b"Ok.\n"
    assert Client().get("/clickhouse/", {"query": "select 1"}).status_code == 401
