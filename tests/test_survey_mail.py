"""Invitations to surveys leave by a real mail server: in the reader's language, once, with a way to stop them."""

# ruff: noqa: F811 - fixtures of two slices, by their names

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest

from userops.experience.surveys.conftest import lead, people, running  # noqa: F401
from userops.experience.surveys.inviting import deliver_due, send_round
from userops.experience.surveys.models import Invitation
from userops.feedback.channels.mail.conftest import smtp  # noqa: F401
from userops.notices.outbox import BACK_OFF

pytestmark = pytest.mark.django_db


def mails(server: Any) -> list[EmailMessage]:
    """As a mail program reads them."""
    read = [message_from_bytes(each.content, policy=policy.default) for each in server.mails]
    return [each for each in read if isinstance(each, EmailMessage)]


def body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def test_each_is_asked_once_in_his_language(
    smtp: Any,
    store: Any,
    people: Any,
    running: Any,
    client: Any,
):
    people(1)
    people(1, language="en")  # the same person: what was said last counts
    survey = running(ways=("mail",))
    send_round(store, survey)
    deliver_due()
    deliver_due()
    send_round(store, survey)
    deliver_due()
    (mail,) = mails(smtp)
    assert smtp.mails[0].rcpt_tos == ["u0@example.com"] and mail["To"] == "u0@example.com"
    assert mail["Auto-Submitted"] == "auto-generated" and mail["Message-ID"].startswith("<survey-")
    plain, marked = body(mail, "plain"), body(mail, "html")
    link = re.findall(r"http\S+/s/\S+\?t=\S+", plain)[0]
    stop = str(mail["List-Unsubscribe"]).strip(" <>")
    assert "/stop?t=" in stop and stop in plain and stop in marked
    assert "Do not ask me any more" in marked and "不再" not in marked
    assert client.get(_path(link)).status_code == 200
    assert Invitation.objects.get().state == "sent"


def _path(address: str) -> str:
    return "/" + address.split("/", 3)[3]


def test_a_chinese_reader_reads_chinese_and_can_stop_it(
    smtp: Any,
    store: Any,
    people: Any,
    running: Any,
    client: Any,
):
    people(2, language="zh-CN")
    survey = running(ways=("mail",))
    send_round(store, survey)
    deliver_due()
    found = mails(smtp)
    assert {each["To"] for each in found} == {"u0@example.com", "u1@example.com"}
    assert len({each["Message-ID"] for each in found}) == 2
    assert re.search(r"[\u4e00-\u9fff]", str(found[0]["Subject"]))
    assert "Do not ask me" not in body(found[0], "html")
    stop = _path(str(found[0]["List-Unsubscribe"]).strip(" <>"))
    assert client.get(stop).status_code == 200
    client.post(stop)
    later = datetime.now(UTC) + timedelta(days=400)
    assert len(send_round(store, survey, later).eligible) <= 1


def test_what_the_server_did_not_take_is_sent_later_and_once(
    smtp: Any,
    store: Any,
    people: Any,
    running: Any,
):
    people(1)
    survey = running(ways=("mail",))
    smtp.refuse = True
    send_round(store, survey)
    now = datetime.now(UTC)
    deliver_due(now)
    row = Invitation.objects.get()
    assert row.state == "waiting" and row.tries == 1 and not smtp.mails
    deliver_due(now)
    row.refresh_from_db()
    assert row.tries == 1  # not before its time
    smtp.refuse = False
    for _time in range(3):
        deliver_due(now + BACK_OFF[0] + timedelta(seconds=1))
    assert len(smtp.mails) == 1
    row.refresh_from_db()
    assert row.state == "sent"
