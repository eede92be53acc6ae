"""Full-text search: Chinese by pairs, words by their beginning, the same on both databases."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from userops.feedback.tickets import actions
from userops.feedback.tickets.actions import Change, Incoming
from userops.feedback.tickets.models import Ticket
from userops.feedback.tickets.searching import matching, parts, tokens


def test_tokens():
    assert tokens("退款失败, iPhone15 Ｐｒｏ 退") == [
        "退款", "款失", "失败", "败", "iphone15", "pro", "退",
    ]  # fmt: skip
    assert tokens("a_b-c 3.2") == ["a", "b", "c", "3", "2"]
    assert tokens("") == []


@pytest.fixture
def found(product):
    return lambda text: sorted(
        matching(Ticket.objects.filter(product=product), text).values_list("number", flat=True)
    )


def test_found_by_what_was_said(found, agent, make_ticket):
    one = make_ticket("退款失败，一直没有到账")
    make_ticket("Refund never arrived, order A-77")
    make_ticket("失败的登录；款项无关", subject="登录")
    assert found("退款失败") == [1] and found("失败") == [1, 3] and found("败") == [1, 3]
    assert found("款失") == [1] and found("refu ARRIVED") == [2] and found("a 77") == [2]
    assert found("登录 失败") == [3] and found("登录 退款") == []
    assert found("") == found("，！") == []
    # what is syntax elsewhere is none here
    assert found('退款" OR "登录') == found("refund | 登录 & !x") == []
    actions.receive(one, Incoming("订单 98765"))
    actions.add_note(one, "银行通道故障", acting_user=agent)
    actions.change_ticket(one, Change(solution="人工打款"), acting_user=agent)
    assert found("98765") == found("通道故障") == found("人工打款") == [1]
    said = actions.receive(one, Incoming("发票呢"))
    fresh = actions.split(one, [said.pk], acting_user=agent)
    assert found("发票") == [fresh.number]
    Ticket.objects.filter(pk=one.pk).delete()
    assert found("退款失败") == []


@settings(max_examples=40)
@given(st.text(max_size=30), st.text(max_size=8))
def test_nothing_that_is_typed_breaks_it(said, asked):
    assert all(token.isalnum() or token in said for token in tokens(said))
    assert isinstance(parts(asked), list)


@pytest.mark.parametrize(
    "asked", ["'", '"', "*", ":*", "NEAR(a b)", "退*", "\x00", "%s", "a" * 900]
)
def test_syntax_is_harmless(asked, found, make_ticket):
    make_ticket("退款 near a b")
    assert isinstance(found(asked), list)
