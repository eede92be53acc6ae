"""Facts are refreshed when something changed, published, and known of single people."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from userops.analyses.answering import answer
from userops.audience.facts import actions
from userops.audience.facts.listing import listing
from userops.audience.facts.reading import of_person
from userops.audience.facts.refreshing import refresh, state_of
from userops.errors import NotAllowed, Refused
from userops.events import facts
from userops.events.identity import person_of
from userops.events.records import Event

DAY = timedelta(days=1)
NOW = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)


def event(user: str, days_ago: float, **properties: Any) -> Event:
    at = int((NOW - days_ago * DAY).timestamp() * 1000)
    return Event(
        event="pay" if "amount" in properties else "view",
        distinct_id=user,
        ts=at,
        uuid=uuid4(),
        properties=properties,
    )


@pytest.fixture
def shop(store: Any, product: Any) -> Any:
    rows = [
        event("a", 40, category="书", channel="wechat"),
        event("a", 2, category="书", amount=100.0),
        event("a", 3, category="数码", amount=50.0),
        event("b", 2, category="数码", channel="baidu"),
        event("c", 60, category="书"),
    ]
    store.ingest.submit(product.pk, "native", rows)
    return product


def test_facts_are_published_and_filter(store, shop):
    assert refresh(store, shop)
    uids = {name: person_of(shop.pk, name) for name in "abc"}
    assert facts.read(store, shop, "$amount") == {uids["a"]: "150", uids["b"]: "0", uids["c"]: "0"}
    assert facts.read(store, shop, "$lifecycle") == {
        uids["a"]: "$resurrected",
        uids["b"]: "$new",
        uids["c"]: "$inactive",
    }
    assert facts.read(store, shop, "$favourite")[uids["a"]] == "书"
    question = {
        "kind": "trend",
        "product": shop.slug,
        "range": {"preset": "all_time"},
        "unit": "year",
        "series": [{"event": "*", "measure": "users"}],
        "filters": [{"property": "$amount", "of": "user", "op": "gte", "value": 100}],
    }
    points = answer(question, store).result["series"][0]["points"]
    assert max(point[1] for point in points) == 1
    question["breakdown"] = [{"property": "$lifecycle", "of": "user"}]
    question["filters"] = []
    names = {entry["breakdown"]["$lifecycle"] for entry in answer(question, store).result["series"]}
    assert names == {"$resurrected", "$new", "$inactive"}


def test_nothing_is_computed_twice(store, shop):
    assert refresh(store, shop)
    assert not refresh(store, shop)
    shop.refresh_from_db()
    version = shop.version
    assert refresh(store, shop, force=True)
    shop.refresh_from_db()
    assert shop.version == version, "the same values are not written again"
    store.ingest.submit(shop.pk, "native", [event("c", 5)])
    assert refresh(store, shop)
    assert facts.read(store, shop, "$events")[person_of(shop.pk, "c")] == "2"


def test_a_person_and_the_list(store, shop):
    refresh(store, shop)
    uid = person_of(shop.pk, "a")
    known = {each.name: each for each in of_person(store, shop, [uid])}
    assert known["$amount"].number == 150
    assert known["$lifecycle"].shown.zh == "回流"
    assert known["$first_channel"].value == "wechat"
    found = {each["name"]: each for each in listing(shop)["facts"]}
    assert found["$first_channel"]["people"] == 2
    assert found["$first_channel"]["coverage"] == pytest.approx(2 / 3)
    assert found["$amount"]["summary"]["total"] == 150


def test_the_category_is_chosen_or_given(store, shop, make_user):
    refresh(store, shop)
    assert state_of(shop).category_used == "category"
    lead = make_user("lead", shop)
    wanted = actions.Settings(category_property="channel")
    actions.set_settings(shop, wanted, acting_user=lead)
    assert refresh(store, shop)
    assert facts.read(store, shop, "$favourite")[person_of(shop.pk, "b")] == "baidu"
    with pytest.raises(Refused):
        actions.set_settings(shop, actions.Settings("no such"), acting_user=lead)
    with pytest.raises(NotAllowed):
        actions.set_settings(shop, wanted, acting_user=make_user("leadership", shop))


def test_a_product_without_events(store, product):
    assert not refresh(store, product)
    assert listing(product)["people"] == 0


def test_tables_speak_words_not_codes(store, shop):
    from userops.insights.builder.choices import Choices
    from userops.insights.builder.shown import readable

    refresh(store, shop)
    question = {
        "kind": "trend",
        "product": shop.slug,
        "range": {"last": 30},
        "series": [{"event": "*", "measure": "users"}],
        "breakdown": [{"property": "$lifecycle", "of": "user"}],
    }
    table = readable(answer(question, store), Choices(shop, "zh"))
    assert table.columns[0].words.zh == "生命周期阶段"
    shown = {table.columns[0].shown(row[0], "zh") for row in table.rows}
    assert {"回流", "新增"} <= shown
