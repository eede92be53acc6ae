"""Pages of feedback channels in Chromium: a robot is set up as its page says, called, and seen to be connected."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import time
from typing import Any
from urllib.request import Request, urlopen

import pytest

from tests.conftest import DemoServer
from tests.looks import TWO, Visitor, visitors

pytestmark = pytest.mark.browser
SECRET = "geheim-Sec"
visitor = visitors(TWO)


def made_robot(one: Visitor) -> str:
    """The path of a robot of 钉钉, set up on its page."""
    base = f"/p/{one.server.product}/feedback/channels"
    one.open(base)
    one.page.click("summary:has-text('机器人'), summary:has-text('robot'), button:has-text('机器人'), "
                   "button:has-text('robot')")  # fmt: skip
    one.page.click("a[href$='/new-robot/dingtalk']")
    one.page.wait_for_selector("#id_app_secret")
    one.page.fill("#id_name", "客服群")
    one.page.fill("#id_app_secret", SECRET)
    one.page.click("form .btn-primary")
    one.page.wait_for_url(re.compile(r"/channels/\d+$"))
    return one.page.url.removeprefix(one.server.url)


def call(address: str, text: str, name: str) -> int:
    """As the platform does."""
    stamp = str(int(time.time() * 1_000))
    digest = hmac.new(SECRET.encode(), f"{stamp}\n{SECRET}".encode(), hashlib.sha256).digest()
    body = {
        "msgId": name, "msgtype": "text", "text": {"content": f" {text} "}, "senderStaffId": "u1",
        "senderNick": "李雷", "conversationId": "c1", "conversationType": "1",
    }  # fmt: skip
    head = {
        "timestamp": stamp,
        "sign": base64.b64encode(digest).decode(),
        "Content-Type": "application/json",
    }
    asked = Request(address, json.dumps(body).encode(), head)
    with urlopen(asked, timeout=30) as answer:
        return int(answer.status)


def test_a_robot_is_set_up_called_and_connected(visitor: Visitor, axe: str) -> None:
    path = made_robot(visitor)
    shown = visitor.page.inner_text("main")
    assert SECRET not in visitor.page.content()
    assert ("尚未收到回调" if visitor.language == "zh-hans" else "not called yet") in shown
    assert visitor.page.locator("main ol li").count() == 5
    key = re.search(r"/r/(fb_[\w-]{24})", visitor.page.content())
    assert key is not None
    address = f"{visitor.server.url}/r/{key[1]}"
    for _twice in range(2):
        assert call(address, "付款后没有到账", f"m-{key[1]}") == 200
    assert visitor.faults(path, axe) == []
    shown = visitor.page.inner_text("main")
    assert ("已接通" if visitor.language == "zh-hans" else "connected") in shown
    assert visitor.page.locator("tbody tr").count() == 1 and "付款后没有到账" in shown


def test_pages_of_channels_in_both_looks(visitor: Visitor, axe: str) -> None:
    base = f"/p/{visitor.server.product}/feedback"
    paths = ["channels", "channels/new-robot/wecom", "channels/new-robot/dingtalk",
             "channels/new-robot/feishu", "channels/new-mailbox", "channels/aside", "wordings/received/en"]  # fmt: skip
    faults = [each for path in paths for each in visitor.faults(f"{base}/{path}", axe)]
    assert faults == [] and visitor.complaints == []


def test_a_wrong_setting_is_said_beside_its_field(page: Any, demo_server: DemoServer) -> None:
    page.goto(f"{demo_server.url}/p/{demo_server.product}/feedback/channels/new-robot/wecom")
    page.fill("#id_name", "群")
    page.fill("#id_token", "abcdef")
    page.fill("#id_aes_key", "short")
    page.click("form .btn-primary")
    page.wait_for_selector(".field.invalid #id_aes_key")
    assert "EncodingAESKey" in page.inner_text(".field.invalid")
