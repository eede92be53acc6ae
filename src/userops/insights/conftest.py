"""What the tests of this slice share: a product with a few days of events, and who looks at it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from userops.events.records import Event, ProfileChange


@pytest.fixture
def shop(store: Any, product: Any) -> Any:
    """Ten users over the last ten days: each opens the app daily, every second one pays."""
    today = datetime.now(ZoneInfo(product.timezone)).replace(
        hour=12, minute=0, second=0, microsecond=0
    )
    records: list[Any] = []
    for user in range(10):
        records.append(
            ProfileChange(distinct_id=f"u{user}", operation="set", properties={"level": user % 3})
        )
        for day in range(1, 11):
            at = int((today - timedelta(days=day)).timestamp() * 1000)
            names = ["open", *(["pay"] if user % 2 else [])]
            records += [
                Event(
                    event=name,
                    distinct_id=f"u{user}",
                    ts=at + place * 1000,
                    uuid=uuid4(),
                    properties={"city": "上海" if user < 4 else "=cmd|1", "amount": 10.0},
                )
                for place, name in enumerate(names)
            ]
    store.ingest.submit(product.pk, "test", records)
    return product


@pytest.fixture
def as_role(client: Any, make_user: Callable[..., Any]) -> Callable[..., Any]:
    """`as_role("analyst", product) -> client` logged in as a member with that role."""

    def log_in(role: str | None, product: Any = None) -> Any:
        user = make_user(role, product)
        client.force_login(user)
        client.user = user
        return client

    return log_in
