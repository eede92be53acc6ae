"""Requirements: made, linked, ranked; who asked is told once, or it is said why not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from userops.errors import NotAllowed, NotFound, Refused
from userops.feedback.requirements import actions, announcing
from userops.feedback.requirements.actions import Wanted
from userops.feedback.requirements.asking import Askers
from userops.feedback.requirements.models import Announcement, Answer, Requirement
from userops.feedback.requirements.ranking import ranked
from userops.feedback.requirements.reading import of_product, preview, told_whole
from userops.feedback.telling.actions import resume_news, stop_news, write_wording
from userops.feedback.telling.models import Told
from userops.feedback.telling.sending import send_due
from userops.feedback.tickets.actions import Change, change_ticket, merge
from userops.feedback.tickets.models import Ticket
from userops.feedback.tickets.users import grouped
from userops.notices.models import Notice
from userops.workspace.models import LogEntry


def text_of(envelope: Any) -> str:
    mail = message_from_bytes(envelope.content, policy=policy.default)
    return str(mail.get_body(("plain",)).get_content())


def states(requirement: Requirement) -> list[str]:
    return sorted(each.state for each in Askers(requirement.product).of(requirement))


def tell_all(requirement: Requirement, user: Any, **more: Any) -> Announcement:
    made = actions.announce(requirement, acting_user=user, **more)
    return announcing.carry_out(made)


def test_made_changed_linked_and_told_in_its_history(product, owner, make_ticket, make_user):
    ticket = make_ticket("能不能导出", email="li@example.com")
    made = actions.create(
        product,
        Wanted(" 导出 ", reference="APP-7", address="https://jira.example.com/APP-7"),
        acting_user=owner,
    )
    assert (made.number, made.title, made.owner, made.status) == (1, "导出", owner, "planned")
    actions.change(made, Wanted("导出为 Excel"), acting_user=owner)
    assert actions.link_tickets(made, [ticket.number], acting_user=owner) == [ticket.number]
    assert actions.link_tickets(made, [ticket.number], acting_user=owner) == []
    actions.unlink_ticket(made, ticket.number, acting_user=owner)
    kinds = list(made.history.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["created", "changed", "linked", "unlinked"]
    assert list(ticket.events.filter(kind="asked").values_list("data__requirement", flat=True)) == [
        1,
        1,
    ]
    assert (
        LogEntry.objects.filter(action="requirement.linked", target="R1 导出为 Excel").count() == 1
    )
    for wrong in ("ftp://x", "javascript:alert(1)", "https://a b", "https://" + "x" * 500):
        with pytest.raises(Refused):
            actions.change(made, Wanted("x", address=wrong), acting_user=owner)
    with pytest.raises(NotFound):
        actions.link_tickets(made, [ticket.number, 999], acting_user=owner)
    with pytest.raises(NotAllowed):
        actions.create(product, Wanted("x"), acting_user=make_user("partner", product))


def test_everyone_who_asked_is_told_once(product, owner, make_ticket, make_requirement, smtp):
    li = make_ticket("导出", email="Li@example.com", language="zh-hans")
    again = make_ticket("还是想导出", email="li@example.com", distinct_id="u1", language="zh-hans")
    third = make_ticket("导出第三次", distinct_id="u1")
    english = make_ticket("Please export", email="ann@example.com", language="en")
    nobody = make_ticket("匿名想导出", channel="form")
    spam = make_ticket("买药", email="spam@example.com", spam=True)
    tickets = [li, again, third, english, nobody, spam]
    requirement = make_requirement(tickets, status="shipped")
    found = preview(requirement)
    assert (found.waiting, found.told, found.ways) == (3, 0, {"mail": 2, "page": 1})
    assert {name: each["users"] for name, each in found.texts.items()} == {"zh-hans": 2, "en": 1}
    assert tell_all(requirement, owner).told == 3
    send_due()
    assert sorted(str(each.rcpt_tos[0]).lower() for each in smtp.mails) == [
        "ann@example.com",
        "li@example.com",
    ]
    bodies = {str(each.rcpt_tos[0]).lower(): text_of(each) for each in smtp.mails}
    assert "“导出为 Excel”已经上线（版本 5.2）" in bodies["li@example.com"]
    assert (
        "“Export as Excel”" in bodies["ann@example.com"]
        and "(version 5.2)" in bodies["ann@example.com"]
    )
    # again, after it was taken back and shipped anew, after a merge, with a fourth ticket of the same user
    actions.set_status(requirement, "in_progress", acting_user=owner)
    actions.set_status(requirement, "shipped", version="5.3", acting_user=owner)
    merge(english, [nobody], acting_user=owner)
    fourth = make_ticket("怎么导出", email="li@example.com")
    actions.link_tickets(requirement, [fourth.number], acting_user=owner)
    assert tell_all(requirement, owner).told == 0
    assert states(requirement) == ["told", "told", "told"]
    send_due(datetime.now(UTC) + timedelta(hours=2))
    assert len(smtp.mails) == 2


def test_one_who_asks_later_is_offered_the_answer(
    client, product, agent, owner, make_ticket, make_requirement, smtp
):
    first = make_ticket(email="a@example.com")
    requirement = make_requirement([first], status="shipped")
    tell_all(requirement, owner)
    late, later = make_ticket(email="b@example.com"), make_ticket(email="c@example.com")
    actions.link_tickets(requirement, [late.number, later.number], acting_user=agent)
    client.force_login(agent)
    page = client.get(f"/p/{product.slug}/feedback/inbox/{late.number}").content.decode()
    assert "告诉用户" in page
    assert tell_all(requirement, agent, ticket=late).told == 1
    send_due()
    assert sorted(each.rcpt_tos[0] for each in smtp.mails) == ["a@example.com", "b@example.com"]
    page = client.get(f"/p/{product.slug}/feedback/inbox/{late.number}").content.decode()
    assert "已告知该用户" in page and "告诉用户" not in page


def test_never_those_who_want_no_news_or_have_no_mail_server(
    client, owner, make_ticket, make_requirement, smtp, settings
):
    mine, other = make_ticket(email="a@example.com"), make_ticket(email="b@example.com")
    second = make_ticket(email="a@example.com", distinct_id="u9")
    requirement = make_requirement([second, other], status="shipped")
    # a mail program does it for its reader: one POST, no redirect
    address = f"/t/{mine.secret}/news"
    assert client.get(address).status_code == 200
    assert states(requirement) == ["waiting", "waiting"]
    done = client.post(address, {"List-Unsubscribe": "One-Click"})
    assert done.status_code == 200
    assert preview(requirement).reasons == {"opted_out": 1}
    resume_news(mine)
    assert preview(requirement).waiting == 2
    stop_news(mine)
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    assert preview(requirement).reasons == {"opted_out": 1, "no_mail_server": 1}
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    assert tell_all(requirement, owner).told == 1
    send_due()
    (mail,) = smtp.mails
    assert mail.rcpt_tos == ["b@example.com"]
    read = message_from_bytes(mail.content, policy=policy.default)
    assert read["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert read["List-Unsubscribe"].endswith(f"/t/{other.secret}/news>")


def test_words_may_be_changed_or_switched_off(product, owner, make_ticket, make_requirement, smtp):
    one = make_ticket(email="a@example.com", language="zh-hans", subject="{version}")
    two = make_ticket("I want it", email="b@example.com", language="en")
    requirement = make_requirement([one, two], status="shipped")
    write_wording(product, "shipped", "en", subject="x", text="x", active=False, acting_user=owner)
    assert preview(requirement).reasons == {"off": 1}
    own = {"zh-hans": {"subject": "有了：{requirement}", "text": "{subject} {version} {nothing}"}}
    with pytest.raises(Refused):
        actions.announce(requirement, {"zh-hans": {"subject": "", "text": "x"}}, acting_user=owner)
    with pytest.raises(Refused):
        actions.announce(requirement, {"fr": own["zh-hans"]}, acting_user=owner)
    tell_all(requirement, owner, texts=own)
    told = Told.objects.get(moment="shipped")
    assert (told.subject, told.text) == ("有了：导出为 Excel", "{version} 5.2 {nothing}")


def test_only_what_has_shipped_and_one_announcement_at_a_time(owner, make_ticket, make_requirement):
    requirement = make_requirement([make_ticket()])
    with pytest.raises(Refused) as early:
        actions.announce(requirement, acting_user=owner)
    assert early.value.code == "requirement_not_shipped"
    actions.set_status(requirement, "shipped", acting_user=owner)
    made = actions.announce(requirement, acting_user=owner)
    with pytest.raises(Refused) as going:
        actions.announce(requirement, acting_user=owner)
    assert going.value.code == "announcement_going_on"
    actions.set_status(requirement, "declined", acting_user=owner)
    assert announcing.carry_out(made).told == 0 and made.finished


def test_taken_up_after_a_stop_between_parts(
    owner, make_ticket, make_requirement, smtp, monkeypatch
):
    tickets = [make_ticket(email=f"u{n}@example.com") for n in range(7)]
    requirement = make_requirement(tickets, status="shipped")
    monkeypatch.setattr(announcing, "PART", 3)
    made = actions.announce(requirement, acting_user=owner)

    real, calls = announcing._tell, []

    def dies(*given: Any) -> None:
        calls.append(given)
        if len(calls) == 5:  # in the middle of the second part
            raise KeyboardInterrupt
        real(*given)

    monkeypatch.setattr(announcing, "_tell", dies)
    with pytest.raises(KeyboardInterrupt):
        announcing.carry_out(made)
    assert Answer.objects.count() == 3
    monkeypatch.setattr(announcing, "_tell", real)
    from userops.feedback.requirements.tasks import announce_again

    announce_again.call_local()
    announce_again.call_local()
    send_due()
    assert sorted(each.rcpt_tos[0] for each in smtp.mails) == [
        f"u{n}@example.com" for n in range(7)
    ]
    assert (
        Notice.objects.get(user=owner, key__startswith="announcement-")
        .title["en"]
        .endswith("7 users are told")
    )


def test_a_mail_that_was_cut_short_is_not_sent_again_by_itself(
    owner, make_ticket, make_requirement, smtp
):
    requirement = make_requirement([make_ticket(email="a@example.com")], status="shipped")
    tell_all(requirement, owner)
    # the server stopped between giving the mail away and writing that down
    Told.objects.filter(moment="shipped").update(
        state="sending", due=datetime.now(UTC) - timedelta(minutes=1)
    )
    send_due()
    told = Told.objects.get(moment="shipped")
    assert (told.state, smtp.mails) == ("failed", [])
    assert "无法确定" in told.error["zh"]
    assert actions.send_again(requirement, acting_user=owner) == 1
    send_due()
    assert len(smtp.mails) == 1


def test_a_server_that_refuses_for_a_while_is_tried_again(
    owner, make_ticket, make_requirement, smtp
):
    requirement = make_requirement([make_ticket(email="a@example.com")], status="shipped")
    tell_all(requirement, owner)
    smtp.refuse = True
    send_due()
    smtp.refuse = False
    for hours in (1, 2, 3):
        send_due(datetime.now(UTC) + timedelta(hours=hours))
    assert len(smtp.mails) == 1


def test_ranked_by_users_then_by_what_they_paid(
    store, product, owner, make_ticket, make_requirement
):
    many = make_requirement([make_ticket(email=f"u{n}@x.com") for n in range(3)], title="多")
    few = make_requirement(
        [make_ticket(email="u1@x.com"), make_ticket(email="U1@x.com ")], title="少"
    )
    none = make_requirement(title="无")
    rows = ranked(store, product, of_product(product))
    assert [(each.requirement, each.users, each.tickets) for each in rows] == [
        (many, 3, 3),
        (few, 1, 2),
        (none, 0, 0),
    ]
    assert rows[0].value is None
    assert told_whole(rows[0])["preview"]["users"] == 3


def test_members_hear_how_far_it_is(make_user, product, owner, make_ticket, make_requirement):
    handler = make_user("operator", product, email="handler@example.com")
    ticket = make_ticket()
    change_ticket(ticket, Change(owner=handler.pk), acting_user=owner)
    requirement = make_requirement([ticket], status="shipped")
    (notice,) = Notice.objects.filter(user=handler, key__startswith="requirement-")
    assert notice.title["zh"] == f"需求 R{requirement.number}：已上线"
    assert not Notice.objects.filter(user=owner, key__startswith="requirement-").exists()


SPEAKERS = some.lists(
    some.tuples(
        some.sampled_from([None, 1, 2, 3]), some.sampled_from(["", "u1", "u2"]),
        some.sampled_from(["", "a@x.com", "A@x.com", "b@x.com"]), some.sampled_from(["", "1 3", "13"]),
    ),
    max_size=8,
)  # fmt: skip


@given(SPEAKERS)
@settings(max_examples=60)
def test_users_are_told_apart_as_by_hand(rows):
    """The oracle joins any two that share a key, until nothing changes."""
    tickets = [
        Ticket(pk=key, person=person, distinct_id=known, email=email, phone=phone)
        for key, (person, known, email, phone) in enumerate(rows, 1)
    ]
    root = {1: 1, 2: 1, 3: 3}  # 2 was merged into 1

    def same(one: Ticket, two: Ticket) -> bool:
        return (
            (
                one.person is not None
                and two.person is not None
                and root[one.person] == root[two.person]
            )
            or (one.distinct_id != "" and one.distinct_id == two.distinct_id)
            or (one.email != "" and one.email.lower() == two.email.lower())
            or (one.phone != "" and one.phone.replace(" ", "") == two.phone.replace(" ", ""))
        )

    groups = [{each.pk} for each in tickets]
    by_key = {each.pk: each for each in tickets}
    changed = True
    while changed:
        changed = False
        for left in groups:
            for right in groups:
                if left is not right and any(
                    same(by_key[a], by_key[b]) for a in left for b in right
                ):
                    left |= right
                    groups.remove(right)
                    changed = True
                    break
            if changed:
                break
    found = grouped(tickets, root.__getitem__)
    assert {frozenset(one.pk for one in each) for each in found} == {
        frozenset(each) for each in groups
    }
    assert [each[0].pk for each in found] == sorted(each[0].pk for each in found)
