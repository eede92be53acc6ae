"""A web form that is open, and pages of it that were looked at long enough."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def _no_counts_of_other_tests() -> None:
    from django.core.cache import cache

    cache.clear()


@pytest.fixture
def lead(make_user: Any, product: Any) -> Any:
    return make_user("lead", product)


@pytest.fixture
def open_form(product: Any, lead: Any) -> Callable[..., Any]:
    """`open_form(contact="required", …)`: a web form."""
    from userops.feedback.channels.actions import create_channel

    def make(**options: Any) -> Any:
        return create_channel(product, "form", "官网反馈", options, acting_user=lead)

    return make


@pytest.fixture
def send(client: Any, monkeypatch: Any) -> Callable[..., Any]:
    """`send(channel, "text", files=[…], address=…, query=…, …)`: a person fills the form in."""
    import time

    from userops.feedback.channels.arriving import new_stamp

    def fill(channel: Any, text: str, *, query: str = "", address: str = "", **fields: Any) -> Any:
        now = time.time()
        with monkeypatch.context() as patch:
            patch.setattr(time, "time", lambda: now - 20)
            stamp = new_stamp(channel)
        given = {"text": text, "stamp": stamp, **fields}
        more = {"REMOTE_ADDR": address} if address else {}
        return client.post(f"/f/{channel.key}{query}", given, **more)

    return fill
