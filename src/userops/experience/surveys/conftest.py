"""A running survey, people who may be asked, and members who may run it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest


@pytest.fixture
def lead(make_user: Any, product: Any) -> Any:
    return make_user("lead", product)


@pytest.fixture
def people(store: Any, product: Any) -> Callable[..., list[int]]:
    """`people(3, email=True)`: so many known users with an event each; their persons."""

    def make(count: int, **properties: Any) -> list[int]:
        import time

        from userops.events.identity import person_of
        from userops.events.records import Event, ProfileChange

        now = int(time.time() * 1000)
        records: list[Any] = []
        for number in range(count):
            user = f"u{number}"
            records.append(Event(event="pay", distinct_id=user, ts=now - 1_000, uuid=uuid4()))
            mine = {"email": f"{user}@example.com", **properties}
            records.append(ProfileChange(distinct_id=user, operation="set", properties=mine))
        store.ingest.submit(product.pk, "test", records)
        found = [person_of(product.pk, f"u{number}") for number in range(count)]
        return [person for person in found if person is not None]

    return make


@pytest.fixture
def running(store: Any, product: Any, lead: Any) -> Callable[..., Any]:
    """`running(template="nps", **settings)`: a published survey."""

    def make(template: str = "nps", document: Any = None, **settings: Any) -> Any:
        from userops.experience.surveys import actions
        from userops.experience.surveys.actions import Settings

        row = actions.create_survey(
            product, f"survey {uuid4()}", template=template, document=document, acting_user=lead
        )
        actions.set_survey(row, Settings(**settings), acting_user=lead)
        return actions.publish(row, acting_user=lead)

    return make
