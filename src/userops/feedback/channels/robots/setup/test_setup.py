"""A robot is set up by its page; what is secret is never shown again."""

from __future__ import annotations

from typing import Any

import pytest

from userops.feedback.channels.actions import secrets_of
from userops.feedback.channels.models import Channel
from userops.feedback.channels.robots.setup.asking import ASKED
from userops.feedback.channels.robots.setup.steps import STEPS

pytestmark = pytest.mark.django_db
GIVEN: dict[str, dict[str, str]] = {
    "wecom": {"token": "geheimTok", "aes_key": "g" * 43, "robot_name": "小助手"},
    "dingtalk": {"app_secret": "geheimSec", "app_key": "ding1"},
    "feishu": {"token": "geheimTok", "encrypt_key": "geheimKey", "site": "feishu"},
}


@pytest.mark.parametrize("kind", list(GIVEN))
def test_a_robot_is_made_and_changed(kind: str, client: Any, product: Any, lead: Any):
    client.force_login(lead)
    base = f"/p/{product.slug}/feedback/channels"
    assert client.get(f"{base}/new-robot/{kind}").status_code == 200
    made = client.post(f"{base}/new-robot/{kind}", {"name": "群机器人", **GIVEN[kind]})
    channel = Channel.objects.get()
    shown = client.get(made["Location"]).content.decode()
    assert f"/r/{channel.key}" in shown and "尚未收到回调" in shown
    assert all(step.zh.split("“")[0] in shown for step in STEPS[kind])
    edit = f"{base}/{channel.pk}/robot"
    pages = shown + client.get(edit).content.decode() + channel.sealed + str(channel.options)
    for each in ASKED[kind]:
        if each.secret and each.name in GIVEN[kind]:
            assert GIVEN[kind][each.name] not in pages
    site = {"site": "feishu"} if kind == "feishu" else {}
    client.post(edit, {"name": "新名", "links_in_groups": "on", "blocked": "发票", **site})
    channel.refresh_from_db()
    assert channel.name == "新名" and channel.options["links_in_groups"] is True
    kept = secrets_of(channel)
    assert all(kept[n] == v for n, v in GIVEN[kind].items() if n in kept)
    answered = client.post(f"{base}/{channel.pk}/robot/attempt", follow=True).content.decode()
    assert kind == "dingtalk" or "未设置应用凭证" in answered


def test_what_does_not_look_right_is_said_beside_its_field(client: Any, product: Any, lead: Any):
    client.force_login(lead)
    address = f"/p/{product.slug}/feedback/channels/new-robot/wecom"
    for wrong in (
        {"aes_key": "short"},
        {"agent_id": "x"},
        {"webhook": "https://evil.example.com/x"},
    ):
        page = client.post(address, {"name": "x", **GIVEN["wecom"], **wrong})
        assert page.status_code == 200 and not Channel.objects.exists()
    assert "平台" in page.content.decode() and "geheimTok" not in page.content.decode()
    assert client.get(address.replace("wecom", "form")).status_code == 404


def test_who_may_not(client: Any, product: Any, make_user: Any):
    client.force_login(make_user("operator", product))
    assert client.get(f"/p/{product.slug}/feedback/channels/new-robot/wecom").status_code == 403
