"""The robots of 企业微信, 钉钉 and 飞书: what they get, and that their refusals are heard."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from urllib.parse import parse_qs, urlsplit

import pytest

from userops.errors import Refused, StoreFailed
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


SECRET = "SEC0f1e2d3c4b5a69788796a5b4c3d2e1f0"


def feishu_sign(second: str) -> str:
    """As the platform's documentation has it: the text to sign is the key, what is signed is empty."""
    made = hmac.new(f"{second}\n{SECRET}".encode(), digestmod=hashlib.sha256)
    return base64.b64encode(made.digest()).decode()


def dingtalk_sign(millisecond: str) -> str:
    made = hmac.new(SECRET.encode(), f"{millisecond}\n{SECRET}".encode(), hashlib.sha256)
    return base64.b64encode(made.digest()).decode()


def test_feishu_gets_its_signature_in_the_message(robots, hook):
    send(recognise(robots[2], SECRET).address, "标题", "正文")
    (got,) = hook.received
    assert got["path"].strip("/") == "feishu/" + ("a1b2-" * 6)
    assert got["sign"] == feishu_sign(got["timestamp"]) and text_of(got).split() == ["标题", "正文"]
    assert abs(time.time() - int(got["timestamp"])) < 60, "the platform takes those of this hour"


def test_dingtalk_gets_its_signature_in_the_address(robots, hook):
    send(recognise(robots[1], SECRET).address, "标题", "正文")
    (got,) = hook.received
    (stamp,), (sign,) = (
        parse_qs(urlsplit(got["path"]).query)[name] for name in ("timestamp", "sign")
    )
    assert sign == dingtalk_sign(stamp) and abs(time.time() - int(stamp) / 1000) < 60


def test_a_refused_signature_is_told_without_the_secret(robots, hook):
    hook.says = {
        "code": 19021,
        "msg": f"sign match fail or timestamp is not within one hour {SECRET}",
    }
    with pytest.raises(StoreFailed) as failed:
        send(recognise(robots[2], SECRET).address, "标题", "正文")
    assert "19021" in failed.value.words.zh and SECRET not in failed.value.words.zh


@pytest.mark.parametrize(
    ("at", "secret"), [(0, SECRET), (2, "with space"), (2, "密钥"), (1, "a@b/c")]
)
def test_a_secret_that_cannot_sign_is_refused(robots, at, secret):
    with pytest.raises(Refused) as refused:
        recognise(robots[at], secret)
    assert refused.value.code == "channel_secret_invalid" and refused.value.hint


def test_lark_is_signed_for_too(hook, set_config, monkeypatch):
    set_config(private_hooks=True)
    where = f"http://127.0.0.1:{hook.port}/lark/{{token}}"
    monkeypatch.setattr("userops.notices.signing.SignedLark.notify_url", where)
    known = recognise("https://open.larksuite.com/open-apis/bot/v2/hook/" + "a1b2-" * 6, SECRET)
    assert known.service == "lark" and SECRET not in known.shown
    send(known.address, "标题", "正文")
    (got,) = hook.received
    assert got["sign"] == feishu_sign(got["timestamp"])


def test_the_secret_of_a_channel_is_kept_sealed(robots, hook, product, make_user):
    lead = make_user("lead", product)
    channel = actions.create_channel(
        product, name="群", address=robots[2], secret=f" {SECRET} ", acting_user=lead
    )
    assert SECRET not in channel.address + channel.shown
    actions.test_channel(channel, acting_user=lead)
    assert hook.received[0]["sign"] == feishu_sign(hook.received[0]["timestamp"])
