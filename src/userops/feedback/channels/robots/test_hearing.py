"""The formats, with the vectors that the platforms publish, and against whatever strangers send."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from userops.errors import Refused, UserOpsError
from userops.feedback.channels.robots.conftest import (
    AES_KEY,
    SECRETS,
    dingtalk_text,
    feishu_envelope,
    feishu_event,
    wecom_envelope,
    wecom_text,
)
from userops.feedback.channels.robots.dingtalk import hearing as dingtalk
from userops.feedback.channels.robots.feishu import hearing as feishu
from userops.feedback.channels.robots.hearing import Call, CallRefused, Heard, Reply
from userops.feedback.channels.robots.wecom import hearing as wecom

SAMPLE = {"token": "QDG6eK", "aes_key": AES_KEY, "receive_id": "wx5823bf96d3bd56c7"}
ENVELOPE = (
    "RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvu"
    "JTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwG"
    "c2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9"
    "EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0"
    "lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q=="
)
"""Of WXBizMsgCrypt's sample program."""


def call(body: bytes | str = b"", now: float | None = None, **given: Any) -> Call:
    at = datetime.fromtimestamp(time.time() if now is None else now, UTC)
    data = body if isinstance(body, bytes) else body.encode()
    return Call(
        given.get("method", "POST"), given.get("query", {}), given.get("headers", {}), data, at
    )


def signed_wecom(sealed: str, body: str, stamp: str = "") -> Call:
    stamp = stamp or str(int(time.time()))
    signature = wecom.signature_of("QDG6eK", stamp, "n", sealed)
    return call(body, query={"msg_signature": signature, "timestamp": stamp, "nonce": "n"})


def test_the_sample_of_wecom_is_heard():
    query = {
        "msg_signature": "477715d11cdb4164915debcba66cb864d751f3e6",
        "timestamp": "1409659813",
        "nonce": "1372623149",
    }
    body = f"<xml><ToUserName>wx5823bf96d3bd56c7</ToUserName><Encrypt><![CDATA[{ENVELOPE}]]></Encrypt></xml>"
    heard = wecom.hear(call(body, 1409659820, query=query), SAMPLE)
    assert isinstance(heard, Heard)
    assert (heard.sender, heard.text, heard.id) == ("mycreate", "hello", "4561255354251345929")
    assert heard.at is not None and heard.at.year == 2014
    with pytest.raises(CallRefused):  # signed, but of another year
        wecom.hear(call(body, query=query), SAMPLE)
    with pytest.raises(CallRefused):  # for another company
        wecom.hear(call(body, 1409659820, query=query), {**SAMPLE, "receive_id": "ww1"})
    with pytest.raises(CallRefused):
        wecom.hear(call(body, 1409659820, query={**query, "nonce": "1"}), SAMPLE)


def test_the_sample_of_wecom_proves_the_address():
    echo = (
        "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ=="
    )
    query = {
        "msg_signature": "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3",
        "timestamp": "1409659589",
        "nonce": "263014780",
        "echostr": echo,
    }
    found = wecom.hear(call(now=1409659600, method="GET", query=query), SAMPLE)
    assert found == Reply("1616140317555161061")


def test_the_sample_of_feishu_is_opened():
    sealed = "P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk="
    assert feishu.open_sealed("test key", sealed) == b"hello world"
    for key, wrong in (
        ("other", sealed),
        ("test key", "AAAA"),
        ("test key", "!"),
        ("test key", ""),
    ):
        with pytest.raises(Refused):
            feishu.open_sealed(key, wrong)


def test_kinds_of_messages_in_wecom():
    mixed = {
        "webhook_url": "http://in.qyapi.weixin.qq.com/cgi-bin/webhook/send?key=K", "msgid": "CAIQ", "chatid": "c",
        "chattype": "group", "from": {"userid": "T4", "name": "张三"}, "msgtype": "mixed",
        "mixed_message": {"msg_item": [
            {"msg_type": "text", "text": {"content": "@机器人 打不开"}},
            {"msg_type": "image", "image": {"image_url": "http://p.qpic.cn/x/0"}}]},
    }  # fmt: skip
    for text in (json.dumps(mixed), _mixed_xml()):
        sealed = wecom_envelope(text)
        heard = wecom.hear(signed_wecom(sealed, json.dumps({"encrypt": sealed})), SECRETS["wecom"])
        assert isinstance(heard, Heard) and heard.group and heard.text == "@机器人 打不开"
        assert heard.pictures == ({"url": "https://p.qpic.cn/x/0"},)
        assert heard.session == "https://in.qyapi.weixin.qq.com/cgi-bin/webhook/send?key=K"
    smart = {
        "msgid": "1", "aibotid": "a", "chattype": "single", "from": {"userid": "u"}, "msgtype": "image",
        "response_url": "https://qyapi.weixin.qq.com/cgi-bin/aibot/response?response_code=R",
        "image": {"url": "https://ww-aibot-img-1.cos.ap-guangzhou.myqcloud.com/x"},
    }  # fmt: skip
    sealed = wecom_envelope(json.dumps(smart))
    heard = wecom.hear(signed_wecom(sealed, json.dumps({"encrypt": sealed})), SECRETS["wecom"])
    assert isinstance(heard, Heard) and heard.until and not heard.group
    assert heard.pictures[0]["sealed"] == "yes"
    event = "<xml><From><UserId>u</UserId></From><MsgType>event</MsgType><Event><EventType>x</EventType></Event></xml>"
    sealed = wecom_envelope(event)
    found = wecom.hear(
        signed_wecom(sealed, f"<xml><Encrypt>{sealed}</Encrypt></xml>"), SECRETS["wecom"]
    )
    assert found == Reply()


def _mixed_xml() -> str:
    return (
        "<xml><WebhookUrl><![CDATA[http://in.qyapi.weixin.qq.com/cgi-bin/webhook/send?key=K]]></WebhookUrl>"
        "<MsgId>CAEQ</MsgId><ChatId>c</ChatId><ChatType>group</ChatType><From><UserId>T4</UserId></From>"
        "<MsgType>mixed</MsgType><MixedMessage><MsgItem><MsgType>text</MsgType><Text><Content>"
        "<![CDATA[@机器人 打不开]]></Content></Text></MsgItem><MsgItem><MsgType>image</MsgType><Image><ImageUrl>"
        "<![CDATA[http://p.qpic.cn/x/0]]></ImageUrl></Image></MsgItem></MixedMessage></xml>"
    )


@pytest.mark.parametrize(
    "evil",
    [
        '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><xml><Encrypt>&b;</Encrypt></xml>',
        '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]><xml><Encrypt>&c;</Encrypt></xml>',
        '<!DOCTYPE xml SYSTEM "http://127.0.0.1:1/x.dtd"><xml><Encrypt>x</Encrypt></xml>',
        "<xml>" * 5_000,
        "<xml/>",
        "<",
    ],
)
def test_xml_brings_nothing_of_its_own(evil: str):
    for body in (evil, evil.encode("utf-16")):
        with pytest.raises(Refused):
            wecom.hear(call(body), SAMPLE)


def test_dingtalk_is_signed_and_of_now():
    def made(message: Any, stamp: str = "", secret: str = "ding-secret") -> Any:
        stamp = stamp or str(int(time.time() * 1_000))
        headers = {"timestamp": stamp, "sign": dingtalk.signature_of(secret, stamp)}
        return dingtalk.hear(call(json.dumps(message), headers=headers), SECRETS["dingtalk"])

    heard = made(dingtalk_text("打不开"))
    assert (heard.text, heard.sender, heard.ids, heard.group) == (
        "打不开",
        "u1",
        ("u1", "$:1"),
        True,
    )
    assert heard.until > datetime.now(UTC)
    old = str(int((time.time() - 7_200) * 1_000))
    for wrong in ({"secret": "x"}, {"stamp": old}, {"stamp": "x"}, {"secret": ""}):
        with pytest.raises(CallRefused):
            made(dingtalk_text("x"), **wrong)
    rich = {
        "msgtype": "richText",
        "content": {"richText": [{"text": "看图"}, {"type": "picture", "downloadCode": "d"}]},
    }
    assert made(dingtalk_text("x", **rich)).pictures == ({"code": "d"},)
    assert (
        made(dingtalk_text("x", msgtype="audio", content={"recognition": "听不见"})).text
        == "听不见"
    )
    assert made(dingtalk_text("x", msgtype="file", content={"downloadCode": "d"})) == dingtalk.TAKEN


def test_feishu_challenges_tokens_and_kinds():
    plain = {"token": "verify-me"}
    challenge = {"type": "url_verification", "challenge": "abc", "token": "verify-me"}
    assert json.loads(feishu.hear(call(json.dumps(challenge)), plain).text) == {"challenge": "abc"}
    sealed = json.dumps({"encrypt": feishu_envelope("test key", json.dumps(challenge))})
    assert "abc" in feishu.hear(call(sealed), SECRETS["feishu"]).text
    for wrong in (
        {**challenge, "token": "x"},
        {**challenge, "token": ""},
        {"type": "url_verification"},
    ):
        with pytest.raises(Refused):
            feishu.hear(call(json.dumps(wrong)), plain)
    with pytest.raises(Refused):  # who has a key takes nothing open
        feishu.hear(call(json.dumps(challenge)), SECRETS["feishu"])
    mentions = [{"key": "@_user_1", "name": "客服"}, {"key": "@_user_2", "name": "李四"}]
    text = feishu_event({"text": "@_user_1 问 @_user_2 打不开"}, group=True, mentions=mentions)
    heard = feishu.hear(call(json.dumps(text)), plain)
    assert heard.text == "问 @李四 打不开" and heard.ids == ("u9", "on_1", "ou_1")
    post = {"title": "故障", "content": [[{"tag": "text", "text": "点了"}, {"tag": "a", "text": "这里"}],
                                        [{"tag": "img", "image_key": "img_1"}]]}  # fmt: skip
    for content in (post, {"zh_cn": post}):
        heard = feishu.hear(call(json.dumps(feishu_event(content, kind="post"))), plain)
        assert heard.text == "故障\n点了这里" and heard.pictures == (
            {"message": "om_1", "key": "img_1"},
        )
    heard = feishu.hear(call(json.dumps(feishu_event({"image_key": "i"}, kind="image"))), plain)
    assert heard.pictures[0]["key"] == "i"
    among_people = feishu_event({"text": "吃饭去"}, group=True)
    assert feishu.hear(call(json.dumps(among_people)), plain) == feishu.TAKEN
    itself = feishu_event({"text": "我"})
    itself["event"]["sender"]["sender_type"] = "app"
    assert feishu.hear(call(json.dumps(itself)), plain) == feishu.TAKEN


_FIELDS = [
    "msgid", "msgtype", "from", "userid", "text", "content", "event", "message", "header", "token",
    "event_type", "mentions", "mixed_message", "msg_item", "image", "image_url", "richText",
    "senderStaffId", "msgId", "sender", "sender_id", "open_id", "message_type", "chat_type",
    "encrypt", "type",
]  # fmt: skip
_NAMES = st.sampled_from(_FIELDS) | st.text(max_size=8)
_VALUES: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_NAMES, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None)
@given(value=_VALUES, raw=st.binary(max_size=60), as_json=st.booleans())
def test_whatever_is_sent_is_heard_or_refused(value: Any, raw: bytes, as_json: bool):
    """Also when it is rightly signed: a colleague with the secret brings no robot down."""
    text = json.dumps({"header": {"event_type": feishu.SAID, "token": "verify-me"}, "event": value,
                       **(value if isinstance(value, dict) else {})})  # fmt: skip
    body = text.encode() if as_json else raw
    sealed = wecom_envelope(text if as_json else raw.decode("latin-1"))
    stamp = str(int(time.time() * 1_000))
    headers = {"timestamp": stamp, "sign": dingtalk.signature_of("ding-secret", stamp)}
    tries = [
        (wecom, call(body), SECRETS["wecom"]),
        (wecom, signed_wecom(sealed, json.dumps({"encrypt": sealed})), SECRETS["wecom"]),
        (dingtalk, call(body, headers=headers), SECRETS["dingtalk"]),
        (feishu, call(body), {"token": "verify-me"}),
        (feishu, call(body), SECRETS["feishu"]),
    ]
    for platform, made, known in tries:
        try:
            found = platform.hear(made, known)  # type: ignore[attr-defined]
        except UserOpsError as wrong:
            assert wrong.status < 500
        else:
            assert isinstance(found, Heard | Reply)


def test_a_clock_may_be_some_minutes_off():
    stamp = str(int((datetime.now(UTC) - timedelta(minutes=40)).timestamp()))
    sealed = wecom_envelope(wecom_text("x"))
    assert isinstance(
        wecom.hear(signed_wecom(sealed, json.dumps({"encrypt": sealed}), stamp), SECRETS["wecom"]),
        Heard,
    )
