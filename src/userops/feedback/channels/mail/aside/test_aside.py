"""Mails that became nothing are kept, looked at safely, decided about, and forgotten."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from userops.config import current
from userops.errors import NotAllowed
from userops.feedback.channels.mail.aside.actions import delete_aside, make_ticket
from userops.feedback.channels.mail.aside.keeping import drop_old, put_aside
from userops.feedback.channels.mail.taking import take_mail
from userops.feedback.channels.mail.test_mail import bounce, letter
from userops.feedback.channels.models import AsideMail
from userops.feedback.telling.models import Told
from userops.feedback.tickets.models import Ticket

pytestmark = pytest.mark.django_db


def files() -> int:
    return len(list((current().data / "quarantine").glob("mail-*.eml")))


def test_machines_that_belong_to_nothing_are_put_aside_once(open_mailbox: Any):
    channel, before = open_mailbox(), files()
    for raw in (bounce("<unknown@x>"), letter("我在休假", Auto_Submitted="auto-replied")):
        assert take_mail(channel, raw) is None and take_mail(channel, raw) is None
    assert not Ticket.objects.exists() and files() == before + 2
    found = {each.reason: each for each in AsideMail.objects.all()}
    assert set(found) == {"bounce", "automatic"}
    assert "5.1.1" in found["bounce"].detail and "休假" in found["automatic"].detail


def test_a_mail_becomes_a_ticket_once_and_nobody_is_told(
    open_mailbox: Any, lead: Any, make_user: Any, product: Any
):
    row = put_aside(open_mailbox(), letter("<b>打不开</b>"), AsideMail.Reason.UNREADABLE)
    with pytest.raises(NotAllowed):
        make_ticket(row, acting_user=make_user("operator", product))
    ticket = make_ticket(row, acting_user=lead)
    assert make_ticket(row, acting_user=lead) == ticket and Ticket.objects.count() == 1
    assert (ticket.channel, ticket.email, ticket.text) == (
        "mail",
        "li@example.com",
        "<b>打不开</b>",
    )
    assert not Told.objects.exists()
    count = files()
    delete_aside(row, acting_user=lead)
    assert files() == count - 1 and Ticket.objects.exists()


def test_they_are_forgotten_after_the_days_of_their_mailbox(open_mailbox: Any):
    channel = open_mailbox()
    for days, text in ((29, "一"), (31, "二")):
        row = put_aside(channel, letter(text), AsideMail.Reason.AUTOMATIC)
        AsideMail.objects.filter(pk=row.pk).update(at=datetime.now(UTC) - timedelta(days=days))
    assert drop_old() == 1
    channel.options["aside_days"] = 7
    channel.save()
    assert drop_old() == 1 and not AsideMail.objects.exists()


def test_the_page_shows_words_and_runs_nothing(
    client: Any, open_mailbox: Any, lead: Any, product: Any
):
    head = b"From: x@e.cn\r\nSubject: <script>alert(1)</script>\r\nContent-Type: text/html\r\n\r\n"
    evil = head + b"<img src=http://e.cn/seen><script>alert(2)</script>hello"
    row = put_aside(open_mailbox(), evil, AsideMail.Reason.UNREADABLE, "<i>x</i>")
    client.force_login(lead)
    base = f"/p/{product.slug}/feedback/channels/aside"
    for page in (base, f"{base}/{row.pk}", f"{base}?reason=unreadable"):
        shown = client.get(page).content.decode()
        assert "<script>alert" not in shown and "e.cn/seen" not in shown
    assert "hello" in client.get(f"{base}/{row.pk}").content.decode()
    assert client.get(f"{base}?reason=bounce").content.decode().count(f"/aside/{row.pk}") == 0
    moved = client.post(f"{base}/{row.pk}/decide", {"do": "ticket"})
    assert moved["Location"].endswith(f"/inbox/{Ticket.objects.get().number}")
    client.post(f"{base}/{row.pk}/decide", {"do": "delete"})
    assert not AsideMail.objects.exists()
    gone = put_aside(open_mailbox(), letter("x"), AsideMail.Reason.UNKNOWN)
    (current().data / "quarantine" / gone.stored).unlink()
    assert client.get(f"{base}/{gone.pk}").status_code == 302
