"""Tickets by the API and the command line."""

from __future__ import annotations

import pytest

from userops.feedback.tickets.actions import Incoming, open_ticket
from userops.feedback.tickets.models import Ticket
from userops.maintenance.errands import ERRANDS


@pytest.fixture
def api(client, product):
    def call(method, path, body=None):
        url = f"/api/products/{product.slug}/{path}"
        if method == "get":
            return client.get(url, body or {})
        return getattr(client, method)(url, body or {}, content_type="application/json")

    return call


@pytest.fixture
def make_ticket(product):
    return lambda text, **fields: open_ticket(product, Incoming(text, **fields), acting_user=None)


def test_found_answered_changed_merged(client, api, product, make_user, make_ticket):
    lead = make_user("lead", product)
    client.force_login(lead)
    make_ticket("退款失败", phone="13800138000")
    make_ticket("退款失败了")
    make_ticket("登录")
    found = api("get", "tickets", {"q": "退款", "limit": 1}).json()
    assert found["total"] == 2 and len(found["items"]) == 1
    rest = api("get", "tickets", {"q": "退款", "limit": 1, "after": found["after"]}).json()
    assert rest["after"] == "" and rest["items"][0]["phone"] == "13800138000"
    assert api("post", "tickets/1/answers", {"text": "好", "status": "waiting"}).status_code == 200
    assert api("post", "tickets/1/notes", {"text": "记"}).status_code == 200
    changed = api("patch", "tickets/1", {"severity": "high", "owner": lead.email}).json()
    assert changed["owner"] == lead.email and changed["severity"] == "high"
    assert api("patch", "tickets/1", {"owner": None}).json()["owner"] is None
    assert api("patch", "tickets/1", {"owner": "no@example.com"}).status_code == 400
    category = api("post", "ticket-categories", {"name": "支付"}).json()
    assert api("patch", "tickets/1", {"category": category["id"]}).json()["category"] == "支付"
    assert api("delete", f"ticket-categories/{category['id']}").status_code == 400
    team = api("post", "teams", {"name": "技术", "members": [lead.pk]}).json()
    assert team["members"] == [lead.email]
    handed = api("post", "tickets/1/hand-over", {"team": team["id"], "text": "看"}).json()
    assert handed["status"] == "handed_over" and handed["team"] == "技术"
    many = api("patch", "tickets", {"tickets": [1, 3], "change": {"status": "solved"}}).json()
    assert many == {"done": [1, 3], "refused": []}
    assert api("post", "tickets/1/merge", {"tickets": [2]}).json()["number"] == 1
    assert api("get", "tickets/2").json()["merged_into"] == 1
    assert api("post", "tickets/2/unmerge").json()["merged_into"] is None
    assert api("put", "tickets/1/related/3").status_code == 204
    whole = api("get", "tickets/1").json()
    assert whole["links"] == [{"relation": "related", "kind": "ticket", "key": "3"}]
    assert [each["direction"] for each in whole["messages"]] == ["in", "out", "note", "note"]
    assert api("delete", "tickets/1/related/3").status_code == 204
    macro = api("post", "macros", {"name": "谢", "reply": "{{name}}谢谢"}).json()
    assert api("post", f"tickets/1/macros/{macro['id']}").json()["spoken"]
    assert api("put", f"macros/{macro['id']}", {"name": "谢", "reply": "{{no}}"}).status_code == 400
    assert api("delete", f"macros/{macro['id']}").status_code == 204
    assert api("get", "tickets/99").status_code == 404


def test_contacts_are_masked_for_partners(client, api, product, make_user, make_ticket):
    make_ticket("x", phone="13800138000", distinct_id="user-77")
    client.force_login(make_user("partner", product))
    (row,) = api("get", "tickets").json()["items"]
    assert row["phone"] == "13*******00" and row["distinct_id"] == "us***77"


def test_errands(store, product, make_ticket):
    make_ticket("退款")

    def ask(name, **given):
        return ERRANDS[name](store, product=product.slug, **given)

    assert ask("ticket-open", text="退款", severity="high", email="a@example.com")["number"] == 2
    assert ask("tickets", q="退款", limit=1)["total"] == 2
    assert ask("ticket-answer", ticket=1, text="好", status="solved")["status"] == "solved"
    ask("ticket-note", ticket=1, text="记")
    assert ask("ticket-change", ticket=1, severity="low")["severity"] == "low"
    ask("ticket-merge", ticket=1, others=[2])
    assert ask("ticket-show", ticket=2)["merged_into"] == 1
    ask("ticket-unmerge", ticket=2)
    assert Ticket.objects.get(number=2).merged_into is None
