"""Feedback channels and mails put aside by program: made, changed, paused, tried; secrets never come out."""

from __future__ import annotations

from typing import Any

import pytest

from userops.feedback.channels.actions import secrets_of
from userops.feedback.channels.mail.aside.keeping import put_aside
from userops.feedback.channels.models import AsideMail, Channel

pytestmark = pytest.mark.django_db
ROBOT = {"token": "geheimTok", "aes_key": "g" * 43, "robot_name": "小助手"}


@pytest.fixture
def call(make_client: Any, product: Any) -> Any:
    """`call("GET", "feedback-channels")` as a lead with a token."""
    client = make_client("lead", product)

    def ask(method: str, path: str, body: Any = None) -> Any:
        address = f"/api/products/{product.slug}/{path}"
        return client.generic(method, address, _json(body), "application/json")

    return ask


def _json(body: Any) -> bytes:
    import json

    return b"" if body is None else json.dumps(body).encode()


def test_a_robot_by_program(call: Any):
    made = call("POST", "feedback-channels", {"kind": "wecom", "name": "群", "settings": ROBOT})
    assert made.status_code == 200, made.content
    row = made.json()
    assert row["secrets_set"] == ["aes_key", "token"] and "/r/fb_" in row["address"]
    assert row["settings"]["robot_name"] == "小助手" and "geheim" not in made.content.decode()
    path = f"feedback-channels/{row['id']}"
    changed = call("PATCH", path, {"active": False, "settings": {"links_in_groups": True}}).json()
    assert changed["active"] is False and changed["settings"]["links_in_groups"] is True
    channel = Channel.objects.get()
    assert secrets_of(channel)["token"] == "geheimTok" and channel.options["robot_name"] == "小助手"
    assert call("POST", f"{path}/test").json() == {"tried": False}
    assert "geheim" not in call("GET", "feedback-channels").content.decode()
    assert call("DELETE", path).status_code == 204 and call("GET", path).status_code == 404


def test_forms_and_mailboxes_by_program(call: Any):
    form = call(
        "POST",
        "feedback-channels",
        {"kind": "form", "name": "官网", "settings": {"contact": "required"}},
    )
    assert form.json()["settings"]["contact"] == "required" and "/f/fb_" in form.json()["address"]
    box = {"address": "s@ops.cn", "imap": "imaps://u:geheim@imap.ops.cn/INBOX", "aside_days": 7}
    made = call("POST", "feedback-channels", {"kind": "mail", "name": "邮箱", "settings": box})
    assert made.json()["settings"]["aside_days"] == 7 and "geheim" not in made.content.decode()
    assert "imap" in made.json()["secrets_set"]


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        ("form", {"contact": "maybe"}),
        ("form", {"origins": ["javascript:x"]}),
        ("form", {"colour": 1}),
        ("mail", {"address": "x", "imap": "imaps://u:p@h"}),
        ("mail", {"address": "a@b.cn"}),
        ("mail", {"address": "a@b.cn", "imap": "http://h"}),
        ("wecom", {"token": "abc"}),
        ("wecom", {**ROBOT, "webhook": "https://evil.example.com/x"}),
        ("feishu", {"token": "x", "site": "other"}),
        ("dingtalk", {"app_secret": ["x"], "seen": 1}),
    ],
)
def test_what_is_wrong_is_refused(call: Any, kind: str, settings: dict[str, Any]):
    answer = call("POST", "feedback-channels", {"kind": kind, "name": "x", "settings": settings})
    assert answer.status_code == 400 and not Channel.objects.exists()


def test_mails_put_aside_by_program(call: Any):
    box = {"address": "s@ops.cn", "imap": "imaps://u:p@imap.ops.cn/INBOX"}
    key = call(
        "POST", "feedback-channels", {"kind": "mail", "name": "邮箱", "settings": box}
    ).json()["id"]
    raw = "From: li@e.cn\r\nSubject: x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n打不开".encode()
    row = put_aside(Channel.objects.get(pk=key), raw, AsideMail.Reason.UNREADABLE, "y")
    assert [each["id"] for each in call("GET", "aside-mails?reason=unreadable").json()] == [row.pk]
    assert call("GET", "aside-mails?reason=bounce").json() == []
    assert call("GET", f"aside-mails/{row.pk}").json()["text"] == "打不开"
    number = call("POST", f"aside-mails/{row.pk}/ticket").json()["ticket"]
    assert call("POST", f"aside-mails/{row.pk}/ticket").json() == {"ticket": number}
    assert call("DELETE", f"aside-mails/{row.pk}").status_code == 204
    assert call("GET", f"aside-mails/{row.pk}").status_code == 404
