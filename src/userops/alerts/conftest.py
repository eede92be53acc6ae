"""A shop with three months of days of which one knows how many times each event happened."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

TODAY = date(2026, 4, 1)
WEEK = (20, 21, 20, 19, 22, 30, 27)
"""Payments of each weekday."""


@pytest.fixture
def zone(product: Any) -> ZoneInfo:
    return ZoneInfo(product.timezone)


@pytest.fixture
def at(zone: ZoneInfo) -> Callable[..., datetime]:
    """`at(day, hour, minute)` on the product's clock, in UTC."""

    def moment(day: date, hour: int = 0, minute: int = 0) -> datetime:
        return datetime.combine(day, time(hour, minute), tzinfo=zone).astimezone(UTC)

    return moment


@pytest.fixture
def pay_days(store: Any, product: Any, at: Any) -> Callable[..., None]:
    """`pay_days({day: count}, hour=…, city=…)`: so many payments at an hour of each day."""

    def happen(days: dict[date, int], *, hour: int = 12, city: str = "上海") -> None:
        from userops.events.records import Event

        events = [
            Event(
                event="pay",
                distinct_id=f"u{number}",
                ts=int(at(day, hour).timestamp() * 1000) + number,
                uuid=uuid4(),
                properties={"city": city},
            )
            for day, count in days.items()
            for number in range(count)
        ]
        store.ingest.submit(product.pk, "test", events)

    return happen


@pytest.fixture
def pay(pay_days: Callable[..., None]) -> Callable[..., None]:
    """`pay(day, count, hour=…, city=…)`."""
    return lambda day, count, **more: pay_days({day: count}, **more)


@pytest.fixture
def usual(pay_days: Callable[..., None]) -> None:
    """Ten weeks up to the day before yesterday of `TODAY`: by weekday, a little up and down."""
    days = [TODAY - timedelta(days=back) for back in range(2, 72)]
    pay_days({day: WEEK[day.weekday()] + day.toordinal() * 7 % 5 - 2 for day in days})


@pytest.fixture
def lead(make_user: Any, product: Any) -> Any:
    return make_user("lead", product)


@pytest.fixture
def save(product: Any, lead: Any) -> Callable[..., Any]:
    """`save(unit=…, …)`: a saved trend of payments."""
    from userops.insights.actions import save_analysis

    def keep(*, shared: bool = True, **fields: Any) -> Any:
        document = {"kind": "trend", "series": [{"event": "pay"}], **fields}
        return save_analysis(product, document, "支付", shared=shared, acting_user=lead)

    return keep


@pytest.fixture
def make(save: Any, lead: Any) -> Callable[..., Any]:
    """`make(kind=…, …)`: an alert on payments a day, that tells the lead."""

    from userops.alerts.actions import Wanted, create_alert

    def alert(analysis: Any = None, **fields: Any) -> Any:
        given = {"name": "支付告警", "members": (lead.pk,), "wait_minutes": 0, **fields}
        return create_alert(analysis or save(unit="day"), Wanted(**given), acting_user=lead)

    return alert
