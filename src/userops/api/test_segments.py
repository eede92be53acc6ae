"""Segments by the API: kept, counted, read page by page, at a past day, masked."""

from __future__ import annotations

import pytest
from django.test import Client

from userops.audience.segments.masking import masked
from userops.audience.segments.test_actions import BUYERS, send
from userops.workspace import actions
from userops.workspace.models import Scope


@pytest.fixture
def as_role(make_user, product):
    def client(role: str) -> Client:
        user = make_user(role, product)
        made = actions.create_token(name="t", scopes=list(Scope), days=1, acting_user=user)
        return Client(headers={"Authorization": f"Bearer {made[1]}"})

    return client


def test_a_segment_from_its_making_to_its_end(store, product, as_role):
    send(store, product, ("ann-long-id", "buy"), ("bob-long-id", "view"), ("cat-long-id", "buy"))
    at, api = f"/api/products/{product.slug}/segments", as_role("lead")

    def post(path, body=None, method="post"):
        return getattr(api, method)(at + path, body or {}, content_type="application/json")

    exact = {"size": 2, "everyone": 3, "share": 2 / 3, "interval": None, "asked": None}
    exact["past"] = None
    assert post("/count", BUYERS).json() == exact
    made = post("", {"name": "买家", **BUYERS}).json()
    one = f"/{made['id']}"
    assert (made["size"], made["fact"], made["frozen"]) == (2, f"$segment/{made['id']}", False)
    assert api.get(at).json()["total"] == 1
    users = api.get(f"{at}{one}/users?limit=1&offset=1").json()
    assert (users["total"], [each["id"] for each in users["items"]]) == (2, ["cat-long-id"])
    assert api.get(f"{at}{one}/users?day=2020-01-01").json() == {"total": 0, "items": []}
    hidden = as_role("operator").get(f"{at}{one}/users").json()["items"]
    assert [each["id"] for each in hidden] == [masked("ann-long-id"), masked("cat-long-id")]
    uploaded = post("/lists", {"name": "八月", "ids": ["bob-long-id", "nobody"]}).json()
    assert (uploaded["users"], uploaded["unknown"]) == (1, 1)
    where = {"who": "list", "list": "八月"}
    for path, body in (("/count", {"where": where}), ("", {"name": "n", "where": where})):
        assert post(path, body).json()["error"]["code"] == "list_not_found"
    later = post("/count", {**BUYERS, "day": "9999-01-01"}).json()["error"]
    assert later["code"] == "day_invalid" and "9999-01-01" in later["message_en"]
    assert api.get(f"{at}{one}/users?day=9999-01-01").status_code == 400
    where = {"who": "list", "list": uploaded["list"]}
    assert post(one, {"where": where, "name": "名单"}, "patch").json()["size"] == 1
    assert post(one, {"frozen": True}, "patch").json()["frozen"] is True
    assert post(f"{one}/refresh").json()["size"] == 1
    assert api.get(f"{at}{one}/sizes").json()["items"][-1]["size"] == 1
    assert post(f"{one}/hook", {"address": "http://127.0.0.1/"}, "put").status_code == 400
    assert api.delete(at + one).status_code == 204
    assert api.get(at + one).status_code == 404
