"""Escalations and rules tell robots of chats, to a real HTTP server: each step once, in working time, by the clock's
own calendar; as 企业微信, 钉钉 and 飞书 take it, and a refusal of theirs is no success."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from userops.calendars.actions import Wanted as Hours
from userops.calendars.actions import create_calendar
from userops.feedback.clocks.actions import Wanted, create_policy
from userops.feedback.clocks.alarming import tell_due
from userops.feedback.clocks.models import Alarm
from userops.feedback.clocks.steps import Step
from userops.feedback.rules import actions as rules
from userops.feedback.rules.firing import work_off
from userops.feedback.tickets.actions import answer
from userops.notices import actions as notices
from userops.notices.conftest import hook, robots, set_config
from userops.notices.delivering import deliver_due
from userops.notices.models import Delivery

__all__ = ["hook", "robots", "set_config"]
SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    """Of November 2026; Monday is the 16th."""
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=SHANGHAI).astimezone(UTC)


@pytest.fixture
def lead(make_user: Any, product: Any) -> Any:
    return make_user("lead", product)


@pytest.fixture
def channel(product: Any, lead: Any, hook: Any, set_config: Any) -> Any:
    set_config(private_hooks=True, public_url="https://ops.example.com")
    return notices.create_channel(
        product, name="客服群", address=hook.address, language="zh-hans", acting_user=lead
    )


@pytest.fixture
def policy(product: Any, lead: Any, channel: Any) -> Any:
    create_calendar(product, Hours("标准", timezone="Asia/Shanghai"), acting_user=lead)
    steps = (Step(50, ("owner",), (channel.pk,)), Step(100, ("managers",), (channel.pk,)))
    return create_policy(product, Wanted("一般", first=60, steps=steps), acting_user=lead)


def test_a_robot_is_warned_and_alarmed_once_each_and_only_in_working_time(
    policy: Any, make_ticket: Any, hook: Any, agent: Any, product: Any
) -> None:
    ticket = make_ticket(at=at("16 17:45"))
    for moment in ("16 18:10", "16 22:00", "17 08:59"):
        tell_due(at(moment))
        deliver_due(at(moment))
    assert hook.received == []  # half of the hour ends at 09:15 of the next morning
    for moment in ("17 09:15", "17 09:16", "17 09:30"):
        tell_due(at(moment))
        deliver_due(datetime.now(UTC))
    (warned,) = hook.received
    assert "首次响应时限已用 50%" in warned["title"] and f"#{ticket.number}" in warned["title"]
    assert "2026-11-17 09:45" in warned["message"]
    link = f"https://ops.example.com/p/{product.slug}/feedback/inbox/{ticket.number}/deadlines"
    assert link in warned["message"]
    for moment in ("17 09:45", "17 09:46", "17 10:00"):
        tell_due(at(moment))
        deliver_due(datetime.now(UTC))
    assert len(hook.received) == 2 and "首次响应超时" in hook.received[1]["title"]
    answer(ticket, "好", at=at("17 10:05"), acting_user=agent)
    tell_due(at("17 12:00"))
    deliver_due(datetime.now(UTC))
    assert len(hook.received) == 2 and Alarm.objects.count() == 2


def test_what_the_robot_did_not_take_is_sent_again_and_told_once(
    policy: Any, make_ticket: Any, hook: Any
) -> None:
    make_ticket(at=at("16 09:00"))
    hook.answers = [500]
    tell_due(at("16 10:00"))  # both steps have passed: only the alarm is told
    deliver_due(datetime.now(UTC))
    robot = Delivery.objects.filter(channel__isnull=False)  # an alarm goes by mail, too
    waiting = robot.get()
    assert waiting.state == Delivery.State.WAITING and Alarm.objects.count() == 2
    tell_due(at("16 10:01"))
    assert deliver_due(waiting.due) == 1 and deliver_due(waiting.due) == 0
    assert [each["title"].count("超时") for each in hook.received] == [1, 1]
    assert robot.get().state == Delivery.State.SENT


def test_a_rule_tells_a_robot_once(
    product: Any, lead: Any, channel: Any, make_ticket: Any, hook: Any
) -> None:
    deed = {"do": "tell", "channels": [channel.pk]}
    wanted = {"when": {"cause": "opened"}, "then": [deed]}
    rule = rules.create_rule(product, "新工单进群", wanted, acting_user=lead)
    rules.switch_rule(rule, active=True, acting_user=lead)
    ticket = make_ticket("付款失败")
    for _again in range(3):
        work_off()
        deliver_due(datetime.now(UTC))
    (got,) = hook.received
    assert "新工单进群" in got["title"] and f"#{ticket.number}" in got["title"]
    assert "付款失败" in got["message"]


TAKEN = {"errcode": 0, "errmsg": "ok", "code": 0, "msg": "success"}


@pytest.fixture(params=["wecombot", "dingtalk", "feishu"])
def group(request: Any, product: Any, lead: Any, robots: list[str]) -> Any:
    """A robot of each platform, whose messages the HTTP server of this machine takes."""
    address = robots[["wecombot", "dingtalk", "feishu"].index(request.param)]
    return notices.create_channel(
        product, name="客服群", address=address, language="zh-hans", acting_user=lead
    )


@pytest.fixture
def tells_group(product: Any, lead: Any, group: Any) -> Any:
    """A rule that tells the robot of new tickets."""
    wanted = {"when": {"cause": "opened"}, "then": [{"do": "tell", "channels": [group.pk]}]}
    rule = rules.create_rule(product, "新工单进群", wanted, acting_user=lead)
    return rules.switch_rule(rule, active=True, acting_user=lead)


def said(got: dict[str, Any]) -> str:
    """What stands in the chat, in the form that the platform takes."""
    assert got.get("msgtype", got.get("msg_type")) == "text"
    text = got["content"]["text"] if got["path"].startswith("/feishu") else got["text"]["content"]
    return str(text)


def test_rules_and_escalations_as_the_platforms_take_them(
    group: Any, tells_group: Any, product: Any, lead: Any, make_ticket: Any, hook: Any
) -> None:
    hook.says = TAKEN
    create_calendar(product, Hours("标准", timezone="Asia/Shanghai"), acting_user=lead)
    steps = (Step(100, ("managers",), (group.pk,)),)
    create_policy(product, Wanted("一般", first=60, steps=steps), acting_user=lead)
    ticket = make_ticket("付款失败" * 900)
    work_off()
    deliver_due(datetime.now(UTC))
    old = make_ticket("一直没有人理", at=at("16 09:00"))
    tell_due(at("16 10:00"))
    deliver_due(datetime.now(UTC))
    first, second = map(said, hook.received)
    assert f"规则“新工单进群”：#{ticket.number} 付款失败" in first
    assert f"https://ops.example.com/p/{product.slug}/feedback/inbox/{ticket.number}" in first
    assert f"首次响应超时：#{old.number}" in second
    assert len(first.encode()) <= 2_048  # 企业微信 takes no more
    assert Delivery.objects.filter(channel=group, state="sent").count() == 2
    firing = tells_group.firings.get()
    assert firing.state == "fired" and firing.done[0]["result"] == "done"


def test_a_refusal_with_http_200_is_no_success(
    group: Any, tells_group: Any, make_ticket: Any, hook: Any
) -> None:
    make_ticket()
    work_off()
    hook.says = {"errcode": 310000, "errmsg": "keywords not in content", "code": 19024, "msg": "no"}
    deliver_due(datetime.now(UTC))
    row = Delivery.objects.get(channel=group)
    assert row.state == "waiting" and "keywords not in content" in str(row.error)
    hook.says = TAKEN
    assert deliver_due(row.due) == 1 and deliver_due(row.due) == 0
    row.refresh_from_db()
    assert row.state == "sent" and len(hook.received) == 2
