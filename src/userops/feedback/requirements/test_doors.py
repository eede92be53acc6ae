"""Requirements by their pages, the API and rules."""

from __future__ import annotations

from typing import Any

import pytest

from userops.feedback.requirements import announcing
from userops.feedback.requirements.linking import linked_numbers
from userops.feedback.requirements.models import Announcement, Requirement
from userops.feedback.rules.actions import create_rule, switch_rule
from userops.feedback.rules.firing import work_off
from userops.feedback.tickets.models import TicketEvent


@pytest.fixture
def at(product):
    return lambda rest="": f"/p/{product.slug}/feedback/requirements{rest}"


def test_made_shipped_and_told_by_its_pages(client, product, owner, make_ticket, at, smtp):
    ticket = make_ticket("希望导出", email="a@example.com")
    client.force_login(owner)
    assert "还没有需求" in client.get(at()).content.decode()
    begun = client.get(at(f"/new?ticket={ticket.number}")).content.decode()
    assert 'value="希望导出"' in begun
    refused = client.post(at("/new"), {"title": "x", "address": "nowhere"})
    assert "http" in refused.content.decode() and 'value="nowhere"' in refused.content.decode()
    form = {"title": "导出 <b>", "ticket": ticket.number, "owner": owner.pk}
    assert client.post(at("/new"), form).url == at("/1")
    page = client.get(at("/1")).content.decode()
    assert "导出 &lt;b&gt;" in page and f"#{ticket.number}" in page
    shipped = client.post(at("/1/change"), {"do": "status", "status": "shipped", "version": "5.2"})
    assert shipped.url == at("/1/tell")
    assert not Announcement.objects.exists()
    page = client.get(at("/1/tell")).content.decode()
    assert "告知 1 位用户" in page and "你提的需求已上线：{requirement}" in page
    words = {"subject-zh-hans": "有了 {requirement}", "text-zh-hans": "见 {link}"}
    empty = client.post(at("/1/tell"), {**words, "subject-zh-hans": " "})
    assert empty.status_code == 200 and not Announcement.objects.exists()
    assert client.post(at("/1/tell"), words).url == at("/1")
    announcing.carry_out(Announcement.objects.get())
    assert "没有需要告知的用户" in client.get(at("/1/tell")).content.decode()
    assert "已告知" in client.get(at("?status=shipped")).content.decode()
    page = client.get(f"/t/{ticket.secret}?language=zh-hans").content.decode()
    assert "有了 导出 &lt;b&gt;" in page and "不再接收" in page
    assert (
        "已关闭需求上线通知"
        in client.post(
            f"/t/{ticket.secret}/news?language=zh-hans", {"do": "stop"}, follow=True
        ).content.decode()
    )
    assert (
        "需求 R1“导出 &lt;b&gt;”已上线，已告知用户"
        in client.get(f"/p/{product.slug}/feedback/inbox/{ticket.number}").content.decode()
    )
    book = client.get(at("/all.csv")).content.decode()
    assert "导出 <b>" in book and "已上线" in book


def test_many_at_once_in_the_inbox_and_one_on_its_page(
    client, product, agent, make_ticket, make_requirement, at
):
    requirement = make_requirement()
    tickets = [make_ticket() for _ in range(3)]
    client.force_login(agent)
    inbox = f"/p/{product.slug}/feedback/inbox"
    assert f'value="requirement={requirement.number}"' in client.get(inbox).content.decode()
    form = {"ticket": [each.number for each in tickets], "field": "requirement", "value": "1"}
    client.post(f"{inbox}/many", form)
    assert linked_numbers(requirement) == [each.number for each in tickets]
    form = {"do": "unlink", "requirement": "1"}
    assert client.post(at(f"/tickets/{tickets[0].number}"), form).status_code == 302
    assert linked_numbers(requirement) == [each.number for each in tickets[1:]]
    client.post(at("/1/change"), {"do": "status", "status": "shipped"})  # an operator may
    requirement.refresh_from_db()
    assert requirement.status == "shipped"
    assert client.get(at("/9")).status_code == 404


def test_the_api(client, product, owner, make_ticket, smtp):
    client.force_login(owner)
    root = f"/api/products/{product.slug}/requirements"

    def call(method: str, path: str, body: Any = None, status: int = 200) -> Any:
        found = getattr(client, method)(f"{root}{path}", body, content_type="application/json")
        assert found.status_code == status, found.content
        return found.json()

    ticket = make_ticket(email="a@example.com")
    assert call("post", "", {"title": "导出", "reference": "APP-1"})["number"] == 1
    assert call("put", "/1", {"title": "导出", "title_en": "Export"})["title_en"] == "Export"
    assert call("post", "/1/links", {"tickets": [ticket.number]})["users"] == 1
    early = call("post", "/1/announcements", {}, 400)
    assert early["error"]["code"] == "requirement_not_shipped"
    moved = call("patch", "/1", {"status": "shipped", "version": "5", "tell": True})
    assert moved["going_on"] and moved["version"] == "5"
    announcing.carry_out(Announcement.objects.get())
    found = call("get", "/1")
    assert (found["told"], found["sent"], found["not_told"]["waiting"]) == (1, {"waiting": 1}, 0)
    assert [each["number"] for each in call("get", "?status=shipped")["items"]] == [1]
    assert call("delete", f"/1/links/{ticket.number}")["users"] == 0


def test_a_rule_links(product, owner, make_ticket, make_requirement):
    requirement = make_requirement()
    contains = {"field": "text", "test": "contains", "values": ["导出"]}
    document = {
        "when": {"cause": "opened"}, "if": {"all": [contains]},
        "then": [{"do": "requirement", "value": requirement.number}],
    }  # fmt: skip
    rule = create_rule(product, "导出", document, acting_user=owner)
    switch_rule(rule, active=True, acting_user=owner)
    yes = make_ticket("能不能导出")
    make_ticket("登录不上")
    work_off()
    assert linked_numbers(requirement) == [yes.number]
    (event,) = TicketEvent.objects.filter(kind="asked")
    assert event.data["rule"]["name"] == "导出" and event.by is None
    Requirement.objects.all().delete()
    make_ticket("还要导出")
    work_off()
