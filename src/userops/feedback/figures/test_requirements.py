"""What was asked for in a period, and what there was none of before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from userops.feedback.figures import requirements as figure
from userops.feedback.figures.rates import APPEARED, change_cell
from userops.feedback.figures.requirements import Requirements
from userops.feedback.requirements import actions, announcing
from userops.records.figure import NoRecords, Span

ZONE = ZoneInfo("Asia/Shanghai")


def test_what_there_was_none_of_before_is_new():
    assert change_cell(3, 2) == 0.5
    assert change_cell(3, 0) is APPEARED
    assert change_cell(0, 0) is None


def test_who_asked_in_the_period_and_who_was_told(make_ticket, make_user, product):
    owner = make_user("lead", product)
    now = datetime.now(UTC)
    old = make_ticket(email="a@x.com", channel="import", at=now - timedelta(days=40))
    same = make_ticket(email="A@x.com", channel="import")
    new = make_ticket(distinct_id="u2", channel="import")
    today = now.astimezone(ZONE).date()
    soon = now + timedelta(minutes=10)
    span = Span(product.pk, ZONE, soon, today - timedelta(days=6), today + timedelta(days=1))
    query = Requirements(product=product.slug)
    with pytest.raises(NoRecords):
        figure.run(query, span)
    shipped = actions.create(product, actions.Wanted("导出", "Export"), acting_user=owner)
    numbers = [each.number for each in (old, same, new)]
    actions.link_tickets(shipped, numbers, acting_user=owner)
    actions.set_status(shipped, "shipped", version="5.2", acting_user=owner)
    actions.create(product, actions.Wanted("没人要"), acting_user=owner)
    announcing.carry_out(actions.announce(shipped, acting_user=owner))
    found = figure.run(query, span)
    (row,) = found["requirements"]
    assert (row["users"], row["users_now"], row["told"]) == (2, 2, 2)
    assert (found["shipped"], found["users_told"]["k"], found["users_told"]["n"]) == (1, 2, 2)
    table = figure.table(query, found)
    assert [each.name for each in table.columns] == [
        "number", "title", "status", "version", "users_now", "users", "told",
    ]  # fmt: skip
    assert table.plain()[0][:2] == ("R1", "Export")
