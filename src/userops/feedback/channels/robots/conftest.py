"""Robots that are set up, platforms that call them, and a platform that takes what they say."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import time
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from userops.feedback.channels.robots import calling
from userops.feedback.channels.robots.dingtalk.hearing import signature_of as dingtalk_signature
from userops.feedback.channels.robots.feishu.hearing import signature_of as feishu_signature
from userops.feedback.channels.robots.wecom.hearing import key_of
from userops.feedback.channels.robots.wecom.hearing import signature_of as wecom_signature

AES_KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
SECRETS = {
    "wecom": {"token": "QDG6eK", "aes_key": AES_KEY},
    "dingtalk": {"app_secret": "ding-secret"},
    "feishu": {"token": "verify-me", "encrypt_key": "test key"},
}


def enciphered(key: bytes, start: bytes, text: bytes, block: int) -> bytes:
    length = block - len(text) % block
    sealing = Cipher(algorithms.AES(key), modes.CBC(start)).encryptor()
    return sealing.update(text + bytes([length]) * length) + sealing.finalize()


def wecom_envelope(text: str, receiver: str = "") -> str:
    data = text.encode()
    inside = os.urandom(16) + len(data).to_bytes(4, "big") + data + receiver.encode()
    key = key_of(AES_KEY)
    return base64.b64encode(enciphered(key, key[:16], inside, 32)).decode()


def feishu_envelope(key: str, text: str) -> str:
    start = os.urandom(16)
    digest = hashlib.sha256(key.encode()).digest()
    return base64.b64encode(start + enciphered(digest, start, text.encode(), 16)).decode()


@pytest.fixture
def open_robot(product: Any, lead: Any) -> Callable[..., Any]:
    """`open_robot("feishu", app_id="…", links_in_groups=True)`: names of secrets are sealed."""
    from userops.feedback.channels.actions import create_channel
    from userops.feedback.channels.robots.setup.asking import ASKED

    def make(kind: str, **given: Any) -> Any:
        sealed = {each.name for each in ASKED[kind] if each.secret}
        secret = {**SECRETS[kind], **{k: v for k, v in given.items() if k in sealed}}
        options = {name: value for name, value in given.items() if name not in sealed}
        return create_channel(
            product, kind, f"{kind} 机器人", options, secret=secret, acting_user=lead
        )

    return make


def call_wecom(client: Any, channel: Any, message: Any, *, stamp: str = "", token: str = "") -> Any:
    """A message, in XML or as fields for JSON."""
    xml = isinstance(message, str)
    sealed = wecom_envelope(message if xml else json.dumps(message))
    stamp = stamp or str(int(time.time()))
    signed = wecom_signature(token or SECRETS["wecom"]["token"], stamp, "n1", sealed)
    body = (
        f"<xml><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
        if xml
        else json.dumps({"encrypt": sealed})
    )
    query = f"?msg_signature={signed}&timestamp={stamp}&nonce=n1"
    return client.generic("POST", f"/r/{channel.key}{query}", body, "text/xml")


def call_dingtalk(client: Any, channel: Any, message: dict[str, Any], *, stamp: str = "") -> Any:
    stamp = stamp or str(int(time.time() * 1_000))
    signed = dingtalk_signature(SECRETS["dingtalk"]["app_secret"], stamp)
    return client.generic(
        "POST", f"/r/{channel.key}", json.dumps(message), "application/json",
        HTTP_TIMESTAMP=stamp, HTTP_SIGN=signed,
    )  # fmt: skip


def call_feishu(
    client: Any, channel: Any, event: dict[str, Any], *, stamp: str = "", with_key: str = "test key"
) -> Any:
    body = (
        json.dumps({"encrypt": feishu_envelope(with_key, json.dumps(event))})
        if with_key
        else json.dumps(event)
    )
    stamp = stamp or str(int(time.time()))
    signed = feishu_signature(with_key, stamp, "n1", body.encode())
    return client.generic(
        "POST", f"/r/{channel.key}", body, "application/json", HTTP_X_LARK_REQUEST_TIMESTAMP=stamp,
        HTTP_X_LARK_REQUEST_NONCE="n1", HTTP_X_LARK_SIGNATURE=signed,
    )  # fmt: skip


def wecom_text(text: str, *, key: str = "m1", user: str = "zhangsan", group: bool = True) -> str:
    return (
        "<xml><WebhookUrl><![CDATA[http://in.qyapi.weixin.qq.com/cgi-bin/webhook/send?key=K]]></WebhookUrl>"
        f"<ChatId>c1</ChatId><ChatType>{'group' if group else 'single'}</ChatType><From><UserId>{user}</UserId>"
        f"<Name><![CDATA[张三]]></Name></From><MsgType>text</MsgType><Text><Content><![CDATA[{text}]]></Content>"
        f"</Text><MsgId>{key}</MsgId></xml>"
    )


def dingtalk_text(text: str, *, key: str = "m1", group: bool = True, **more: Any) -> dict[str, Any]:
    return {
        "conversationId": "cid1", "msgId": key, "senderNick": "张三", "senderStaffId": "u1", "senderId": "$:1",
        "conversationType": "2" if group else "1", "createAt": int(time.time() * 1_000), "msgtype": "text",
        "text": {"content": f" {text} "},
        "sessionWebhook": "https://oapi.dingtalk.com/robot/sendBySession?session=s1",
        "sessionWebhookExpiredTime": int(time.time() * 1_000) + 3_600_000, **more,
    }  # fmt: skip


def feishu_event(
    content: Any, *, kind: str = "text", key: str = "om_1", group: bool = False, **more: Any
) -> dict[str, Any]:
    message = {
        "message_id": key, "chat_id": "oc_1", "chat_type": "group" if group else "p2p", "message_type": kind,
        "create_time": str(int(time.time() * 1_000)), "content": json.dumps(content), **more,
    }  # fmt: skip
    sender = {
        "sender_type": "user",
        "sender_id": {"open_id": "ou_1", "user_id": "u9", "union_id": "on_1"},
    }
    header = {"event_type": "im.message.receive_v1", "token": "verify-me", "event_id": f"e-{key}"}
    return {"schema": "2.0", "header": header, "event": {"sender": sender, "message": message}}


class Platforms:
    """Takes every call. `answers`: what it says instead, or raises, for addresses that hold a word."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.answers: dict[str, Any] = {}
        self.picture = b""

    def post(self, address: str, body: Any, **_more: Any) -> dict[str, Any]:
        self.calls.append((address, dict(body)))
        for word, answer in self.answers.items():
            if word in address:
                if isinstance(answer, Exception):
                    raise answer
                return dict(answer)
        return {"errcode": 0, "code": 0, "access_token": "t", "accessToken": "t", "tenant_access_token": "t",
                "processQueryKey": "q1", "data": {"message_id": f"om_out_{len(self.calls)}"}, "downloadUrl":
                "https://down.dingtalk.com/x"}  # fmt: skip

    def fetch(self, address: str, **_more: Any) -> bytes:
        self.calls.append((address, {}))
        return self.picture

    def said(self) -> list[tuple[str, dict[str, Any]]]:
        """Without what fetches tokens."""
        return [each for each in self.calls if "oken" not in each[0].partition("?")[0]]


@pytest.fixture
def platforms(monkeypatch: pytest.MonkeyPatch) -> Platforms:
    made = Platforms()
    monkeypatch.setattr(calling, "post", made.post)
    monkeypatch.setattr(calling, "fetch", made.fetch)
    return made
