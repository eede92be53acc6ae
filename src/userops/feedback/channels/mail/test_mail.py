"""Mails in and out: parsed, judged, threaded, fetched from a real server, sent by a real server."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage
from io import BytesIO
from typing import Any

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from userops.errors import Refused, StoreFailed
from userops.feedback.channels.mail.fetching import checked_address, fetch
from userops.feedback.channels.mail.judging import judged
from userops.feedback.channels.mail.parsing import parsed, safe_html, unquoted
from userops.feedback.channels.mail.taking import take_mail
from userops.feedback.channels.mail.threading import mark, plain_subject, ticket_of
from userops.feedback.channels.mail.writing import check_sending
from userops.feedback.channels.setting import attempt
from userops.feedback.tickets.actions import Change, answer, change_ticket
from userops.feedback.tickets.models import Message, Ticket

NOBODY: frozenset[str] = frozenset()


def letter(text: str = "付款后一直没有到账，请帮忙看看", **headers: str) -> bytes:
    mail = EmailMessage(policy=policy.SMTP)
    given = {"From": "李雷 <li@example.com>", "To": "support@ops.example.com", "Subject": "退款",
             "Message-ID": f"<{abs(hash((text, str(headers))))}@example.com>",
             **{name.replace("_", "-"): value for name, value in headers.items()}}  # fmt: skip
    for name, value in given.items():
        mail[name] = value
    mail.set_content(text)
    return mail.as_bytes()


def bounce(about: str) -> bytes:
    return (
        b"From: MAILER-DAEMON@mx.example.com\r\nTo: support@ops.example.com\r\nSubject: Undelivered\r\n"
        b"Message-ID: <b1@mx>\r\nReturn-Path: <>\r\nAuto-Submitted: auto-replied\r\n"
        b'Content-Type: multipart/report; report-type=delivery-status; boundary="x"\r\n\r\n'
        b"--x\r\nContent-Type: text/plain\r\n\r\nI could not deliver.\r\n"
        b"--x\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n"
        b"Final-Recipient: rfc822; li@example.com\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 no user\r\n\r\n"
        b"--x\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: "
        + about.encode()
        + b"\r\n\r\n--x--\r\n"
    )


def test_charsets_that_lie_or_are_unknown():
    words = "支付失败，页面提示“系统繁忙”，镕"  # the last letter is in gb18030 only
    for charset, said in (
        ("gb18030", "gb2312"),
        ("utf-8", "utf-8"),
        ("gb18030", "x-unknown"),
        ("utf-8", "us-ascii"),
    ):
        raw = (
            f"From: a@b.cn\r\nSubject: =?gb2312?B?1qe4ticg?=\r\nContent-Type: text/plain; charset={said}\r\n"
            "Content-Transfer-Encoding: 8bit\r\n\r\n"
        ).encode() + words.encode(charset)
        assert parsed(raw).text == words, (charset, said)


def test_html_is_made_safe_and_readable():
    markup = (
        "<html><head><style>p{}</style><title>t</title></head><body onload=x()><p>你好<br>第二行</p>"
        "<script>alert(1)</script><img src='http://track.example.com/1.gif'><a href='javascript:x()'>坏</a>"
        "<a href='https://good.example.com'>好</a><table><tr><th>耳机</th>"
        "<td>199</td></tr></table><form action=/x><input></form><iframe src=x></iframe></body></html>"
    )
    safe = safe_html(markup)
    for bad in ("script", "onload", "javascript", "<form", "<input", "iframe", "<style"):
        assert bad not in safe
    assert 'href="https://good.example.com"' in safe
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"], mail["Subject"] = "a@b.cn", "x"
    mail.set_content(markup, subtype="html")
    text = parsed(mail.as_bytes()).text
    assert text.startswith("你好\n第二行") and "耳机 199" in text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("还是不行\n\n> 旧的话\n> 更旧的", "还是不行"),
        (
            "Still broken\n\nOn Mon, 2 Mar 2026 at 10:00, Support <s@x.cn> wrote:\n> hi",
            "Still broken",
        ),
        ("好的谢谢\n\n在 2026年3月2日，客服 <s@x.cn> 写道：\n\n> 您好", "好的谢谢"),
        ("新的话\n\n------------------ 原始邮件 ------------------\n发件人: 客服", "新的话"),
        ("只有一句", "只有一句"),
        ("> 全是引用", "> 全是引用"),
    ],
)
def test_what_is_quoted_is_left_out(text: str, said: str):
    assert unquoted(text) == said


@pytest.mark.parametrize(
    ("raw", "writer"),
    [
        (letter(), "person"),
        (letter(Auto_Submitted="no"), "person"),
        (letter(Auto_Submitted="auto-replied (vacation)"), "machine"),
        (letter(Precedence="bulk"), "machine"),
        (letter(X_Autoreply="yes"), "machine"),
        (letter(List_Id="<news.example.com>"), "machine"),
        (letter(Subject="自动回复：休假中"), "machine"),
        (letter(Subject="Automatic reply: away"), "machine"),
        (letter(Subject="自动回复功能不能用了"), "person"),
        (letter(Subject="自动回复"), "machine"),
        (bounce("<x@y>"), "server"),
        (letter(From="Mail Delivery <mailer-daemon@mx.example.com>"), "server"),
    ],
)
def test_who_wrote_it(raw: bytes, writer: str):
    assert judged(parsed(raw), raw, NOBODY).writer == writer


def test_a_report_of_non_delivery_names_our_mail():
    raw = bounce("<told-1.7.abc@ops>")
    found = judged(parsed(raw), raw, NOBODY)
    assert found.about == ("<told-1.7.abc@ops>",)
    assert "5.1.1" in found.detail and "li@example.com" in found.detail


@settings(max_examples=60)
@given(st.binary(max_size=400), st.sampled_from([b"", b"Content-Type: multipart/mixed; boundary=x\r\n",
       b"Content-Type: text/plain; charset=\xff\r\n", b"Content-Type: message/rfc822\r\n",
       b"Subject: =?utf-8?q?=ff?=\r\nFrom: =?x?=\r\nDate: Mon, 99\r\n"]))  # fmt: skip
def test_any_bytes_are_a_mail(data: bytes, head: bytes):
    for raw in (data, head + data, head + b"\r\n" + data, letter()[:200] + data):
        mail = parsed(raw)
        judged(mail, raw, NOBODY)
        assert mail.id.startswith("<")


def test_a_mail_opens_a_ticket_and_its_answer_goes_on(open_mailbox: Any, product: Any):
    channel = open_mailbox()
    ticket = take_mail(channel, letter(Message_ID="<first@example.com>"))
    assert ticket is not None
    assert (ticket.channel, ticket.email, ticket.name) == ("mail", "li@example.com", "李雷")
    assert take_mail(channel, letter(Message_ID="<first@example.com>")) is None  # came twice
    more = take_mail(
        channel, letter("还是没有", Message_ID="<second@x>", In_Reply_To="<first@example.com>")
    )
    by_mark = take_mail(
        channel, letter("在吗", Message_ID="<third@x>", Subject=f"Re: 退款 {mark(ticket)}")
    )
    assert more == by_mark == ticket and Ticket.objects.count() == 1
    assert ticket.messages.filter(direction="in").count() == 3


def test_another_address_in_the_thread_is_named_once(open_mailbox: Any):
    channel = open_mailbox()
    ticket = take_mail(channel, letter(Message_ID="<first@example.com>"))
    assert ticket is not None
    for name in ("<a@x>", "<b@x>"):
        other = letter(From="han@example.com", Message_ID=name, In_Reply_To="<first@example.com>")
        assert take_mail(channel, other) == ticket
    take_mail(channel, letter("还在", In_Reply_To="<first@example.com>", Message_ID="<c@x>"))
    assert "han@example.com" in ticket.messages.get(direction="note").text


def test_a_mail_of_nobody_is_held_back_and_says_why(open_mailbox: Any):
    raw = b"From: =?utf-8?B?%%%?= <x@>\r\nSubject: =?gb2312?B?0LvQu8T6?=\r\n\r\nhi"
    ticket = take_mail(open_mailbox(), raw)
    assert ticket is not None
    # a broken header leaves the others readable
    assert (ticket.status, ticket.subject) == ("spam", "谢谢您")
    assert "发件人" in ticket.messages.get(direction="note").text


def test_a_mark_that_is_guessed_opens_nothing(open_mailbox: Any):
    channel = open_mailbox()
    victim = take_mail(channel, letter("机密"))
    assert victim is not None
    forged = take_mail(channel, letter("让我看看", Subject=f"Re: [#{victim.number}-0123456789]"))
    assert forged is not None and forged != victim
    assert ticket_of(victim.product, [f"<answer-1.{victim.number}.0123456789@x>"], "") is None
    assert plain_subject(f"Re: 回复：退款 {mark(victim)}") == "退款"


def test_machines_move_nothing(open_mailbox: Any, agent: Any, smtp: Any):
    channel = open_mailbox()
    ticket = take_mail(channel, letter(Message_ID="<first@example.com>"))
    assert ticket is not None
    change_ticket(ticket, Change(status="solved"), acting_user=agent)
    away = letter("我在休假", Auto_Submitted="auto-replied", In_Reply_To="<first@example.com>")
    take_mail(channel, away)
    take_mail(channel, away)
    message = answer(ticket, "已经退款", acting_user=agent)
    from userops.feedback.tickets.sending import send_due

    send_due()
    message.refresh_from_db()
    take_mail(channel, bounce(message.external_id))
    ticket.refresh_from_db()
    notes = list(ticket.messages.filter(direction="note").values_list("text", flat=True))
    assert len(notes) == 2 and "休假" in notes[0] and "550 no user" in notes[1]
    assert ticket.status == "solved"
    assert take_mail(channel, letter("newsletter", List_Id="<x>")) is None
    assert take_mail(channel, letter("me", From="support@ops.example.com")) is None
    assert Ticket.objects.count() == 1


def test_two_machines_that_are_not_known_as_such_come_to_rest(open_mailbox: Any):
    channel = open_mailbox()
    for number in range(30):
        take_mail(
            channel,
            letter(f"Your request was received, reference {number}", Subject=f"Ref {number}"),
        )
    assert Ticket.objects.exclude(status="spam").count() <= 5


def test_files_are_taken_or_named(open_mailbox: Any):
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"], mail["Subject"] = "li@example.com", "截图"
    mail.set_content("见附件")
    mail.add_attachment(
        b"MZ\x90\x00\x03\x00\x00", maintype="image", subtype="png", filename="a.png"
    )
    mail.add_attachment("日志".encode(), maintype="text", subtype="plain", filename="日志.log")
    ticket = take_mail(open_mailbox(), mail.as_bytes())
    assert ticket is not None
    kept = ticket.messages.get(direction="in").attachments.get()
    assert kept.name == "日志.log"
    assert "a.png" in ticket.messages.get(direction="note").text


def test_pictures_among_the_words_are_shown_from_the_mail_itself(
    open_mailbox: Any, client: Any, lead: Any, monkeypatch: Any
):
    picture = BytesIO()
    Image.new("RGB", (3, 3), "red").save(picture, "PNG")
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"], mail["Subject"] = "li@example.com", "截图"
    mail.set_content("见图")
    shown = '<p>见图 <img src="cid:a%20b@x" alt="&lt;img src=cid:a>"></p>'
    mail.add_alternative(f'{shown}<img src="cid:b@x"><img src="cid:none@x">', subtype="html")
    words = mail.get_payload()[1]
    words.add_related(picture.getvalue(), "image", "png", cid="<a b@x>")
    words.add_related(b"<svg onload='x'></svg>", "image", "svg+xml", cid="<b@x>")
    ticket = take_mail(open_mailbox(), mail.as_bytes())
    assert ticket is not None
    message = ticket.messages.get(direction="in")
    assert (
        message.attachments.filter(content_id="a b@x").exists() and not message.pictures_elsewhere
    )
    client.force_login(lead)
    address = reverse("tickets:looks", args=[ticket.product.slug, ticket.number, message.pk])
    frame = client.get(address)
    page = frame.content.decode()
    assert page.count('src="data:image/png;base64,') == 1 and page.count('src=""') == 2
    assert "img-src data:;" in frame["Content-Security-Policy"] and "svg" not in page
    # many uses of one large picture do not make an endless page
    monkeypatch.setattr("userops.feedback.tickets.looks.MOST_INLINE", 10)
    assert "data:image" not in client.get(address).content.decode()


@pytest.mark.usefixtures("private")
def test_from_a_real_imap_server_each_mail_once(imap: Any, open_mailbox: Any):
    channel = open_mailbox(imap=imap.url)
    imap.deliver(letter("第一封"))
    imap.deliver(letter("第二封", From="han@example.com"))
    assert fetch(channel) == 2
    assert fetch(channel) == 0
    imap.deliver(letter("第三封", From="wu@example.com"))
    channel.refresh_from_db()
    assert fetch(channel) == 1
    assert sorted(Ticket.objects.values_list("text", flat=True)) == ["第一封", "第三封", "第二封"]
    channel.refresh_from_db()
    assert channel.problem is None and channel.used is not None


@pytest.mark.usefixtures("private")
def test_a_mailbox_that_cannot_be_opened_says_so(imap: Any, open_mailbox: Any):
    channel = open_mailbox(imap=imap.url.replace("geheim", "wrong"))
    assert fetch(channel) == 0
    channel.refresh_from_db()
    assert "收信服务器" in channel.problem["zh"] and "wrong" not in str(channel.problem)
    assert "（[AUTHENTICATIONFAILED] Authentication failed）。" in channel.problem["zh"]


@pytest.mark.usefixtures("private")
def test_a_mailbox_is_tried_both_ways(imap: Any, smtp: Any, open_mailbox: Any, lead: Any):
    channel = open_mailbox(imap=imap.url, smtp=f"smtp://127.0.0.1:{smtp.port}")
    assert attempt(channel, acting_user=lead) == {"tried": True}
    closed = open_mailbox(imap=imap.url, smtp="smtp://127.0.0.1:1")
    with pytest.raises(StoreFailed, match=r"SMTP server refused \(Connection refused\)"):
        attempt(closed, acting_user=lead)
    assert smtp.mails == []


def test_servers_in_the_house_are_not_reached_unless_allowed(open_mailbox: Any):
    channel = open_mailbox(imap="imap://a:b@127.0.0.1:1/INBOX")
    assert fetch(channel) == 0
    channel.refresh_from_db()
    assert "内网" in channel.problem["zh"]
    with pytest.raises(Refused, match="private"):
        check_sending(open_mailbox(smtp="smtps://127.0.0.1:1"))


def test_told_and_answered_by_a_real_smtp_server_in_one_thread(
    open_mailbox: Any, agent: Any, smtp: Any
):
    from userops.feedback.telling.sending import send_due as tell_due
    from userops.feedback.tickets.sending import send_due

    ticket = take_mail(open_mailbox(), letter(Message_ID="<first@example.com>"))
    assert ticket is not None
    smtp.refuse = True
    assert tell_due() == 1 and ticket.told.get().state == "waiting"
    smtp.refuse = False
    ticket.told.update(due=ticket.opened)
    tell_due()
    tell_due()
    answer(ticket, "已经退款，请查收", acting_user=agent)
    send_due()
    told, answered = (
        message_from_bytes(each.content, policy=policy.default) for each in smtp.mails
    )
    assert told["Auto-Submitted"] == "auto-generated" and answered["Auto-Submitted"] is None
    assert told["In-Reply-To"] == answered["In-Reply-To"] == "<first@example.com>"
    assert "support@ops.example.com" in told["From"] and mark(ticket) in answered["Subject"]
    assert "已经退款" in answered.get_content() and ticket.secret in answered.get_content()
    reply = letter("收到了，谢谢", In_Reply_To=answered["Message-ID"])
    assert take_mail(open_mailbox(), reply) == ticket
    assert Message.objects.filter(ticket=ticket, direction="in").count() == 2


@pytest.mark.parametrize(
    "bad", ["", "http://x", "imaps://", "imaps://a b@c", "imaps://h:99999", "x" * 2_000]
)
def test_addresses_of_servers(bad: str):
    with pytest.raises(Refused):
        checked_address(bad, ("imaps", "imap"))
    good = "imaps://user:p%40ss@imap.example.com:993/INBOX"
    assert checked_address(f" {good} ", ("imaps", "imap")) == good


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(data=st.binary(max_size=300))
def test_any_bytes_in_a_mailbox_are_taken_calmly(open_mailbox: Any, data: bytes):
    from userops.feedback.channels.models import Channel

    channel = Channel.objects.first() or open_mailbox()
    take_mail(channel, b"From: a@b.cn\r\n" + data)
