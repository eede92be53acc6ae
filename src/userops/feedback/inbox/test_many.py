"""Many tickets at once: what it costs, and what one ticket refuses."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from userops.feedback.clocks.models import Policy
from userops.feedback.inbox.actions import change_many
from userops.feedback.rules.models import Rule, RuleCause
from userops.feedback.tickets.actions import Change, merge
from userops.feedback.tickets.models import Ticket, TicketEvent


def statements(product: Any, agent: Any, count: int, **change: Any) -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        found = change_many(product, range(1, count + 1), Change(**change), acting_user=agent)
    assert len(found.done) == count
    return len(asked)


def test_what_all_of_them_need_is_read_once(product: Any, agent: Any, make_ticket: Any):
    Policy.objects.create(product=product, name="all", first=60, resolution=600, position=0)
    for _ in range(30):
        make_ticket()
    few, many = (
        statements(product, agent, 3, owner=agent.pk),
        statements(product, agent, 30, severity="high"),
    )
    # a savepoint, the ticket, its line of history and of the log, its clocks: no policy, no member, no rule
    assert many <= few * 10 and many / 30 <= 11


def test_what_one_refuses_does_not_hold_up_the_others(product: Any, agent: Any, make_ticket: Any):
    tickets = [make_ticket() for _ in range(4)]
    merge(tickets[0], [tickets[1]], acting_user=agent)
    found = change_many(product, [1, 2, 3, 4, 99], Change(status="solved"), acting_user=agent)
    assert found.done == (1, 3, 4) and list(found.refused) == [2]
    assert set(Ticket.objects.filter(status="solved").values_list("number", flat=True)) == {1, 3, 4}
    solved = TicketEvent.objects.filter(kind="status", data__to="solved")
    assert sorted(solved.values_list("ticket__number", flat=True)) == [1, 3, 4]


def test_rules_are_tried_on_each_and_woken_once(
    product: Any,
    agent: Any,
    make_ticket: Any,
    monkeypatch: Any,
    django_capture_on_commit_callbacks: Any,
):
    from userops.feedback.rules import tasks

    document = {"when": {"cause": "status"}, "then": []}
    Rule.objects.create(
        product=product, name="x", cause="status", active=True, position=0, document=document
    )
    for _ in range(5):
        make_ticket()
    RuleCause.objects.all().delete()
    woken: list[int] = []
    monkeypatch.setattr(tasks, "fire", lambda: woken.append(1))
    with django_capture_on_commit_callbacks(execute=True):
        change_many(product, range(1, 6), Change(status="solved"), acting_user=agent)
    assert RuleCause.objects.count() == 5 and len(woken) == 1


def test_a_refused_permission_is_asked_of_each_call(product: Any, make_user: Any, make_ticket: Any):
    from userops.errors import NotAllowed

    make_ticket()
    with pytest.raises(NotAllowed):
        change_many(
            product, [1], Change(status="solved"), acting_user=make_user("leadership", product)
        )
    assert Ticket.objects.get().status == "new"
