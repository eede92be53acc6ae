"""Fixtures: a requirement, and who makes it. Mail leaves to a real server (`smtp`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from userops.feedback.channels.mail.conftest import smtp

__all__ = ["smtp"]


@pytest.fixture
def make_ticket(product: Any) -> Callable[..., Any]:
    """As the desk's own, but brought in from a list: nobody is told that it came in."""
    from userops.feedback.tickets.actions import Incoming, open_ticket

    def make(text: str = "希望可以导出", *, channel: str = "import", **fields: Any) -> Any:
        return open_ticket(product, Incoming(text, channel=channel, **fields), acting_user=None)

    return make


@pytest.fixture
def owner(make_user: Any, product: Any) -> Any:
    return make_user("lead", product, email="owner@example.com")


@pytest.fixture
def make_requirement(product: Any, owner: Any) -> Callable[..., Any]:
    """`make_requirement(tickets, status="shipped") -> Requirement`."""
    from userops.feedback.requirements import actions

    def make(
        tickets: Any = (), *, title: str = "导出为 Excel", status: str = "planned", **more: Any
    ) -> Any:
        wanted = actions.Wanted(title, title_en="Export as Excel", **more)
        made = actions.create(product, wanted, acting_user=owner)
        if tickets:
            numbers = [each.number for each in tickets]
            actions.link_tickets(made, numbers, acting_user=owner)
        return actions.set_status(made, status, version="5.2", acting_user=owner)

    return make
