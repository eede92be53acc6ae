"""Fixtures of the feedback desk: members, and tickets in few words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture
def agent(make_user: Any, product: Any) -> Any:
    """A member who handles tickets."""
    return make_user("operator", product)


@pytest.fixture
def make_ticket(product: Any) -> Callable[..., Any]:
    """`make_ticket("text", channel="mail", …) -> Ticket`, opened by a channel."""
    from userops.feedback.tickets.actions import Incoming, open_ticket

    def make(text: str = "退款一直没有到账", **fields: Any) -> Any:
        return open_ticket(product, Incoming(text, **fields), acting_user=None)

    return make
