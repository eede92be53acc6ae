"""The form as strangers meet it."""

from __future__ import annotations

import io
import json
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from userops.feedback.channels import holding
from userops.feedback.channels.actions import change_channel, secret_of
from userops.feedback.channels.models import Arrival
from userops.feedback.channels.speakers import signature_of
from userops.feedback.tickets.models import Message, Ticket


def picture() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (30, 20), "teal").save(out, "PNG")
    return SimpleUploadedFile("屏幕.png", out.getvalue(), "image/png")


def test_from_the_form_to_a_ticket(client: Any, open_form: Any, send: Any):
    channel = open_form()
    page = client.get(f"/f/{channel.key}")
    assert page.status_code == 200 and "stamp" in page.content.decode()
    answer = send(channel, "支付成功但订单没有生成", contact="li@example.com", files=[picture()])
    ticket = Ticket.objects.get(product=channel.product)
    assert answer.status_code == 302 and ticket.secret in answer["Location"]
    assert (ticket.status, ticket.channel, ticket.email) == ("new", "form", "li@example.com")
    assert ticket.language == "zh-hans"
    kept = ticket.messages.get(direction="in").attachments.get()
    assert (kept.name, kept.media_type) == ("屏幕.png", "image/png")
    assert f"#{ticket.number}" in client.get(answer["Location"]).content.decode()


def test_a_script_gets_json_and_keeps_what_was_typed(client: Any, open_form: Any, send: Any):
    channel = open_form(contact="required")
    asked = {"HTTP_X_REQUESTED_WITH": "fetch"}
    wrong = client.post(f"/f/{channel.key}", {"text": "", "contact": "?"}, **asked)
    assert wrong.status_code == 400
    assert set(wrong.json()["errors"]) == {"text", "contact"}
    plain = client.post(f"/f/{channel.key}", {"text": "写了很久的话", "contact": "?"})
    assert plain.status_code == 400 and "写了很久的话" in plain.content.decode()
    assert not Ticket.objects.exists()


def test_a_file_that_is_refused_says_so_and_nothing_comes_in(open_form: Any, send: Any):
    channel = open_form()
    evil = SimpleUploadedFile("holiday.png", b"MZ\x90\x00\x03\x00\x00\x00")
    answer = send(channel, "看这个", files=[picture(), evil])
    assert answer.status_code == 400 and "不接收" in answer.content.decode()
    assert not Ticket.objects.exists()


def test_sent_twice_is_one_ticket(client: Any, open_form: Any, send: Any):
    channel = open_form()
    page = client.get(f"/f/{channel.key}").content.decode()
    stamp = page.split('name="stamp" value="', 1)[1].split('"', 1)[0]
    for _each in range(2):
        client.post(f"/f/{channel.key}", {"text": "只说一次", "stamp": stamp})
    assert Ticket.objects.count() == 1


def test_robots_are_held_visible_with_their_reason(client: Any, open_form: Any, lead: Any):
    channel = open_form()
    answer = client.post(f"/f/{channel.key}", {"text": "buy now", "website": "http://spam"})
    assert answer.status_code == 302  # a robot learns nothing
    ticket = Ticket.objects.get()
    assert ticket.status == "spam"
    assert Arrival.objects.get().reasons == ["trap", "unread"]
    assert "看不到的字段" in ticket.messages.get(direction=Message.Direction.NOTE).text
    # released by hand, like any change of status
    from userops.feedback.tickets.actions import Change, change_ticket

    assert change_ticket(ticket, Change(status="new"), acting_user=lead).status == "new"


def test_one_sender_is_held_and_then_refused(open_form: Any, send: Any, monkeypatch: Any):
    monkeypatch.setattr(holding, "REFUSED_SENDER", 7)
    channel = open_form()
    answers = [send(channel, f"第{n}次反馈", address="203.0.113.9") for n in range(8)]
    assert [each.status_code for each in answers] == [302] * 7 + [429]
    held = Ticket.objects.filter(status="spam").count()
    assert held == 2
    assert send(channel, "另一个人", address="203.0.113.10").status_code == 302
    assert Ticket.objects.filter(status="new").count() == 6


def test_a_known_user_is_tied_to_his_profile_when_the_site_signs(
    open_form: Any, send: Any, product: Any, store: Any
):
    from userops.events.models import UserId

    UserId.objects.create(product=product, distinct_id="u7", uid=7)
    channel = open_form(signature=True)
    said = {"id": "u7", "device": "iPhone", "page": "https://shop.example.com/cart"}
    send(channel, "没有签名", user=json.dumps(said), query="?embed=1", address="198.51.100.1")
    good = {**said, "signature": signature_of(secret_of(channel), "u7")}
    send(channel, "有签名", user=json.dumps(good), query="?embed=1", address="198.51.100.2")
    bad = {**said, "signature": "0" * 64}
    send(channel, "错签名", user=json.dumps(bad), query="?embed=1", address="198.51.100.3")
    rows = {each.text: each for each in Ticket.objects.all()}
    assert rows["没有签名"].person is None and rows["没有签名"].channel == "widget"
    assert rows["有签名"].person == 7 and rows["有签名"].device == "iPhone"
    assert rows["错签名"].person is None and rows["错签名"].status == "spam"


def test_only_allowed_sites_may_frame_it(client: Any, open_form: Any):
    everyone, shop = open_form(), open_form(origins=("https://shop.example.com",))
    alone = client.get(f"/f/{shop.key}")
    framed = client.get(f"/f/{shop.key}?embed=1")
    assert "frame-ancestors 'none'" in alone["Content-Security-Policy"]
    assert "frame-ancestors https://shop.example.com" in framed["Content-Security-Policy"]
    assert "X-Frame-Options" not in framed and "sessionid" not in framed.cookies
    assert (
        "frame-ancestors *" in client.get(f"/f/{everyone.key}?embed=1")["Content-Security-Policy"]
    )


def test_languages_and_closed_doors(client: Any, open_form: Any, lead: Any):
    channel = open_form(title_en="Talk to us", title_zh="和我们说")
    assert "Talk to us" in client.get(f"/f/{channel.key}?language=en").content.decode()
    assert "和我们说" in client.get(f"/f/{channel.key}?language=zh-hans").content.decode()
    change_channel(channel, active=False, acting_user=lead)
    assert client.get(f"/f/{channel.key}").status_code == 404
    assert client.get("/f/fb_guess").status_code == 404


@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(
    fields=st.dictionaries(
        st.sampled_from(["text", "contact", "category", "website", "stamp", "user"]),
        st.text(max_size=120),
    ),
    query=st.sampled_from(["", "?embed=1", "?language=xx&theme=yy", "?embed=1&language=en"]),
)
def test_anything_may_be_sent(
    client: Any, open_form: Any, monkeypatch: Any, fields: dict[str, str], query: str
):
    from userops.feedback.channels.models import Channel

    channel = Channel.objects.first() or open_form()
    monkeypatch.setattr(holding, "REFUSED_SENDER", 10_000)
    monkeypatch.setattr(holding, "REFUSED_CHANNEL", 10_000)
    answer = client.post(f"/f/{channel.key}{query}", fields)
    assert answer.status_code in (302, 400)
    if answer.status_code == 302:
        assert client.get(answer["Location"]).status_code == 200
