"""What a caller gets wrong is told, not passed over: parameters, bodies, methods, keys."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest


@pytest.fixture
def lead(make_client, product):
    return make_client("lead", product)


def error_of(answer, status):
    assert answer.status_code == status, answer.content
    found = answer.json()["error"]
    assert found["hint_zh"] and found["hint_en"]
    return found


@pytest.mark.parametrize("path", ["events", "tickets", "ticket-categories", "topics", "macros"])
def test_a_query_parameter_that_there_is_not_is_refused(lead, product, path):
    base = f"/api/products/{product.slug}/{path}"
    assert lead.get(base).status_code == 200
    wrong = error_of(lead.get(f"{base}?limt=5"), 422)
    assert "limt" in wrong["message_zh"] and "no such parameter" in wrong["message_en"]


def test_a_parameter_that_is_given_once_is_not_given_twice(lead, product):
    base = f"/api/products/{product.slug}/events"
    assert lead.get(f"{base}?limit=5").status_code == 200
    wrong = error_of(lead.get(f"{base}?limit=5&limit=6"), 422)
    assert wrong["data"]["problems"][0] | {"zh": ""} == {
        "in": "query", "field": "limit", "zh": "", "en": "it is given once", "got": "['5', '6']",
        "type": "parameter_twice",
    }  # fmt: skip


def test_strangers_learn_nothing_of_parameters(client, product):
    assert client.get(f"/api/products/{product.slug}/events?limt=5").status_code == 401


def test_a_change_of_nothing_says_what_there_is_to_change(lead, product):
    from userops.feedback.topics.models import Topic

    topic = Topic.objects.create(product=product, name="退款", stability=1, found=datetime.now(UTC))
    path = f"/api/products/{product.slug}/topics/{topic.pk}"
    wrong = error_of(lead.patch(path, "{}", content_type="application/json"), 422)
    assert "name、dismissed" in wrong["message_zh"] and "name, dismissed" in wrong["message_en"]
    named = lead.patch(path, json.dumps({"name": "钱"}), content_type="application/json")
    assert named.json()["name"] == "钱"


@pytest.mark.parametrize("path", ["macros/9", "teams/9", "ticket-rules/9", "topics/9", "nowhere"])
def test_what_there_is_not_comes_with_a_hint(lead, product, path):
    method = lead.get if path in ("ticket-rules/9", "topics/9", "nowhere") else lead.delete
    error_of(method(f"/api/products/{product.slug}/{path}"), 404)


@pytest.mark.parametrize("path", ["/api/products", "/api/health"])
def test_a_method_that_an_address_does_not_take(lead, path):
    answer = lead.delete(path)
    assert error_of(answer, 405)["code"] == "method_not_allowed"
    assert "DELETE" not in answer["Allow"]
