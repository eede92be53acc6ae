"""The robots of 企业微信, 钉钉 and 飞书: what they get, and that their refusals are heard."""

from __future__ import annotations

import pytest

from userops.errors import StoreFailed
from userops.notices import actions
from userops.notices.delivering import deliver_due
from userops.notices.models import Delivery
from userops.notices.services import recognise, send
from userops.notices.telling import Message, tell
from userops.words import Words

SERVICES = ("wecombot", "dingtalk", "feishu")


def text_of(got):
    """The text of a message in the form that each robot asks for."""
    return got["content"]["text"] if got["path"].startswith("/feishu") else got["text"]["content"]


def sent(address, title="标题", body="正文\nhttps://ops.example.com/p/x"):
    send(recognise(address).address, title, body)


def test_each_gets_a_text_in_its_own_form(robots, hook):
    hook.says = {"errcode": 0, "errmsg": "ok", "code": 0, "msg": "success"}
    for address in robots:
        sent(address)
    assert [got["path"].split("/")[1] for got in hook.received] == list(SERVICES)
    for got in hook.received:
        assert got.get("msgtype", got.get("msg_type")) == "text"
        assert text_of(got).split() == ["标题", "正文", "https://ops.example.com/p/x"]


@pytest.mark.parametrize(
    ("at", "says", "told"),
    [
        (0, {"errcode": 93000, "errmsg": "invalid webhook url"}, "invalid webhook url (93000)"),
        (1, {"errcode": 310000, "errmsg": "keywords not in content"}, "keywords not in content (310000)"),
        (2, {"code": 19024, "msg": "Key Words Not Found"}, "Key Words Not Found (19024)"),
    ],
)  # fmt: skip
def test_a_refusal_with_status_200_is_heard(robots, hook, at, says, told):
    hook.says = says
    with pytest.raises(StoreFailed) as failed:
        sent(robots[at])
    assert failed.value.code == "channel_failed" and told in failed.value.words.zh
    assert len(hook.received) == 1


def test_what_it_says_reveals_no_secret(robots, hook):
    hook.says = {"errcode": 1, "errmsg": f"no token {'ab12' * 16}"}
    with pytest.raises(StoreFailed) as failed:
        sent(robots[1])
    assert "ab12" not in str(failed.value.words) and "no token …" in failed.value.words.en


def test_a_refused_message_is_tried_again_and_says_why(robots, hook, product, make_user):
    lead = make_user("lead", product)
    channel = actions.create_channel(
        product, name="群", address=robots[1], language="zh-hans", acting_user=lead
    )
    hook.says = {"errcode": 310000, "errmsg": "keywords not in content"}
    words = Words("支付下降", "Payments fell")
    tell(product, Message("alert:1:x", words, words, "/p/x"), channels=[channel])
    deliver_due()
    row = Delivery.objects.get()
    assert row.state == Delivery.State.WAITING and "keywords not in content" in row.error["zh"]


def test_a_long_message_fits_and_keeps_its_link(robots, hook):
    sent(robots[0], "标题" * 50, "很长的正文" * 400 + "\nhttps://ops.example.com/p/x")
    (got,) = hook.received
    text = text_of(got)
    assert len(text.encode()) <= 2048 and text.endswith("…\nhttps://ops.example.com/p/x")
    sent(robots[2], "标题", "很长的正文" * 400 + "\nhttps://ops.example.com/p/x")
    assert text_of(hook.received[1]).count("很长的正文") == 400
