"""The user is told what matters, in his language, once; his page; how it was."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from userops.errors import Refused
from userops.feedback.telling.actions import (
    CORRECTED_WITHIN,
    rate,
    restore_wording,
    write_wording,
)
from userops.feedback.telling.following import filled, follow
from userops.feedback.telling.models import Rating, Told
from userops.feedback.tickets.actions import Change, add_note, answer, change_ticket, merge
from userops.feedback.tickets.models import Ticket, TicketEvent
from userops.feedback.tickets.narrating import told as history


def moments(ticket: Ticket) -> list[str]:
    return list(
        Told.objects.filter(event__ticket=ticket).order_by("pk").values_list("moment", flat=True)
    )


def move(ticket: Ticket, status: str, user: Any) -> None:
    change_ticket(ticket, Change(status=status), acting_user=user)


def test_told_of_what_matters_once(make_ticket: Any, agent: Any):
    ticket = make_ticket(channel="form")
    for status in ("open", "waiting", "open", "solved", "closed", "open", "closed"):
        move(ticket, status, agent)
    assert moments(ticket) == ["received", "waiting", "solved", "reopened", "closed"]
    for event in ticket.events.all():
        follow(event)
    assert len(moments(ticket)) == 5


def test_silent_for_spam_imports_and_members(make_ticket: Any, agent: Any, product: Any):
    from userops.feedback.tickets.actions import Incoming, open_ticket

    spam = make_ticket(channel="form", spam=True)
    assert moments(spam) == []
    move(spam, "new", agent)  # released
    assert moments(spam) == ["received"]
    assert moments(make_ticket(channel="import")) == []
    assert moments(open_ticket(product, Incoming("电话里说的"), acting_user=agent)) == []


def test_being_told_is_no_first_answer(make_ticket: Any, agent: Any):
    ticket = make_ticket(channel="form")
    ticket.refresh_from_db()
    assert ticket.answered is None and ticket.spoken is None


def test_in_his_language_with_the_houses_words(make_ticket: Any, make_user: Any, product: Any):
    lead = make_user("lead", product)
    chinese = make_ticket(channel="form", language="zh-hans").told.get()
    english = make_ticket(channel="form", language="en").told.get()
    assert chinese.subject.startswith("已收到") and english.subject.startswith(
        "We have your feedback"
    )
    given = {"subject": "Got #{number}", "text": "Dear {name}, {link} {unknown}", "active": True}
    write_wording(product, "received", "en", **given, acting_user=lead)
    own = make_ticket(channel="form", language="en", name="{link}").told.get()
    assert own.subject == "Got #3" and own.text.startswith("Dear {link}, http")
    assert "{unknown}" in own.text
    write_wording(product, "received", "en", **{**given, "active": False}, acting_user=lead)
    assert moments(make_ticket(channel="form", language="en")) == []
    restore_wording(product, "received", "en", acting_user=lead)
    assert moments(make_ticket(channel="form", language="en")) == ["received"]


def test_variables_of_users_are_no_variables(make_ticket: Any):
    ticket = make_ticket("{link} {number}", channel="form")
    assert filled("{subject}", ticket) == "{link} {number}"


def test_the_page_of_progress(client: Any, make_ticket: Any, agent: Any):
    ticket = make_ticket("退款没有到账", channel="form")
    address = f"/t/{ticket.secret}?language=zh-hans"
    assert "退款没有到账" in client.get(address).content.decode()
    assert client.get("/t/guess").status_code == 404
    add_note(ticket, "内部：此人是大客户", acting_user=agent)
    answer(ticket, "已经为您催促银行", status="solved", acting_user=agent)
    page = client.get(address).content.decode()
    assert "已经为您催促银行" in page and "内部" not in page
    said = client.post(f"/t/{ticket.secret}/say", {"text": "还是没有"})
    assert said.status_code == 302
    ticket.refresh_from_db()
    assert ticket.status == "open"
    assert client.post(f"/t/{ticket.secret}/say", {"text": " "}).status_code == 400
    assert "frame-ancestors 'none'" in client.get(address)["Content-Security-Policy"]
    english = client.get(f"/t/{ticket.secret}?language=en").content.decode()
    assert "Somebody is working on it" in english


def test_of_a_merged_ticket_nothing_of_the_other_user_is_shown(
    client: Any, make_ticket: Any, agent: Any
):
    other = make_ticket("别人的隐私", channel="form")
    mine = make_ticket("我的话", channel="form")
    merge(other, [mine], acting_user=agent)
    answer(other, "给别人的回复", acting_user=agent)
    client.post(f"/t/{mine.secret}/say", {"text": "我又说了一句"})
    page = client.get(f"/t/{mine.secret}").content.decode()
    assert "我又说了一句" in page and "我的话" in page
    assert "隐私" not in page and "给别人的回复" not in page


def test_files_of_others_are_not_served(client: Any, make_ticket: Any, product: Any, agent: Any):
    from userops.feedback.files.keeping import keep
    from userops.feedback.tickets.incoming import File

    seen, hidden = keep(product, "a.txt", b"seen"), keep(product, "b.txt", b"hidden")
    mine = make_ticket(channel="form", files=(File.of(seen),))
    add_note(mine, "附件", files=(File.of(hidden),), acting_user=agent)
    good = client.get(f"/t/{mine.secret}/files/{seen.key}")
    assert b"".join(good.streaming_content) == b"seen"
    assert client.get(f"/t/{mine.secret}/files/{hidden.key}").status_code == 404
    other = make_ticket(channel="form")
    assert client.get(f"/t/{other.secret}/files/{seen.key}").status_code == 404


def test_rated_once_for_each_ending_and_corrected_for_some_days(make_ticket: Any, agent: Any):
    ticket = make_ticket(channel="form")
    with pytest.raises(Refused):
        rate(ticket, 5)
    move(ticket, "solved", agent)
    start = datetime.now(UTC)
    rate(ticket, 2, "太慢", now=start)
    move(ticket, "closed", agent)  # the same ending
    rate(ticket, 4, now=start + timedelta(days=1))
    assert Rating.objects.get().score == 4
    with pytest.raises(Refused) as late:
        rate(ticket, 1, now=start + CORRECTED_WITHIN + timedelta(seconds=1))
    assert late.value.code == "rating_final"
    move(ticket, "open", agent)
    move(ticket, "closed", agent)
    rate(ticket, 5)
    assert list(ticket.ratings.values_list("score", flat=True)) == [4, 5]
    told = (
        ticket.events.filter(kind=TicketEvent.Kind.CHANGED)
        .order_by("pk")
        .values_list("data", flat=True)
    )
    assert [each["to"] for each in told if each["field"] == "rating"] == [2, 4, 5]
    rate(ticket, 1, "等太久")
    assert history(ticket.events.order_by("pk"))[-1].words.zh == "满意度评价：5 → 1，“等太久”"


def test_rated_on_the_page(client: Any, make_ticket: Any, agent: Any):
    ticket = make_ticket(channel="form")
    assert client.post(f"/t/{ticket.secret}/rating", {"score": "5"}).status_code == 400
    move(ticket, "solved", agent)
    for nonsense in ("", "0", "6", "12", "x"):
        assert client.post(f"/t/{ticket.secret}/rating", {"score": nonsense}).status_code == 400
    assert (
        client.post(f"/t/{ticket.secret}/rating", {"score": "5", "text": "好"}).status_code == 302
    )
    assert ticket.ratings.get().text == "好"


def test_the_page_of_progress_is_a_variable(make_ticket: Any, agent: Any, product: Any):
    """As in canned replies; a user's own words bring no variables."""
    from userops.feedback.inbox.replying import filled as reply
    from userops.feedback.telling.following import progress_address

    ticket = make_ticket(channel="form", subject="{progress} {{number}}")
    address = progress_address(ticket)
    assert f"/t/{ticket.secret}" in address
    assert (
        filled("{{progress}} {progress} {link} {{x}}", ticket)
        == f"{address} {address} {address} {{{{x}}}}"
    )
    assert filled("{subject}", ticket) == "{progress} {{number}}"
    assert reply("见 {{ progress }}", ticket, agent) == f"见 {address}"
