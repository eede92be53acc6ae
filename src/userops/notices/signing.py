"""Robots that ask for signatures. Loaded when first needed.

`apprise` does not sign for 飞书 and Lark; for 钉钉 it escapes the signature, and `requests` once more.
The signature of 飞书 is that of https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot: an empty text under
HMAC-SHA256, whose key is the second and the secret, each on its line.
"""

from __future__ import annotations

import base64
import hmac
import time
from typing import Any
from urllib.parse import unquote

import requests
from apprise.plugins.base import NotifyBase
from apprise.plugins.dingtalk import NotifyDingTalk
from apprise.plugins.feishu import NotifyFeishu


def signature(second: int, secret: str) -> str:
    """What proves at that second (since 1970) that the sender has the secret."""
    return base64.b64encode(hmac.digest(f"{second}\n{secret}".encode(), b"", "sha256")).decode()


class SignedFeishu(NotifyFeishu):
    """`feishu://SECRET@TOKEN`."""

    def __init__(self, secret: str, **rest: Any):
        super().__init__(**rest)
        self.secret = secret

    def send(self, body: str, title: str = "", **_rest: Any) -> bool:
        self.throttle()
        now = int(time.time())
        signed = {"timestamp": str(now), "sign": signature(now, self.secret)}
        try:
            answer = requests.post(
                self.notify_url.format(token=self.token),
                json={**signed, "msg_type": "text", "content": {"text": body}},
                headers={"User-Agent": self.app_id},
                verify=self.verify_certificate,
                timeout=self.request_timeout,
                allow_redirects=self.redirects,
            )
        except requests.RequestException:
            return False
        return bool(answer.status_code == requests.codes.ok)


class SignedLark(SignedFeishu):
    """`lark://SECRET@TOKEN`."""

    secure_protocol = "lark"
    notify_url = "https://open.larksuite.com/open-apis/bot/v2/hook/{token}"


class SignedDingTalk(NotifyDingTalk):
    """`dingtalk://SECRET@TOKEN`."""

    def get_signature(self) -> tuple[str, str]:
        millisecond, sign = super().get_signature()
        return millisecond, unquote(sign)


_SIGNED = {each.secure_protocol: each for each in (SignedFeishu, SignedLark, SignedDingTalk)}


def signed_plugin(address: str) -> NotifyBase | None:
    """Of an address with a secret, whose robot asks for signatures."""
    made = _SIGNED.get(address.partition("://")[0].lower())
    parts = made.parse_url(address) if made else None
    if made is None or not parts or not parts.get("user"):
        return None
    return made(**parts | {"secret": unquote(parts["user"])})
