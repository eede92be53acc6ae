"""Tickets: every action leaves the ticket, its history and the log in step."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from userops.errors import NotAllowed, NotFound, Refused
from userops.evidence.linking import links_of
from userops.feedback.sorting.models import Category, Team
from userops.feedback.tickets import actions
from userops.feedback.tickets.actions import Change, Incoming
from userops.feedback.tickets.actions.joining import thing
from userops.feedback.tickets.family import members_of
from userops.feedback.tickets.models import Message, Status, Ticket, TicketEvent
from userops.workspace.models import LogEntry


def kinds(ticket):
    return list(ticket.events.values_list("kind", flat=True))


def test_opened_answered_solved_reopened(product, agent, make_ticket):
    ticket = make_ticket("  退款没到账\n订单 123  ", email="a@example.com", channel="mail")
    assert (ticket.number, ticket.subject, ticket.status) == (1, "退款没到账", "new")
    sent = actions.answer(ticket, "已为您查询", acting_user=agent)
    ticket.refresh_from_db()
    assert sent.direction == "out" and sent.channel == "mail" and ticket.answered == sent.at
    assert ticket.status == Status.OPEN
    actions.change_ticket(ticket, Change(status="solved", severity="high"), acting_user=agent)
    assert ticket.solved and not ticket.closed
    actions.receive(ticket, Incoming("还是没有", channel="mail"))
    ticket.refresh_from_db()
    assert ticket.status == Status.OPEN and ticket.solved is None
    assert kinds(ticket) == [
        "opened", "answered", "status", "changed", "status", "received", "status",
    ]  # fmt: skip
    changed = ticket.events.get(kind="changed")
    assert changed.data == {"field": "severity", "from": "normal", "to": "high"}
    assert changed.by == agent
    log = LogEntry.objects.filter(product=product).order_by("pk").values_list("action", flat=True)
    assert list(log) == [f"ticket.{kind}" for kind in kinds(ticket)]


@pytest.mark.parametrize(
    ("name", "shown"),
    [("Li@Example.com", ""), ("'li@example.com'", ""), ("13800138000", ""), (" 李 雷 ", "李 雷")],
)
def test_a_contact_is_no_name(name, shown, make_ticket):
    ticket = make_ticket(name=name, email="li@example.com", phone="13800138000")
    assert (ticket.name, ticket.email) == (shown, "li@example.com")


def test_numbers_run_in_each_product(product, make_product, make_ticket):
    other = make_product()
    made = [make_ticket(), make_ticket()]
    foreign = actions.open_ticket(other, Incoming("x"), acting_user=None)
    assert [each.number for each in made] == [1, 2] and foreign.number == 1


def test_a_word_of_the_user_ends_waiting_but_not_spam(agent, make_ticket):
    ticket = make_ticket()
    actions.answer(ticket, "请补充订单号", status="waiting", acting_user=agent)
    assert ticket.status == Status.WAITING
    actions.receive(ticket, Incoming("订单 5"))
    assert Ticket.objects.get().status == Status.OPEN
    actions.change_ticket(ticket, Change(status="spam"), acting_user=agent)
    actions.receive(ticket, Incoming("买粉"))
    assert Ticket.objects.get().status == Status.SPAM
    with pytest.raises(Refused):
        actions.answer(ticket, "x", acting_user=agent)


def test_long_closed_goes_on_as_a_new_ticket(agent, make_ticket):
    ticket = make_ticket(distinct_id="u1")
    actions.change_ticket(ticket, Change(status="closed"), acting_user=agent)
    Ticket.objects.update(closed=datetime.now(UTC) - timedelta(days=40))
    said = actions.receive(ticket, Incoming("又出现了"))
    assert said.ticket.number == 2 and said.ticket.distinct_id == "u1"
    assert links_of(ticket.product, thing(ticket)) == [("related", thing(said.ticket), True)]


def test_merge_and_undo(agent, make_ticket):
    parent, child, grandchild = make_ticket("a"), make_ticket("b"), make_ticket("c")
    actions.change_ticket(child, Change(status="waiting"), acting_user=agent)
    actions.merge(child, [grandchild], acting_user=agent)
    actions.merge(parent, [child], acting_user=agent)
    assert [each.number for each in members_of(parent)] == [1, 2, 3]
    actions.receive(grandchild, Incoming("还有"))
    assert parent.messages.count() == 2
    with pytest.raises(Refused):
        actions.merge(child, [parent], acting_user=agent)
    with pytest.raises(Refused):
        actions.change_ticket(child, Change(status="open"), acting_user=agent)
    actions.unmerge(child, acting_user=agent)
    child.refresh_from_db()
    assert child.status == "waiting" and child.merged_into is None and child.closed is None
    assert [each.number for each in members_of(child)] == [2, 3]
    with pytest.raises(Refused):
        actions.unmerge(child, acting_user=agent)


def test_a_ticket_is_not_merged_into_its_own_child(agent, make_ticket):
    parent, child = make_ticket("a"), make_ticket("b")
    actions.merge(parent, [child], acting_user=agent)
    for wrong in ([], [parent], [child]):
        with pytest.raises(Refused):
            actions.merge(parent, wrong, acting_user=agent)


def test_split_takes_messages_and_copies_their_history(agent, make_ticket):
    ticket = make_ticket("退款")
    second = actions.receive(ticket, Incoming("另外，登录也不行"))
    reply = actions.answer(ticket, "登录已修复", acting_user=agent)
    first = ticket.messages.first()
    for wrong in ([reply.pk], [first.pk, second.pk], [second.pk, 10**9]):
        with pytest.raises(Refused):
            actions.split(ticket, wrong, acting_user=agent)
    fresh = actions.split(ticket, [second.pk, reply.pk], acting_user=agent)
    assert fresh.subject == "另外，登录也不行" and fresh.opened == second.at
    assert fresh.status == "open" and fresh.answered == reply.at
    assert list(ticket.messages.all()) == [first]
    assert kinds(fresh) == ["opened", "answered", "split", "related"]
    assert kinds(ticket)[:3] == ["opened", "received", "answered"]


def test_handed_over_to_a_team_of_this_product(product, make_product, agent, make_ticket):
    ticket = make_ticket()
    actions.change_ticket(ticket, Change(owner=agent.pk), acting_user=agent)
    tech = Team.objects.create(product=product, name="技术支持")
    actions.hand_over(ticket, tech, "请看日志", acting_user=agent)
    assert (ticket.status, ticket.team, ticket.owner) == ("handed_over", tech, None)
    assert ticket.messages.last().direction == Message.Direction.NOTE
    event = ticket.events.get(kind="handed_over")
    assert event.data == {"from": None, "to": tech.pk, "owner": agent.pk}
    other = Team.objects.create(product=make_product(), name="别家")
    for wrong in (tech, other):
        with pytest.raises(Refused):
            actions.hand_over(ticket, wrong, acting_user=agent)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("status", "lost"), ("severity", "x"), ("sentiment", "x"), ("owner", 10**9), ("team", 10**9),
        ("category", 10**9), ("subject", " "), ("subject", "x" * 301), ("area", "x" * 101),
    ],
)  # fmt: skip
def test_wrong_changes_are_refused_whole(field, value, agent, make_ticket):
    ticket = make_ticket()
    with pytest.raises(Refused):
        actions.change_ticket(
            ticket, Change(**{"complaint": True, field: value}), acting_user=agent
        )
    assert not Ticket.objects.get().complaint and TicketEvent.objects.count() == 1


def test_who_may_not(product, make_product, make_user, make_ticket):
    ticket = make_ticket()
    reader, stranger = make_user("leadership", product), make_user("lead", make_product())
    for user, wrong in ((reader, NotAllowed), (stranger, NotFound)):
        with pytest.raises(wrong):
            actions.open_ticket(product, Incoming("x"), acting_user=user)
        with pytest.raises(wrong):
            actions.answer(ticket, "x", acting_user=user)
        with pytest.raises(wrong):
            actions.add_note(ticket, "x", acting_user=user)
        with pytest.raises(wrong):
            actions.change_ticket(ticket, Change(status="solved"), acting_user=user)
    with pytest.raises(Refused):  # who does not handle tickets does not own one
        actions.change_ticket(ticket, Change(owner=reader.pk), acting_user=None)


@pytest.mark.parametrize("text", ["", "  \n", "\x00", "x" * 100_001])
def test_no_words_no_ticket(text, product):
    with pytest.raises(Refused):
        actions.open_ticket(product, Incoming(text), acting_user=None)
    assert not Ticket.objects.exists()


def test_what_is_sorted_goes_to_the_team_of_its_category_unless_somebody_has_it(
    product, agent, make_ticket
):
    money = Team.objects.create(product=product, name="财务")
    other = Team.objects.create(product=product, name="客服")
    paying = Category.objects.create(product=product, name="支付", path="支付", team=money)
    loose = Category.objects.create(product=product, name="其他", path="其他")
    sort = Change(category=paying.pk)
    ticket = actions.change_ticket(make_ticket(), sort, acting_user=None)
    assert ticket.team == money
    fields = [each["field"] for each in ticket.events.values_list("data", flat=True) if each]
    assert fields == ["category", "team"]
    assert actions.change_ticket(ticket, Change(category=loose.pk), acting_user=None).team == money
    given = actions.change_ticket(make_ticket(), Change(team=other.pk), acting_user=agent)
    assert actions.change_ticket(given, sort, acting_user=None).team == other
    owned = actions.change_ticket(make_ticket(), Change(owner=agent.pk), acting_user=agent)
    assert actions.change_ticket(owned, sort, acting_user=None).team is None
    both = Change(category=paying.pk, team=other.pk)
    assert actions.change_ticket(make_ticket(), both, acting_user=agent).team == other
    nobody = Change(category=paying.pk, team=None)
    assert (
        actions.change_ticket(make_ticket(), Change(category=loose.pk), acting_user=None).team
        is None
    )
    assert actions.change_ticket(make_ticket(), nobody, acting_user=agent).team == money
