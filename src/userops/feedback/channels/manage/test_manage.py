"""The pages on which members set channels up, and write tickets down."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from userops.errors import NotAllowed
from userops.feedback.channels.actions import (
    change_channel,
    create_channel,
    renew_signing,
    secret_of,
)
from userops.feedback.channels.models import Channel
from userops.feedback.tickets.models import Ticket


def test_a_form_is_made_changed_paused_and_deleted(client: Any, product: Any, make_user: Any):
    client.force_login(make_user("lead", product))
    base = f"/p/{product.slug}/feedback/channels"
    given = {"name": "官网", "contact": "required", "attachments": "on", "origins": "https://a.cn"}
    page = client.post(f"{base}/new", given)["Location"]
    channel = Channel.objects.get()
    assert channel.form.contact == "required" and channel.form.origins == ("https://a.cn",)
    shown = client.get(page).content.decode()
    assert channel.key in shown and "frame-src" in shown
    wrong = client.post(f"{base}/new", {**given, "origins": "javascript:x"}).content.decode()
    assert "https://shop.example.com" in wrong and Channel.objects.count() == 1
    client.post(f"{base}/{channel.pk}/edit", {**given, "name": "门店"})
    before = secret_of(channel)
    for do in ("pause", "renew"):
        client.post(f"{base}/{channel.pk}/change", {"do": do})
    channel.refresh_from_db()
    assert (channel.name, channel.active) == ("门店", False) and secret_of(channel) != before
    client.post(f"{base}/{channel.pk}/change", {"do": "delete"})
    assert not Channel.objects.exists()


def test_a_mailbox_keeps_its_secrets(client: Any, product: Any, make_user: Any):
    client.force_login(make_user("lead", product))
    base = f"/p/{product.slug}/feedback/channels"
    given = {"name": "邮箱", "address": "s@ops.cn", "imap": "imaps://u:geheim@imap.ops.cn/INBOX"}
    page = client.post(f"{base}/new-mailbox", given)["Location"]
    channel = Channel.objects.get()
    assert "geheim" not in client.get(page).content.decode() + channel.sealed + str(channel.options)
    channel.options["seen"] = {"validity": 1, "uid": 7}
    channel.save()
    edit = f"{base}/{channel.pk}/mailbox"
    assert "geheim" not in client.get(edit).content.decode()
    client.post(edit, {"name": "客服", "address": "s@ops.cn"})
    channel.refresh_from_db()
    from userops.feedback.channels.actions import secrets_of

    assert secrets_of(channel)["imap"] == given["imap"] and channel.options["seen"]["uid"] == 7
    bad = client.post(
        f"{base}/new-mailbox", {**given, "imap": "http://u:geheim@x"}
    ).content.decode()
    assert "imaps://user:password@host" in bad and "geheim" not in bad
    assert (
        bad.index("invalid") < bad.index('id="id_imap"') < bad.index('role="alert"')
    )  # beside its field


def test_who_may_not(product: Any, make_user: Any):
    operator, lead = make_user("operator", product), make_user("lead", product)
    with pytest.raises(NotAllowed):
        create_channel(product, "form", "x", {}, acting_user=operator)
    channel = create_channel(product, "form", "x", {}, acting_user=lead)
    with pytest.raises(NotAllowed):
        change_channel(channel, name="y", acting_user=operator)
    with pytest.raises(NotAllowed):
        renew_signing(channel, acting_user=operator)


def test_a_ticket_written_down(client: Any, product: Any, make_user: Any):
    client.force_login(make_user("partner", product))
    file = SimpleUploadedFile("电话.txt", "记录".encode())
    given = {"text": "用户来电说收不到验证码", "contact": "13800138000", "origin": "电话",
             "severity": "high", "complaint": "on", "files": file}  # fmt: skip
    client.post(f"/p/{product.slug}/feedback/new", given)
    ticket = Ticket.objects.get()
    assert (ticket.channel, ticket.channel_key, ticket.phone) == ("manual", "电话", "13800138000")
    assert ticket.severity == "high" and ticket.complaint and not ticket.told.exists()
    assert ticket.messages.get().attachments.get().name == "电话.txt"
