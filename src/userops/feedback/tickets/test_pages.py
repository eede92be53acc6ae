"""The page of a ticket: answered, noted, changed, handed over, merged and split by its forms."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from userops.config import current
from userops.events.records import Event
from userops.feedback.inbox.models import Macro
from userops.feedback.sorting.models import Team
from userops.feedback.tickets.actions import Change, add_note, answer, change_ticket
from userops.feedback.tickets.models import Attachment, Message, Sending, Ticket, Watching
from userops.feedback.tickets.telling import mentionable, mentioned
from userops.notices.models import Notice


@pytest.fixture
def at(product):
    return lambda rest: f"/p/{product.slug}/feedback/inbox/{rest}"


def test_worked_on_by_its_page(client, product, agent, make_user, make_ticket, at):
    make_ticket("退款 <b>失败</b>", name="王")
    client.force_login(agent)
    colleague = make_user("partner", product, email="tech.wu@example.com")
    assert client.post(at("1/answer"), {"text": "请补充", "status": "waiting"}).status_code == 302
    client.post(at("1/note"), {"text": "@tech.wu 看一下，@nobody 也是"})
    client.post(at("1/change"), {"severity": "high", "owner": "me", "solution": "补单"})
    team = Team.objects.create(product=product, name="技术支持")
    team.members.add(colleague)
    client.post(at("1/hand-over"), {"team": team.pk, "text": "日志在附件"})
    ticket = Ticket.objects.get()
    assert (ticket.status, ticket.severity, ticket.solution) == ("handed_over", "high", "补单")
    told = list(Notice.objects.filter(user=colleague).values_list("title__en", flat=True))
    assert sorted(told) == [
        "Ticket #1 is handed over to 技术支持",
        "You are mentioned in ticket #1",
    ]
    text = client.get(at("1")).content.decode()
    assert "退款 &lt;b&gt;失败" in text and "请补充" in text and "技术支持" in text
    assert client.post(at("1/explode")).status_code == 404
    refused = client.post(at("1/answer"), {"text": " "})
    assert refused.status_code == 409 and "退款 &lt;b&gt;失败" in refused.content.decode()
    assert ticket.messages.filter(direction="out").count() == 1


def test_an_answer_that_was_not_delivered_says_why_in_the_readers_language(
    client, product, agent, make_ticket, at
):
    answer(make_ticket(), "已补发", acting_user=agent)
    problem = {"zh": "尚未设置发信服务器", "en": "No mail server is set"}
    Sending.objects.update_or_create(
        message=Message.objects.get(direction="out"),
        defaults={"state": "failed", "error": problem, "due": datetime.now(UTC)},
    )
    client.force_login(agent)
    for language, shown in (("zh-hans", "尚未设置发信服务器"), ("en", "No mail server is set")):
        page = client.get(at("1"), headers={"Accept-Language": language}).content.decode()
        assert f": {shown}<" in page and "{&#x27;zh&#x27;" not in page


def test_whom_a_note_tells(product, make_user):
    """Chinese goes on behind a name without a space; the longer name is meant; two of a name are told apart."""
    for email, name in (
        ("lin@x.com", "林悦"),
        ("ly@x.com", "林悦悦"),
        ("zhou@x.com", "周扬"),
        ("z2@x.com", "周扬"),
    ):
        user = make_user("operator", product, email=email)
        user.name = name
        user.save()

    def told(text):
        return sorted(each.email for each in mentioned(product, text))

    assert told("@林悦请看一下") == told("转@林悦，谢谢") == told("@林悦 看") == ["lin@x.com"]
    assert told("@林悦悦请看") == ["ly@x.com"] and told("@z2@x.com 看") == ["z2@x.com"]
    assert told("@lin请看") == told("a@林悦") == told("@林") == []
    written = dict(mentionable(product))
    assert written["林悦"] == "林悦" and written["z2@x.com"] == "周扬 · z2@x.com"
    assert "周扬" not in written


def test_files_go_with_answers_and_notes_and_a_refused_one_leaves_nothing(
    client, product, agent, make_ticket, at
):
    make_ticket("退款失败", name="王")
    client.force_login(agent)
    log = SimpleUploadedFile("日志.txt", "退款成功".encode())
    assert client.post(at("1/answer"), {"text": "凭证见附件", "files": [log]}).status_code == 302
    note = SimpleUploadedFile("a.txt", b"found")
    client.post(at("1/note"), {"text": "排查", "files": [note]})
    kept = Attachment.objects.order_by("pk")
    assert [(each.name, each.message.direction) for each in kept] == [
        ("日志.txt", "out"), ("a.txt", "note"),
    ]  # fmt: skip
    body = b"".join(client.get(at(f"1/files/{kept[0].pk}")).streaming_content)
    assert body.decode() == "退款成功"

    def stored() -> int:
        return sum(each.is_file() for each in (current().data / "feedback").rglob("*"))

    before = stored()
    program = SimpleUploadedFile("x.txt", b"MZ\x90\x00" + bytes(200))
    refused = client.post(at("1/answer"), {"text": "再看", "files": [program]})
    assert refused.status_code == 409 and "再看" in refused.content.decode()
    good = SimpleUploadedFile("b.txt", b"good")
    assert client.post(at("1/answer"), {"text": "", "files": [good]}).status_code == 409
    assert Attachment.objects.count() == 2
    assert stored() == before


def test_no_second_answer_is_sent_unseen(client, product, agent, make_user, make_ticket, at):
    ticket = make_ticket("退款", name="王")
    seen = ticket.messages.get().pk
    colleague = make_user("operator", product, email="xiaoli@example.com")
    answer(ticket, "已退款", acting_user=colleague)
    client.force_login(agent)
    form = {"text": "马上 <退>", "status": "solved", "seen": seen}
    asked = client.post(at("1/answer"), form)
    page = asked.content.decode()
    assert (
        asked.status_code == 409
        and "xiaoli@example.com 刚刚回复了用户" in page
        and "已退款" in page
    )
    assert (
        "马上 &lt;退&gt;</textarea>" in page
        and ticket.messages.filter(direction="out").count() == 1
    )
    newest = ticket.messages.latest("pk").pk
    assert f'name="seen" value="{newest}"' in page
    # seen and still wanted
    assert client.post(at("1/answer"), form | {"seen": newest}).status_code == 302
    assert ticket.messages.filter(direction="out").count() == 2
    # a note of a colleague is no reason to ask
    newest = ticket.messages.latest("pk").pk
    add_note(ticket, "看一下", acting_user=colleague)
    assert client.post(at("1/answer"), form | {"seen": newest}).status_code == 302


def test_what_a_colleague_set_meanwhile_stays(client, agent, make_ticket, at):
    ticket = make_ticket("退款")
    change_ticket(ticket, Change(severity="urgent"), acting_user=None)
    client.force_login(agent)
    form = {
        "severity": "normal",
        "was_severity": "normal",
        "complaint": "yes",
        "was_complaint": "no",
    }
    client.post(at("1/change"), form)
    ticket.refresh_from_db()
    assert ticket.severity == "urgent" and ticket.complaint


def test_colleagues_see_each_other(client, product, agent, make_user, make_ticket, at):
    ticket = make_ticket("退款")
    client.force_login(make_user("operator", product, email="xiaoli@example.com"))
    client.get(at("1"))
    client.post(at("1/watch"), {"writing": "yes"})
    client.force_login(agent)
    page = client.get(at("1")).content.decode()
    assert "xiaoli@example.com 正在写" in page
    shown = page.partition('name="shown" value="')[2].partition('"')[0]
    assert client.post(at("1/watch"), {"shown": shown}).status_code == 204
    add_note(ticket, "新内容", acting_user=None)
    news = client.post(at("1/watch"), {"shown": shown})
    assert (
        news["HX-Trigger"] == "ticket-changed"
        and "xiaoli@example.com 正在写" in news.content.decode()
    )
    # who went away is shown no more
    Watching.objects.update(seen=datetime.now(UTC) - timedelta(minutes=1))
    assert "xiaoli" not in client.post(at("1/watch"), {"shown": shown}).content.decode()


def test_merged_after_a_look_and_undone(client, agent, make_ticket, at):
    make_ticket("a", email="a@example.com")
    make_ticket("b", email="b@example.com")
    client.force_login(agent)
    look = client.get(at("merge"), {"ticket": ["2", "1"]}, headers={"Accept-Language": "en"})
    assert "not all of the same user" in look.content.decode()
    mistyped = client.get(at("merge"), {"ticket": ["2", "99"]}).content.decode()
    assert "没有工单 99" in mistyped and 'name="into" value="99"' not in mistyped
    assert client.get(at("merge")).status_code == 404
    done = client.post(at("merge"), {"ticket": ["1", "2"], "into": "2"})
    assert done.url == at("2")
    assert Ticket.objects.get(number=1).merged_into.number == 2
    assert client.get(at("1")).status_code == 200 and client.get(at("2")).status_code == 200
    client.post(at("1/unmerge"))
    assert Ticket.objects.get(number=1).merged_into is None
    client.post(at("1/relate"), {"number": "#2"})
    assert "#2 b" in client.get(at("1")).content.decode()
    client.post(at("1/unrelate"), {"number": "2"})
    client.post(at("1/macro"), {"macro": Macro.objects.create(
        product=Ticket.objects.get(number=1).product, name="m", note="看过").pk})  # fmt: skip
    assert Ticket.objects.get(number=1).messages.count() == 2


def test_who_speaks(client, store, product, agent, make_user, make_ticket, at):
    now = int(time.time() * 1000)
    rows = [
        Event(event=name, distinct_id="u1", ts=now - 1000 * n, uuid=uuid4(), properties={})
        for n, name in enumerate(
            ["open"] * 20 + ["pay_failed"]
        )  # trouble is looked for further back
    ]
    store.ingest.submit(product.pk, "test", rows)
    make_ticket("支付失败，一直转圈", distinct_id="u1", phone="13800138000")
    make_ticket("支付失败，一直在转圈", distinct_id="u1")
    client.force_login(agent)
    seen = client.get(at("1/speaker"), headers={"Accept-Language": "en"}).content.decode()
    assert "Errors met lately" in seen and "pay_failed" in seen
    assert "The same user also wrote" in seen and "Perhaps the same matter" in seen
    assert "13800138000" in client.get(at("1")).content.decode()
    client.force_login(make_user("partner", product))
    masked = client.get(at("1")).content.decode()
    assert "13800138000" not in masked and "13*******00" in masked
    assert "pay_failed" not in client.get(at("1/speaker")).content.decode()


def test_a_mail_is_shown_as_it_was_formatted_in_a_frame_where_nothing_runs(
    client, product, agent, make_ticket, at
):
    ticket = make_ticket("你好", html='<p>你好</p><img src="https://track.example.com/1.gif">')
    other = make_ticket("无格式")
    message = ticket.messages.get()
    client.force_login(agent)
    page = client.get(at("1")).content.decode()
    frame = at(f"1/messages/{message.pk}")
    assert f'src="{frame}"' in page and f'href="{frame}?images=yes"' in page
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page
    assert "track.example.com" not in page and "<iframe" not in client.get(at("2")).content.decode()
    for address, images in (
        (frame, "img-src data:;"),
        (f"{frame}?images=yes", "img-src data: http:"),
    ):
        shown = client.get(address)
        policy = shown["Content-Security-Policy"]
        assert "default-src 'none'" in policy and images in policy and "script" not in policy
        assert "sandbox allow-popups" in policy and "same-origin" not in policy
        assert shown["X-Frame-Options"] == "SAMEORIGIN" and "<p>你好</p>" in shown.content.decode()
    assert client.get(at(f"2/messages/{message.pk}")).status_code == 404
    assert client.get(at(f"2/messages/{other.messages.get().pk}")).status_code == 404
