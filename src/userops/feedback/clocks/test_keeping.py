"""Clocks of real tickets: kept, recomputed, told of, counted; pages and doors."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from userops.calendars.actions import Wanted as Hours
from userops.calendars.actions import create_calendar, set_day
from userops.errors import NotAllowed, Refused
from userops.feedback.clocks import actions
from userops.feedback.clocks.actions import Wanted
from userops.feedback.clocks.alarming import tell_due
from userops.feedback.clocks.badges import badges_of
from userops.feedback.clocks.keeping import recompute_open
from userops.feedback.clocks.models import Alarm, Clock, Policy
from userops.feedback.clocks.ontime import missed_in, on_time
from userops.feedback.sorting.actions import create_category
from userops.feedback.sorting.models import Team
from userops.feedback.tickets.actions import (
    Change,
    Incoming,
    answer,
    change_ticket,
    hand_over,
    merge,
    receive,
    unmerge,
)
from userops.notices.models import Notice

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    """Of November 2026; Monday is the 23rd. All of it has passed for the tests."""
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=SHANGHAI).astimezone(UTC)


@pytest.fixture
def product(product: Any) -> Any:
    product.timezone = "Asia/Shanghai"
    product.save()
    return product


@pytest.fixture
def lead(make_user: Any, product: Any) -> Any:
    return make_user("lead", product)


@pytest.fixture
def policy(product: Any, lead: Any) -> Policy:
    return actions.create_policy(
        product, Wanted("一般", first=60, next=120, resolution=480, team=240), acting_user=lead
    )


def state(ticket: Any, kind: str = "resolution", number: int = 1) -> tuple[str, str]:
    row = Clock.objects.get(ticket=ticket, kind=kind, number=number)
    return row.state, f"{row.due.astimezone(SHANGHAI):%d %H:%M}" if row.due else "-"


def test_clocks_follow_what_happens(policy: Policy, make_ticket: Any, agent: Any) -> None:
    ticket = make_ticket(at=at("16 09:00"))
    assert state(ticket, "first") == ("running", "16 10:00")
    ticket.refresh_from_db()
    assert ticket.due == at("16 10:00")
    answer(ticket, "请提供订单号", status="waiting", at=at("16 09:30"), acting_user=agent)
    assert state(ticket, "first") == ("met", "16 10:00")
    assert state(ticket) == ("paused", "-")
    ticket.refresh_from_db()
    assert ticket.due is None
    receive(ticket, Incoming("123", at=at("16 17:00")))
    assert state(ticket, "next") == ("running", "17 10:00")
    assert state(ticket) == ("running", "17 15:30")
    answer(ticket, "已退", status="solved", at=at("17 11:00"), acting_user=agent)
    assert state(ticket, "next") == ("late", "17 10:00") and state(ticket)[0] == "met"
    receive(ticket, Incoming("没到", at=at("18 09:00")))
    assert state(ticket, number=2) == ("running", "18 17:00")
    assert Clock.objects.get(ticket=ticket, kind="resolution", number=1).reopened == at("18 09:00")


def test_policies_are_tried_in_order_and_pauses_stay_with_another_one(
    product: Any, policy: Policy, make_ticket: Any, agent: Any, lead: Any
) -> None:
    category = create_category(product, name="支付", acting_user=lead)
    below = create_category(product, name="退款", parent=category.pk, acting_user=lead)
    vip = Wanted("支付贵宾", categories=(category.pk,), tiers=("VIP",), resolution=60)
    first = actions.create_policy(product, vip, acting_user=lead)
    ticket = make_ticket(at=at("16 09:00"), category=below.pk, tier="vip")
    assert state(ticket)[1] == "16 17:00"  # the older policy fits first
    actions.move_policy(first, up=True, acting_user=lead)
    change_ticket(ticket, Change(status="waiting"), at=at("16 09:10"), acting_user=agent)
    change_ticket(ticket, Change(status="open"), at=at("16 15:00"), acting_user=agent)
    assert state(ticket)[1] == "16 15:50"
    actions.change_policy(
        first, Wanted("支付贵宾", tiers=("VIP",), resolution=120), acting_user=lead
    )
    assert recompute_open(product) == 1
    assert state(ticket)[1] == "16 16:50"
    change_ticket(ticket, Change(tier=""), acting_user=agent)
    assert state(ticket)[1] == "17 13:50"
    actions.switch_policy(policy, active=False, acting_user=lead)
    recompute_open(product)
    assert state(ticket) == ("running", "-")
    actions.delete_policy(first, acting_user=lead)
    assert [each.name for each in Policy.objects.all()] == ["一般"]


def test_a_calendar_that_changes_moves_running_clocks_only(
    product: Any, policy: Policy, make_ticket: Any, agent: Any, lead: Any
) -> None:
    row = create_calendar(product, Hours("标准"), acting_user=lead)
    ticket = make_ticket(at=at("16 17:30"))
    answer(ticket, "好", at=at("17 09:10"), acting_user=agent)
    assert state(ticket) == ("running", "17 16:30")
    set_day(row, date(2026, 11, 17), "off", acting_user=lead)
    recompute_open(product)
    assert state(ticket) == ("running", "18 16:30")
    assert state(ticket, "first") == ("met", "17 09:30")  # as it was judged then


def test_a_team_has_its_own_clock(
    product: Any, policy: Policy, make_ticket: Any, agent: Any, lead: Any
) -> None:
    team = Team.objects.create(product=product, name="技术")
    night = create_calendar(
        product, Hours("夜", week=["00:00-24:00"] * 7, region=""), acting_user=lead
    )
    actions.set_team_terms(team, calendar=night.pk, minutes=30, acting_user=lead)
    ticket = make_ticket(at=at("16 09:00"))
    hand_over(ticket, team, "请看", at=at("16 20:00"), acting_user=agent)
    assert state(ticket, "team") == ("running", "16 20:30")
    change_ticket(ticket, Change(status="open"), at=at("16 20:10"), acting_user=agent)
    assert state(ticket, "team") == ("met", "16 20:30")


def test_what_is_left_out_of_the_figure(
    product: Any, policy: Policy, make_ticket: Any, agent: Any
) -> None:
    def ticket(**fields: Any) -> Any:
        return make_ticket(at=at("16 09:00"), **fields)

    def solve(one: Any, when: str) -> None:
        change_ticket(one, Change(status="solved"), at=at(when), acting_user=agent)

    now, days = at("30 12:00"), (date(2026, 11, 16), date(2026, 11, 16))
    assert on_time(product, *days, now=now).share is None
    good, late, opened, back, spam, child = (ticket() for _ in range(6))
    solve(good, "16 17:00")  # at the very end of its time
    solve(late, "16 17:01")
    solve(back, "16 12:00")
    receive(back, Incoming("还是不行", at=at("18 12:00")))
    change_ticket(spam, Change(status="spam"), at=at("16 10:00"), acting_user=agent)
    merge(opened, [child], acting_user=agent)
    found = on_time(product, *days, now=now)
    assert (found.k, found.n) == (1, 4)
    assert (found.late, found.overdue, found.reopened) == (1, 1, 1)
    assert found.share == 0.25 and found.interval is not None
    reasons = [each.reason.en for each in missed_in(product, *days, "resolution", now, 10)]
    assert sorted(reasons) == ["Done late", "Overdue and open", "Reopened within 7 days"]
    soon = on_time(product, *days, now=at("17 12:00"))
    assert soon.provisional == 1
    before = on_time(product, *days, now=at("16 16:00"))
    assert before.pending == 1 and before.n == 3
    unmerge(child, acting_user=agent)
    assert Clock.objects.get(ticket=child, kind="resolution").state == "running"
    assert badges_of([opened, good], now)[opened.pk].tone == "bad" and good.pk not in badges_of(
        [good]
    )


def test_warnings_come_once_and_in_working_time(
    product: Any, policy: Policy, make_ticket: Any, agent: Any, lead: Any
) -> None:
    ticket = make_ticket(at=at("16 17:00"))
    change_ticket(ticket, Change(owner=agent.pk), at=at("16 17:05"), acting_user=lead)
    assert tell_due(at("16 17:29")) == 0
    assert tell_due(at("16 17:30")) == 1
    told = Notice.objects.filter(key__startswith="clock:")
    assert told.get().user == agent and tell_due(at("16 17:31")) == 0
    assert tell_due(at("16 22:00")) == 0  # 80% has passed, but nobody works now
    assert tell_due(at("17 09:00")) == 1  # of two that passed, the later one is told
    assert set(Alarm.objects.values_list("percent", flat=True)) == {50, 80, 100}
    late = told.get(user=lead)
    assert "首次响应超时" in late.title["zh"] and late.tone == "bad" and "18:00" in late.body["zh"]
    assert tell_due(at("17 09:01")) == 0
    answer(ticket, "好", at=at("17 09:05"), acting_user=agent)
    assert Clock.objects.get(ticket=ticket, kind="first").next_step is None
    assert tell_due(at("17 12:00")) == 1  # half of the time to solve it


def test_what_is_refused(product: Any, lead: Any, policy: Policy, agent: Any) -> None:
    def code(wanted: Wanted) -> str:
        with pytest.raises(Refused) as wrong:
            actions.create_policy(product, wanted, acting_user=lead)
        return str(wrong.value.code)

    assert code(Wanted("一般", first=1)) == "policy_name_taken"
    assert code(Wanted("x")) == "policy_without_target"
    assert code(Wanted("x", first=-1)) == "target_invalid"
    assert code(Wanted("x", first=1, severities=("huge",))) == "severity_unknown"
    assert code(Wanted("x", first=1, categories=(999,))) == "category_unknown"
    assert code(Wanted("x", first=1, calendar=999)) == "calendar_unknown"
    assert code(Wanted("x", first=1, steps=(actions.Step(50, ("boss",)),))) == "escalation_invalid"
    assert code(Wanted("x", first=1, steps=(actions.Step(0),))) == "escalation_invalid"
    with pytest.raises(NotAllowed):
        actions.create_policy(product, Wanted("x", first=1), acting_user=agent)


FORM = {
    "name": "紧急", "severities": ["urgent"], "tiers": "VIP，金卡", "first": "0.5", "resolution": "8",
    "percent0": "50", "tell0": ["owner"], "percent1": "100", "tell1": ["owner", "managers"],
}  # fmt: skip


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages(
    product: Any,
    policy: Policy,
    make_ticket: Any,
    agent: Any,
    lead: Any,
    client: Any,
    language: str,
) -> None:
    team = Team.objects.create(product=product, name="技术")
    lead.language = language
    lead.save()
    client.force_login(lead)
    at_ = f"/p/{product.slug}/feedback/deadlines"
    assert client.get(at_).status_code == client.get(f"{at_}/policies/new").status_code == 200
    assert (
        client.post(f"{at_}/policies/new", FORM | {"first": "", "resolution": ""}).status_code
        == 200
    )
    assert client.post(f"{at_}/policies/new", FORM).status_code == 302
    urgent = Policy.objects.get(name="紧急")
    assert (urgent.first, urgent.resolution, urgent.tiers) == (30, 480, ["VIP", "金卡"])
    assert client.post(f"{at_}/policies/{urgent.pk}", FORM | {"name": "特急"}).status_code == 302
    for do in ("up", "down", "up", "off", "on"):
        client.post(f"{at_}/policies/{urgent.pk}/change", {"do": do})
    assert [each.name for each in Policy.objects.filter(active=True)] == ["特急", "一般"]
    client.post(f"{at_}/teams/{team.pk}", {"minutes": "2", "calendar": ""})
    assert team.terms.minutes == 120
    listed = client.get(f"{at_}/policies").content.decode()
    assert "特急" in listed and "金卡" in listed
    ticket = make_ticket(at=at("16 09:00"), severity="urgent", tier="vip")
    answer(ticket, "请稍候", status="waiting", at=at("16 09:40"), acting_user=agent)
    page = client.get(
        f"/p/{product.slug}/feedback/inbox/{ticket.number}/deadlines"
    ).content.decode()
    assert "特急" in page and "09:00–09:40" in page
    assert (
        "09:30" in client.get(f"/p/{product.slug}/feedback/inbox/{ticket.number}").content.decode()
    )
    days = {"from": "2026-11-16", "to": "2026-11-16", "kind": "first"}
    shown = client.get(at_, days).content.decode()
    assert "0/1" in shown and f"#{ticket.number}" in shown
    client.post(f"{at_}/policies/{urgent.pk}/change", {"do": "delete"})
    assert Policy.objects.count() == 1


def test_the_api(product: Any, make_ticket: Any, lead: Any, client: Any) -> None:
    client.force_login(lead)
    root = f"/api/products/{product.slug}"

    def call(method: str, path: str, body: Any = None, status: int = 200) -> Any:
        given = (json.dumps(body), "application/json") if body is not None else ()
        found = getattr(client, method)(f"{root}{path}", *given)
        assert found.status_code == status, found.content
        return found.json() if found.content else None

    made = call("post", "/deadline-policies", {"name": "a", "first": 60})
    one = f"/deadline-policies/{made['id']}"
    assert [step["percent"] for step in made["steps"]] == [50, 80, 100]
    assert call("put", one, {"name": "b", "first": 30, "resolution": 60})["first"] == 30
    assert call("patch", one, {"active": True, "move": "up"})["active"]
    ticket = make_ticket(at=at("16 09:00"))
    clocks = call("get", f"/tickets/{ticket.number}/deadlines")
    assert clocks[0]["kind"] == "first" and clocks[0]["state"] == "overdue"
    assert clocks[0]["days"][0]["counted"] > 0
    found = call("get", "/on-time?first=2026-11-16&last=2026-11-16&kind=first")
    assert (found["k"], found["n"], found["overdue"]) == (0, 1, 1)
    assert call("get", "/on-time?first=2020-01-01&last=2020-01-02")["share"] is None
    assert call("get", "/deadline-policies")["total"] == 1
    call("delete", one, status=204)
    assert not Policy.objects.exists()


def test_several_changes_ask_for_one_recomputing(
    product, monkeypatch, django_capture_on_commit_callbacks
):
    from userops.feedback.clocks import keeping, tasks
    from userops.feedback.clocks.models import Recomputing

    queued: list[int] = []
    monkeypatch.setattr(tasks, "recompute", queued.append)
    for _ in range(4):
        with django_capture_on_commit_callbacks(execute=True):
            keeping.recompute_later(product)
            keeping.recompute_later(product)
    assert queued == [product.pk]
    # what changes while it goes on is seen by one more pass
    passes: list[int] = []

    def open_ones(_product):
        passes.append(1)
        if len(passes) == 1:
            keeping.recompute_later(product)
        return 0

    monkeypatch.setattr(keeping, "recompute_open", open_ones)
    keeping.recompute_asked(product.pk)
    assert len(passes) == 2 and Recomputing.objects.get().ended is not None
    # one that a stop cut short stands, and the next start goes on with it
    keeping.recompute_later(product)
    monkeypatch.setattr(keeping.stopping, "is_set", lambda: True)
    keeping.recompute_asked(product.pk)
    assert Recomputing.objects.get().ended is None
    monkeypatch.setattr(tasks, "tell", lambda: None)
    queued.clear()
    tasks.resume()
    assert queued == [product.pk]


def test_the_page_tells_how_far_a_recomputing_is_and_when_it_has_ended(
    product, client, make_user, make_ticket
):
    from userops.feedback.clocks import keeping
    from userops.feedback.clocks.models import Policy, Recomputing

    client.force_login(make_user("operator", product))
    address = reverse("clocks:policies", args=[product.slug])

    def said(**headers):
        return client.get(address, headers={"Accept-Language": "en", **headers}).content.decode()

    assert 'id="recomputing"' not in said()
    Policy.objects.create(product=product, name="all", first=60, position=0)
    for _ in range(2):
        make_ticket()
    keeping.recompute_later(product)
    assert "0 of 0 tickets" in said() and "every 2s" in said(**{"HX-Request": "true"})
    keeping.recompute_asked(product.pk)
    assert (Recomputing.objects.get().done, Recomputing.objects.get().total) == (2, 2)
    ended = said(**{"HX-Request": "true"})
    assert (
        "2 tickets were computed anew" in ended and "every 2s" not in ended and "<h1" not in ended
    )


def test_a_ticket_that_is_taken_back_meanwhile_holds_up_no_other(product, make_ticket, monkeypatch):
    from userops.feedback.clocks import alarming, keeping
    from userops.feedback.clocks.models import Clock, Policy
    from userops.feedback.tickets.models import Ticket

    Policy.objects.create(product=product, name="all", first=60, position=0)
    gone, stays = make_ticket(), make_ticket()
    Clock.objects.update(next_step=datetime(2026, 1, 1, tzinfo=UTC))

    def late(given):
        rows = list(given)
        Ticket.objects.filter(pk=gone.pk).delete()
        return iter(rows)

    monkeypatch.setattr(keeping, "unhurried", late)
    monkeypatch.setattr(alarming, "unhurried", late)
    assert keeping.recompute_open(product) == 1
    gone = make_ticket()
    Clock.objects.update(next_step=datetime(2026, 1, 1, tzinfo=UTC))
    alarming.tell_due()
    assert Ticket.objects.get() == stays
