"""A small shop with two months of data in which one knows everything."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

FIRST, LAST = date(2026, 8, 1), date(2026, 9, 30)
CHANNELS = ("抖音", "微信", "老带新")
STAYS = {"抖音": 10, "微信": 3, "老带新": 1}
"""One of so many comes back on each later day."""
_SPACE = UUID("5b1f0d0e-5a7a-4d5c-9c6b-0f5a1f2d3c4b")


def _events(zone: ZoneInfo) -> list[Any]:
    from userops.events.records import Event

    found: list[Any] = []

    def add(event: str, user: int, day: date, hour: int, **properties: Any) -> None:
        at = datetime.combine(day, time(hour), tzinfo=zone).astimezone(UTC)
        ts = int(at.timestamp() * 1000) + user
        uuid = uuid5(_SPACE, f"{event} {user} {ts}")
        found.append(
            Event(event=event, distinct_id=f"u{user}", ts=ts, uuid=uuid, properties=properties)
        )

    user = 0
    for back in range((LAST - FIRST).days + 1):
        for channel in CHANNELS:
            for number in range(3):
                user += 1
                _live(add, user, FIRST + timedelta(days=back), channel, number)
    return found


def _live(add: Callable[..., None], user: int, born: date, channel: str, number: int) -> None:
    facts = {"channel": channel, "platform": "iOS" if number else "Android", "app_version": "1.0"}
    for age in range(0, (LAST - born).days + 1, 1 if channel == "老带新" else 2):
        if age and (user + age) % STAYS[channel]:
            continue
        day = born + timedelta(days=age)
        add("app_open", user, day, 9, **facts)
        add("view_product", user, day, 10, **facts)
        if (user + age) % 2 == 0:
            add("add_to_cart", user, day, 11, **facts)
            if (user + age) % 4 == 0:
                add("pay_success", user, day, 12, amount=100 + user % 7, **facts)


@dataclass(frozen=True)
class Settled:
    """Keys of what a module builds once."""

    product: int
    writer: int
    issue: int


@pytest.fixture(scope="module")
def settled(engine: Any, django_db_setup: None, django_db_blocker: Any) -> Iterator[Settled]:
    """The shop, and a draft of its user analysis report of September: built once for a module, as it asks fifty
    questions. Each test changes it within a savepoint that is taken back."""
    from userops.config import current
    from userops.events.models import Product
    from userops.events.store import Store, use
    from userops.reports.actions import create_report
    from userops.reports.building import build
    from userops.workspace.models import Membership, User

    with django_db_blocker.unblock(), transaction.atomic():
        store = Store(current(), engine=engine)
        use(store)
        number = next(_NUMBERS)
        shop = Product.objects.create(
            pk=number, slug=f"p{number}", name=f"Product {number}", currency="GBP"
        )
        writer = User.objects.create(email=f"writer{number}@example.com", password="!")  # noqa: S106
        Membership.objects.create(user=writer, product=shop, role="operator")
        store.ingest.submit(shop.pk, "test", _events(ZoneInfo(shop.timezone)))
        issue = build(create_report(shop, "user-analysis", "2026-09", acting_user=writer), store)
        yield Settled(shop.pk, writer.pk, issue.pk)
        use(None)
        transaction.set_rollback(True)


_NUMBERS = itertools.count(3_000_000)
"""Products whose events stay in the engine of a test run: apart from those of the root's fixtures."""


@pytest.fixture
def product(request: pytest.FixtureRequest, make_product: Any) -> Any:
    """Of a test that reads what was built once: its product; else a fresh one."""
    from userops.events.models import Product

    if "settled" not in request.fixturenames:
        return make_product()
    return Product.objects.get(pk=request.getfixturevalue("settled").product)


@pytest.fixture
def shop(request: pytest.FixtureRequest, store: Any, product: Any) -> Any:
    """The product with its events and their catalogue."""
    if "settled" not in request.fixturenames:
        store.ingest.submit(product.pk, "test", _events(ZoneInfo(product.timezone)))
    return product


@pytest.fixture
def writer(request: pytest.FixtureRequest, make_user: Any, product: Any) -> Any:
    from userops.workspace.models import User

    if "settled" not in request.fixturenames:
        return make_user("operator", product)
    return User.objects.get(pk=request.getfixturevalue("settled").writer)


@pytest.fixture
def lead(make_user: Any, product: Any) -> Any:
    return make_user("lead", product)


@pytest.fixture
def built(settled: Settled, store: Any) -> Any:
    """A draft of the user analysis report of September, of a shop that sells in pounds."""
    from userops.reports.models import Issue

    return Issue.objects.get(pk=settled.issue)


@pytest.fixture
def complete(built: Any, writer: Any) -> Any:
    """The draft with an owner and a date for each action."""
    from userops.reports.actions import assign

    for row in built.sentences.filter(style="action"):
        assign(row, assignee="王芳", due=date(2026, 10, 31), acting_user=writer)
    return built


@pytest.fixture
def issued(complete: Any, writer: Any, lead: Any) -> Any:
    from userops.reports.actions import issue_report, submit

    submit(complete, acting_user=writer)
    return issue_report(complete, acting_user=lead)
