"""From a chat to a ticket and back: once, in the right ticket, to the right chat."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from userops.errors import Refused, StoreFailed
from userops.events.models import UserId
from userops.feedback.channels.models import Arrival, Spoken, Talk
from userops.feedback.channels.robots import taking
from userops.feedback.channels.robots.calling import Unsure, checked
from userops.feedback.channels.robots.conftest import (
    call_dingtalk,
    call_feishu,
    call_wecom,
    dingtalk_text,
    feishu_event,
    wecom_text,
)
from userops.feedback.telling.models import Told
from userops.feedback.telling.sending import send_due as tell_due
from userops.feedback.tickets.actions import Change, answer, change_ticket
from userops.feedback.tickets.models import Message, Sending, Ticket
from userops.feedback.tickets.sending import send_due
from userops.notices.guard import PrivateAddress
from userops.words import Words

pytestmark = pytest.mark.django_db


def test_a_word_opens_a_ticket_once_and_more_words_go_on(
    client: Any, open_robot: Any, product: Any
):
    robot = open_robot("wecom", robot_name="小助手")
    assert call_wecom(client, robot, wecom_text("@小助手 登录闪退")).status_code == 200
    assert (
        call_wecom(client, robot, wecom_text("@小助手 登录闪退")).status_code == 200
    )  # tried again
    ticket = Ticket.objects.get()
    assert (ticket.text, ticket.channel, ticket.channel_key) == ("登录闪退", "wecom", robot.key)
    assert (ticket.name, ticket.distinct_id, ticket.language) == ("张三", "zhangsan", "zh-hans")
    call_wecom(client, robot, wecom_text("@小助手 安卓 14", key="m2"))
    call_wecom(client, robot, wecom_text("别人的问题", key="m3", user="lisi"))
    assert [each.text for each in ticket.messages.all()] == ["登录闪退", "安卓 14"]
    assert Ticket.objects.count() == 2 and Arrival.objects.count() == 3
    robot.refresh_from_db()
    assert robot.used and robot.problem is None


def test_which_ticket_a_word_goes_on_with(client: Any, open_robot: Any, agent: Any):
    robot = open_robot("dingtalk")
    call_dingtalk(client, robot, dingtalk_text("第一件"))
    first = Ticket.objects.get()
    change_ticket(first, Change(status="solved"), acting_user=agent)
    call_dingtalk(client, robot, dingtalk_text("还是不行", key="m2"))
    first.refresh_from_db()
    assert (
        first.status == "open" and first.messages.count() == 2
    )  # solved a moment ago: taken up again
    change_ticket(first, Change(status="closed"), acting_user=agent)
    call_dingtalk(client, robot, dingtalk_text("另一件", key="m3"))
    call_dingtalk(
        client, robot, dingtalk_text("单聊里的", key="m4", group=False, conversationId="c2")
    )
    assert list(Ticket.objects.order_by("pk").values_list("text", flat=True)) == [
        "第一件",
        "另一件",
        "单聊里的",
    ]
    later = Ticket.objects.order_by("pk").last()
    assert later is not None
    change_ticket(later, Change(status="solved"), acting_user=agent)
    Ticket.objects.filter(pk=later.pk).update(solved=datetime.now(UTC) - timedelta(days=4))
    call_dingtalk(client, robot, dingtalk_text("新的", key="m5", group=False, conversationId="c2"))
    assert Ticket.objects.count() == 4


def test_a_thread_of_feishu_leads_to_its_ticket(client: Any, open_robot: Any, agent: Any):
    robot = open_robot("feishu")
    call_feishu(client, robot, feishu_event({"text": "打不开"}))
    ticket = Ticket.objects.get()
    change_ticket(ticket, Change(status="closed"), acting_user=agent)
    call_feishu(
        client,
        robot,
        feishu_event({"text": "又来了"}, key="om_2", root_id="om_1", parent_id="om_1"),
    )
    ticket.refresh_from_db()
    assert ticket.messages.count() == 2 and ticket.status == "open"


def test_the_sender_is_tied_to_a_known_person(client: Any, open_robot: Any, product: Any):
    UserId.objects.create(product=product, distinct_id="u9", uid=77)
    call_feishu(client, open_robot("feishu"), feishu_event({"text": "打不开"}))
    ticket = Ticket.objects.get()
    assert (ticket.distinct_id, ticket.person) == ("u9", 77)


@pytest.mark.parametrize("kind", ["wecom", "dingtalk", "feishu"])
def test_answers_go_back_once(
    kind: str, client: Any, open_robot: Any, platforms: Any, agent: Any, make_user: Any
):
    robot = open_robot(kind, app_id="cli_1", app_secret="ding-secret")
    _say(kind, client, robot, "打不开")
    ticket = Ticket.objects.get()
    tell_due()
    assert Told.objects.get().state == "sent"
    message = answer(ticket, "请升级到 3.2", acting_user=agent)
    send_due()
    send_due()
    assert Sending.objects.get(message=message).state == "sent"
    said = platforms.said()
    assert len(said) == 2 and "请升级到 3.2" in str(said[1]) and "已收到你的反馈" in str(said[0])
    # other people of the group do not get the address of the user's own page
    assert ticket.secret not in str(said)
    place = {"wecom": "https://in.qyapi.weixin.qq.com/", "dingtalk": "https://oapi.dingtalk.com/",
             "feishu": "https://open.feishu.cn/open-apis/im/v1/messages/om_1/reply"}[kind]  # fmt: skip
    assert all(address.startswith(place) for address, _body in said)
    if kind == "feishu":
        message.refresh_from_db()
        assert (
            message.external_id.startswith("feishu:om_out_")
            and said[1][1]["uuid"] == f"answer-{message.pk}"
        )
    else:
        whom = said[1][1]["text"].get("mentioned_list") or said[1][1]["at"]["atUserIds"]
        assert whom == ["zhangsan" if kind == "wecom" else "u1"]


def _say(
    kind: str, client: Any, robot: Any, text: str, *, group: bool = True, key: str = "om_1"
) -> Any:
    if kind == "wecom":
        return call_wecom(client, robot, wecom_text(text, group=group, key=key))
    if kind == "dingtalk":
        return call_dingtalk(client, robot, dingtalk_text(text, group=group, key=key))
    mentions = [{"key": "@_user_1", "name": "机器人"}]
    event = feishu_event({"text": f"@_user_1 {text}"}, group=group, mentions=mentions, key=key)
    return call_feishu(client, robot, event)


def test_alone_with_the_robot_the_user_gets_his_link(client: Any, open_robot: Any, platforms: Any):
    for number, links in enumerate((False, True)):
        robot = open_robot("dingtalk", links_in_groups=links)
        _say("dingtalk", client, robot, "打不开", group=links, key=f"m{number}")
        tell_due()
        ticket = Ticket.objects.order_by("pk").last()
        assert ticket is not None and f"/t/{ticket.secret}" in str(platforms.said()[-1])


def test_what_may_have_arrived_is_not_sent_again(
    client: Any, open_robot: Any, platforms: Any, agent: Any
):
    robot = open_robot("dingtalk")
    _say("dingtalk", client, robot, "打不开")
    tell_due()
    first = answer(Ticket.objects.get(), "一", acting_user=agent)
    platforms.answers["sendBySession"] = Unsure()
    send_due()
    assert Sending.objects.get(message=first).state == "failed"
    second = answer(Ticket.objects.get(), "二", acting_user=agent)
    platforms.answers["sendBySession"] = StoreFailed(Words("忙", "busy"))
    send_due()
    row = Sending.objects.get(message=second)
    assert row.state == "waiting"  # it was surely not taken: a later try may help
    platforms.answers.clear()
    send_due(datetime.now(UTC) + timedelta(minutes=2))
    row.refresh_from_db()
    assert row.state == "sent"
    third = answer(Ticket.objects.get(), "三", acting_user=agent)
    # the server stopped between the call and its note: nobody knows
    Spoken.objects.create(key=f"answer-{third.pk}", at=datetime.now(UTC))
    before = len(platforms.calls)
    send_due()
    assert Sending.objects.get(message=third).state == "failed" and len(platforms.calls) == before


def test_after_the_session_the_application_speaks_or_the_page(
    client: Any, open_robot: Any, platforms: Any, agent: Any
):
    silent, speaking = open_robot("dingtalk"), open_robot("dingtalk", app_key="app1")
    for number, robot in enumerate((silent, speaking)):
        _say("dingtalk", client, robot, "打不开", group=False, key=f"m{number}")
    Talk.objects.update(until=datetime.now(UTC) - timedelta(minutes=1))
    tell_due()
    assert set(Told.objects.values_list("ticket__channel_key", "state")) == {
        (silent.key, "page"), (speaking.key, "sent"),
    }  # fmt: skip
    (address, body) = platforms.said()[0]
    assert address.endswith("oToMessages/batchSend") and body["userIds"] == ["u1"]
    answer(Ticket.objects.get(channel_key=silent.key), "好了", acting_user=agent)
    send_due()
    row = Sending.objects.get()
    assert row.state == "failed" and "进展页" in row.error["zh"]


def test_a_smart_robot_takes_one_answer_then_the_webhook_does(
    client: Any, open_robot: Any, platforms: Any, agent: Any
):
    webhook = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=G"
    robot = open_robot("wecom", webhook=webhook)
    once = "https://qyapi.weixin.qq.com/cgi-bin/aibot/response?response_code=R"
    call_wecom(client, robot, {
        "msgid": "1", "aibotid": "a", "chattype": "single", "from": {"userid": "u"}, "msgtype": "text",
        "response_url": once, "text": {"content": "打不开"},
    })  # fmt: skip
    tell_due()
    answer(Ticket.objects.get(), "好了", acting_user=agent)
    send_due()
    assert [address for address, _body in platforms.said()] == [once, webhook]
    assert platforms.said()[1][1]["text"]["mentioned_list"] == ["u"]


def test_an_application_of_wecom_answers_its_user(client: Any, open_robot: Any, platforms: Any):
    robot = open_robot("wecom", receive_id="", agent_id="7", app_secret="s")
    robot.options["receive_id"] = "ww1"
    plain = (
        "<xml><FromUserName>u</FromUserName><CreateTime>1409659813</CreateTime><MsgType>text</MsgType>"
        "<Content>打不开</Content><MsgId>5</MsgId><AgentID>7</AgentID></xml>"
    )
    call_wecom(client, robot, plain)
    robot.save()
    tell_due()
    (address, body) = platforms.said()[-1]
    assert "/cgi-bin/message/send" in address and (body["touser"], body["agentid"]) == ("u", 7)


def test_addresses_of_others_are_not_called(client: Any, open_robot: Any, agent: Any):
    """A session that a forged body names: the signature of 钉钉 does not cover it."""
    robot = open_robot("dingtalk")
    for number, session in enumerate((
        "https://evil.example.com/x", "http://oapi.dingtalk.com/x", "https://oapi.dingtalk.com:8443/x",
        "https://oapi.dingtalk.com.evil.com/x", "https://dingtalk.com@127.0.0.1/x", "file:///etc/passwd", "https://[",
    )):  # fmt: skip
        call_dingtalk(client, robot, dingtalk_text("x", key=f"m{number}", sessionWebhook=session))
        message = answer(Ticket.objects.get(), "好", acting_user=agent)
        send_due()
        row = Sending.objects.get(message=message)
        assert row.state == "failed" and "不属于该平台" in row.error["zh"]
        with pytest.raises(Refused):
            checked(session, ("dingtalk.com",))


def test_the_guard_holds_for_a_host_that_points_into_the_house(monkeypatch: Any):
    import socket

    from userops.feedback.channels.robots import calling

    def inside(host: str, port: int, **_more: Any) -> Any:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", inside)
    for name in (
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
        "http_proxy",
        "https_proxy",
        "all_proxy",
    ):
        monkeypatch.delenv(name, raising=False)
    for verb in (
        lambda: calling.post("https://oapi.dingtalk.com/x", {}),
        lambda: calling.fetch("https://a.qpic.cn/x"),
    ):
        with pytest.raises(PrivateAddress):
            verb()


def test_pictures_are_fetched_and_looked_at(
    client: Any,
    open_robot: Any,
    platforms: Any,
    at_once: None,
    django_capture_on_commit_callbacks: Any,
):
    drawn = io.BytesIO()
    Image.new("RGB", (20, 10), "red").save(drawn, "PNG")
    platforms.picture = drawn.getvalue()
    robot = open_robot("dingtalk", app_key="app1")
    picture = {"msgtype": "picture", "content": {"downloadCode": "d1"}}
    call_dingtalk(client, robot, dingtalk_text("", **picture))
    message = Message.objects.get(direction="in")
    assert message.text == "[图片]" and message.attachments.get().media_type == "image/png"
    platforms.picture = b"MZ\x90\x00 not a picture"
    call_dingtalk(client, robot, dingtalk_text("", key="m2", **picture))
    notes = Message.objects.filter(direction="note")
    assert "图片未能取回" in notes.get().text and message.ticket.messages.count() == 3


def test_held_back_and_too_many(client: Any, open_robot: Any, monkeypatch: Any):
    robot = open_robot("dingtalk", blocked=["代开发票"])
    call_dingtalk(client, robot, dingtalk_text("代开发票"))
    ticket = Ticket.objects.get()
    assert ticket.status == "spam" and "屏蔽词" in ticket.messages.get(direction="note").text
    assert not Told.objects.exists()
    monkeypatch.setattr(taking, "MOST_WORDS", 3)
    for number in range(5):
        assert (
            call_dingtalk(client, robot, dingtalk_text("好", key=f"n{number}")).status_code == 200
        )
    robot.refresh_from_db()
    assert Arrival.objects.count() == 3 and robot.problem


def test_a_wrong_call_is_refused_and_the_page_says_so(client: Any, open_robot: Any, product: Any):
    robot = open_robot("wecom")
    wrong = call_wecom(client, robot, wecom_text("x"), token="other")
    assert wrong.status_code == 403 and wrong.json() == {"error": "robot_signature_wrong"}
    robot.refresh_from_db()
    assert "签名" in robot.problem["zh"]
    call_wecom(client, robot, wecom_text("x"))
    robot.refresh_from_db()
    assert robot.problem is None
    assert client.put(f"/r/{robot.key}").status_code == 405
    assert client.post("/r/fb_none").status_code == 404
    robot.active = False
    robot.save()
    assert call_wecom(client, robot, wecom_text("x", key="m9")).status_code == 404


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    body=st.binary(max_size=200)
    | st.sampled_from([b"{}", b"[]", b"<xml/>", b'{"encrypt":1}', b"\xff" * 9]),
    query=st.dictionaries(
        st.sampled_from(["msg_signature", "timestamp", "nonce", "echostr"]),
        st.text(max_size=30),
        max_size=4,
    ),
    method=st.sampled_from(["GET", "POST"]),
)
def test_the_door_withstands_strangers(
    client: Any, open_robot: Any, body: bytes, query: dict[str, str], method: str
):
    from urllib.parse import urlencode

    from userops.feedback.channels.models import Channel

    for kind in ("wecom", "dingtalk", "feishu"):
        robot = Channel.objects.filter(kind=kind).first() or open_robot(kind)
        text = urlencode({k: v.encode("utf-8", "replace") for k, v in query.items()})
        answered = client.generic(
            method, f"/r/{robot.key}?{text}", body, "text/xml", HTTP_TIMESTAMP="1", HTTP_SIGN="x"
        )
        assert answered.status_code < 500
    assert not Ticket.objects.exists()
