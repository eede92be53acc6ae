"""The inbox: filters, pages, many at once, views, files, prepared words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from userops.errors import NotAllowed, Refused
from userops.feedback.inbox import actions, listing
from userops.feedback.inbox.filters import Filters
from userops.feedback.inbox.models import Macro, SavedView
from userops.feedback.inbox.replying import filled
from userops.feedback.sorting.actions import change_category, create_category, create_team
from userops.feedback.tickets.actions import Change, change_ticket
from userops.feedback.tickets.models import Ticket, TicketEvent


@pytest.fixture
def lead(make_user, product):
    return make_user("lead", product)


def shown(filters, product, user):
    return [each.number for each in listing.page(filters, product, user).rows]


def test_filters(product, agent, lead, make_ticket):
    refund = create_category(product, name="退款", acting_user=lead)
    late = create_category(product, name="到账慢", parent=refund.pk, acting_user=lead)
    team = create_team(product, name="支付组", members=[agent.pk], acting_user=lead)
    one = make_ticket("退款", severity="urgent", complaint=True, channel="mail")
    two, three = make_ticket("登录不上"), make_ticket("建议增加夜间模式")
    change_ticket(one, Change(category=late.pk, owner=agent.pk), acting_user=agent)
    change_ticket(two, Change(team=team.pk, sentiment="negative"), acting_user=agent)
    change_ticket(three, Change(status="solved"), acting_user=agent)
    Ticket.objects.filter(pk=one.pk).update(due=datetime.now(UTC) - timedelta(hours=1))

    def found(**given):
        return sorted(shown(Filters.read(given), product, agent))

    assert found() == [1, 2] and found(status="all") == [1, 2, 3] and found(status="solved") == [3]
    assert found(owner="me") == [1] and found(owner="none") == [2]
    assert found(team="me") == found(team=str(team.pk)) == [2]
    assert found(category=str(refund.pk)) == found(category=str(late.pk)) == [1]
    assert found(category="none") == [2] and found(category="999") == []
    assert found(severity="urgent") == found(complaint="yes") == found(channel="mail") == [1]
    assert found(sentiment="negative") == [2] and found(late="yes") == [1]
    assert found(order="due") == [1] and found(q="退款") == [1] and found(q="退款 登录") == []
    # what is not understood is left out
    assert found(status="x", owner="'; drop", category="9" * 40, order="-pk") == [1, 2]


def test_a_user_is_found_by_contact_and_id_by_those_alone_who_may_see_them(
    product, agent, make_ticket, make_user
):
    partner = make_user("partner", product)
    make_ticket("退款", email="Li@Example.com", distinct_id="u-1")
    make_ticket("登录不上", phone="+86 138-0013-8000")
    make_ticket("闪退，请回 li@example.com")

    def found(q, user=agent):
        return sorted(shown(Filters(q=q), product, user))

    assert found("li@example.com") == [1, 3] and found("LI@example.com") == [1, 3]
    assert found("13800138000") == found("138 0013 8000") == found("+8613800138000") == [2]
    assert found("u-1") == [1]
    # a part finds nobody: neither does a pattern
    assert found("li@example.co") == [3] and found("1380013800") == found("%") == found("u-_") == []
    # what a user wrote is words, which partners may read; whence it came is masked, and not to be probed
    assert found("li@example.com", partner) == [3]
    assert found("13800138000", partner) == found("u-1", partner) == []


def test_a_user_is_found_by_any_id_of_the_person(product, agent, make_ticket):
    from userops.events.models import UserId

    UserId.objects.create(product=product, uid=7, distinct_id="device-7")
    ticket = make_ticket("退款", distinct_id="u-7")
    Ticket.objects.filter(pk=ticket.pk).update(person=7)
    assert shown(Filters(q="device-7"), product, agent) == [1]


def test_the_address_and_the_filters_agree():
    filters = Filters(q="退款 a&b", status="all", owner="me", order="due")
    from urllib.parse import parse_qsl

    assert Filters.read(dict(parse_qsl(filters.query()))) == filters
    assert Filters().query() == "" and not Filters(order="due").narrow


def test_a_program_is_told_what_a_filter_does_not_understand():
    good = {"status": "all", "owner": "me", "category": "12", "order": "due", "late": "yes"}
    assert Filters.exactly(good) == Filters.read(good)
    for name, value in (
        ("status", "opn"),
        ("severity", "huge"),
        ("owner", "x"),
        ("order", "newest"),
    ):
        with pytest.raises(Refused, match=f"{name} is one of .* got '{value}'"):
            Filters.exactly({name: value})


@pytest.mark.parametrize("order", ["updated", "opened", "due"])
def test_pages_hold_every_ticket_once_in_order(order, product, agent, make_ticket):
    base = datetime(2026, 1, 1, tzinfo=UTC)
    for number in range(23):
        ticket = make_ticket(str(number))
        # many of one moment: the key decides
        at = base + timedelta(hours=number // 4)
        Ticket.objects.filter(pk=ticket.pk).update(updated=at, opened=at, due=at)
    seen: list[Ticket] = []
    after = ""
    while True:
        found = listing.page(Filters(order=order), product, agent, after=after, limit=5)
        assert found.total == 23
        seen += found.rows
        after = found.after
        if not after:
            break
    column, _key = listing.ORDERS[order]
    expected = Ticket.objects.order_by(column, "-pk" if column.startswith("-") else "pk")
    assert seen == list(expected)
    assert listing.page(Filters(), product, agent, after="nonsense").rows


def test_many_at_once_each_whole_or_not(product, agent, make_ticket):
    from userops.feedback.tickets.actions import merge

    one, two, three = make_ticket("a"), make_ticket("b"), make_ticket("c")
    merge(one, [two], acting_user=agent)
    outcome = actions.change_many(
        product, [1, 2, 3, 99], Change(status="solved"), acting_user=agent
    )
    assert outcome.done == (1, 3) and list(outcome.refused) == [2]
    with pytest.raises(Refused):
        actions.change_many(product, list(range(501)), Change(), acting_user=agent)
    assert three.number in outcome.done


def test_views_are_of_their_owner(product, agent, lead, make_user):
    view = actions.save_view(product, "我的", Filters(owner="me"), acting_user=agent)
    actions.save_view(product, "我的", Filters(owner="none"), shared=True, acting_user=agent)
    (view,) = SavedView.objects.all()
    assert view.query == "owner=none" and view.shared
    with pytest.raises(NotAllowed):
        actions.delete_view(view, acting_user=make_user("operator", product))
    actions.delete_view(view, acting_user=lead)


def test_macros_and_variables(product, agent, lead, make_ticket):
    with pytest.raises(NotAllowed):
        actions.save_macro(product, name="x", reply="y", acting_user=agent)
    for wrong in ({}, {"reply": "{{nmae}}"}, {"change": {"colour": 1}}):
        with pytest.raises(Refused):
            actions.save_macro(product, name="x", **wrong, acting_user=lead)
    macro = actions.save_macro(
        product,
        name="退款已处理",
        reply="{{ name }}，您好：工单 {{number}} 已处理。{{agent}}",
        text="已核对",
        change={"status": "solved"},
        acting_user=lead,
    )
    assert not macro.canned
    ticket = make_ticket(name="王小明")
    agent.name = "客服小李"
    agent.save()
    assert filled(macro.reply, ticket, agent) == "王小明，您好：工单 1 已处理。客服小李"
    actions.run_macro(macro, ticket, acting_user=agent)
    ticket.refresh_from_db()
    assert ticket.status == "solved" and ticket.messages.count() == 3
    broken = Macro.objects.create(product=product, name="y", note="n", change={"owner": 10**9})
    with pytest.raises(Refused):
        actions.run_macro(broken, ticket, acting_user=agent)
    assert ticket.messages.count() == 3, "all of it or nothing"


def test_a_branch_moves_whole(product, lead):
    pay = create_category(product, name="支付", acting_user=lead)
    refund = create_category(product, name="退款", parent=pay.pk, acting_user=lead)
    slow = create_category(product, name="慢", parent=refund.pk, acting_user=lead)
    change_category(pay, name="支付问题", parent=None, team=None, acting_user=lead)
    slow.refresh_from_db()
    assert slow.path == "支付问题 / 退款 / 慢"
    pay.refresh_from_db()
    with pytest.raises(Refused):
        change_category(pay, name="支付问题", parent=slow.pk, team=None, acting_user=lead)
    with pytest.raises(Refused):
        create_category(product, name="退款", parent=pay.pk, acting_user=lead)


def test_pages(client, product, agent, lead, make_ticket, make_user):
    one, two = make_ticket("退款失败", name="王", email="wang@example.com"), make_ticket("登录")
    base = f"/p/{product.slug}/feedback"
    client.force_login(agent)
    text = client.get(f"{base}/inbox").content.decode()
    assert "退款失败" in text and "登录" in text
    fragment = client.get(f"{base}/inbox", headers={"HX-Request": "true"}).content.decode()
    assert "退款失败" in fragment and "<html" not in fragment
    form = {"ticket": ["1", "2"], "field": "owner", "value": "me", "query": "owner=none"}
    answer = client.post(f"{base}/inbox/many", form)
    assert answer.status_code == 302 and answer.url.endswith("?owner=none")
    assert set(Ticket.objects.values_list("owner", flat=True)) == {agent.pk}
    client.post(f"{base}/inbox/views", {"name": "我的", "query": "owner=me", "shared": "on"})
    assert "我的" in client.get(f"{base}/inbox").content.decode()
    whole = client.get(f"{base}/inbox/tickets.csv").content.decode()
    assert "wang@example.com" not in whole and "wa************om" in whole
    client.force_login(lead)
    assert "wang@example.com" in client.get(f"{base}/inbox/tickets.csv").content.decode()
    assert client.get(f"{base}/inbox/tickets.xlsx").status_code == 200
    assert client.get(f"{base}/inbox/tickets.pdf").status_code == 404
    client.post(f"{base}/macros/save", {"name": "好", "reply": "{{name}}您好", "status": ""})
    assert "好" in client.get(f"{base}/macros").content.decode()
    assert client.get(f"{base}/macros/{Macro.objects.get().pk}").status_code == 200
    wrong = client.post(f"{base}/macros/save", {"name": "坏", "reply": "{{x}}"})
    assert wrong.status_code == 200 and "{{x}}" in wrong.content.decode()
    client.post(f"{base}/sorting/category", {"name": "退款", "keywords": "退款，退钱"})
    client.post(f"{base}/sorting/team", {"name": "支付组", "member": [agent.pk]})
    assert "支付组" in client.get(f"{base}/sorting").content.decode()
    assert one.number == 1 and two.number == 2


def test_news_are_rows_that_changed_where_they_belong(
    client, product, agent, make_ticket, monkeypatch
):
    # where writers overlap, what is young is told again: not here
    monkeypatch.setattr("userops.feedback.inbox.news.OPEN", timedelta(0))
    one, _two, three = make_ticket("退款"), make_ticket("登录"), make_ticket("闪退")
    client.force_login(agent)
    address = f"/p/{product.slug}/feedback/inbox/news"
    since = TicketEvent.objects.latest("pk").pk
    assert client.get(address, {"since": since}).status_code == 204
    change_ticket(one, Change(subject="退款 <五天>", severity="urgent"), acting_user=agent)
    change_ticket(three, Change(status="solved"), acting_user=agent)
    told = client.get(address, {"since": since}).json()
    assert [each["number"] for each in told["rows"]] == [1] and told["gone"] == [3]
    assert "退款 &lt;五天&gt;" in told["rows"][0]["html"] and told["counts"]["all"] == "2"
    assert client.get(address, {"since": told["since"]}).status_code == 204
    # another list holds other rows, in the order of its places
    everything = client.get(address, {"since": since, "status": "all", "order": "opened"}).json()
    places = {each["number"]: each["place"] for each in everything["rows"]}
    assert set(places) == {1, 3} and places[1] < places[3] and everything["gone"] == []
    found = client.get(address, {"since": since, "owner": "me", "q": "退款"}).json()
    assert found["rows"] == [] and found["gone"] == [1, 3]
    # too much to tell, or nothing to tell it from: the list is read anew
    TicketEvent.objects.bulk_create(
        TicketEvent(ticket=one, at=one.opened, kind="noted") for _ in range(201)
    )
    assert client.get(address, {"since": since}).json() == {"anew": True}
    assert client.get(address, {"since": "x"}).json() == {"anew": True}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_rows_show_the_clock_that_is_due_next(language, product, make_ticket):
    from django.utils import translation

    from userops.feedback.clocks.models import Clock
    from userops.feedback.inbox.rows import Rows

    now = datetime.now(UTC)
    late, warned, paused = make_ticket("a"), make_ticket("b"), make_ticket("c")
    Clock.objects.all().delete()
    hour = timedelta(hours=1)
    for ticket, started, due in ((late, 9, -2), (warned, 9, 1), (paused, 1, 8)):
        Clock.objects.create(
            ticket=ticket, kind="first", number=1, started=now - started * hour, target=60,
            due=now + due * hour, state="running", paused_since=now if ticket == paused else None,
        )  # fmt: skip
    with translation.override(language):
        rows = Rows(product, "updated", see_contacts=False).of([late, warned, paused])
    chinese = language != "en"
    for row, tone, words in zip(
        rows,
        ("bad", "warn", ""),
        ("已超时", "小时后", "已暂停") if chinese else ("overdue", "in 1 hour", "stands still"),
        strict=True,
    ):
        assert f'badge-state {tone}" title=' in row.html and words in row.html


def test_formulas_in_a_file_are_no_formulas(client, product, lead, make_ticket):
    make_ticket("=cmd|' /C calc'!A0", name="x")
    client.force_login(lead)
    text = client.get(f"/p/{product.slug}/feedback/inbox/tickets.csv").content.decode()
    assert "'=cmd" in text and "\n=cmd" not in text


def test_saving_a_macro_by_its_form_keeps_what_the_form_does_not_show(client, product, make_user):
    lead = make_user("lead", product)
    change = {"owner": lead.pk, "complaint": True, "severity": "high"}
    macro = Macro.objects.create(product=product, name="加急", reply="好", change=change)
    client.force_login(lead)
    given = {
        "macro": macro.pk,
        "name": "加急",
        "reply": "收到",
        "severity": "urgent",
        "status": "open",
    }
    assert client.post(f"/p/{product.slug}/feedback/macros/save", given).status_code == 302
    macro.refresh_from_db()
    assert macro.reply == "收到"
    assert macro.change == {
        "owner": lead.pk, "complaint": True, "severity": "urgent", "status": "open",
    }  # fmt: skip
