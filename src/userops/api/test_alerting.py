"""Alerts and channels through the API, and `userops alerts` by its errands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest


@pytest.fixture
def saved(product, make_user, client):
    from userops.insights.actions import save_analysis

    lead = make_user("lead", product)
    client.force_login(lead)
    document = {"kind": "trend", "series": [{"event": "pay"}]}
    return save_analysis(product, document, "支付", acting_user=lead)


def test_from_making_to_deleting(saved, product, client, store):
    base = f"/api/products/{product.slug}/alerts"
    json = "application/json"
    wanted = {
        "analysis": saved.pk,
        "name": "支付",
        "kind": "threshold",
        "rule": "above",
        "limit": 5,
    }
    made = client.post(base, wanted, content_type=json).json()
    one = f"{base}/{made['id']}"
    assert (made["analysis"], made["limit"], made["active"]) == (saved.pk, 5, True)
    changed = client.put(one, {"name": "低", "kind": "threshold", "limit": 1}, content_type=json)
    assert (changed.json()["rule"], changed.json()["limit"]) == ("below", 1)
    until = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    assert client.patch(one, {"snoozed_until": until}, content_type=json).json()["snoozed_until"]
    past = client.patch(one, {"snoozed_until": "2020-01-01T00:00:00Z"}, content_type=json)
    assert past.json()["error"]["code"] == "snooze_invalid"
    (check,) = client.post(f"{one}/check").json()
    assert (check["value"], check["event"], check["told"]) == (0, "fired", False)
    assert client.post(f"{one}/check").json() == []
    assert client.get(f"{one}/checks").json()["total"] == 1
    assert client.get(base).json()["items"][0]["outside_since"] == check["period"]
    assert client.post(f"{one}/test").status_code == 204
    assert client.delete(one).status_code == 204 and client.get(one).status_code == 404


def test_channels_never_answer_their_address(product, saved, client):
    base = f"/api/products/{product.slug}/channels"
    body = {"name": "群", "address": "jsons://example.com/a-secret-that-is-long-enough"}
    made = client.post(base, body, content_type="application/json").json()
    assert made["shown"] == "jsons://…ough" and "address" not in made
    assert client.get(base).json()["items"] == [made]
    assert client.delete(f"{base}/{made['id']}").status_code == 204


def test_errands_of_the_command(product, saved, store, client):
    from userops.errors import NotFound
    from userops.maintenance.errands import ERRANDS

    base = f"/api/products/{product.slug}/alerts"
    wanted = {
        "analysis": saved.pk,
        "name": "支付",
        "kind": "threshold",
        "rule": "below",
        "limit": 5,
    }
    client.post(base, wanted, content_type="application/json")
    (row,) = ERRANDS["alerts"](store, product=product.slug)
    assert (row["name"], row["last"], row["outside_since"]) == ("支付", None, "")
    (found,) = ERRANDS["alerts-check"](store, product=product.slug)
    assert (found["alert"], found["event"]) == ("支付", "fired")
    assert ERRANDS["alerts-check"](store, product=product.slug, alert=row["id"]) == []
    with pytest.raises(NotFound):
        ERRANDS["alerts-check"](store, product=product.slug, alert=10**9)
