"""Facts renewed for whom something changed are those of a computation of everybody."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from userops.analyses.streams import examples
from userops.audience.actions import undo_merge
from userops.audience.facts import refreshing
from userops.audience.facts.computing import Wanted, computed
from userops.audience.facts.definitions import FACTS
from userops.audience.facts.refreshing import refresh, state_of
from userops.audience.people import scope_of
from userops.events import facts
from userops.events.models import Merge, Product
from userops.events.records import Event, Identify

DAY = timedelta(days=1)
IDS = ["a", "b", "c", "d", "x1", "x2"]

EVENT = st.fixed_dictionaries(
    {
        "user": st.sampled_from(IDS),
        "back": st.sampled_from([0.01, 1, 1.4, 2, 6, 7, 8, 13, 15, 29, 31, 90, 400]),
        "amount": st.sampled_from([None, None, 2.5, 100.0, -5.0]),
        "channel": st.sampled_from(["", "wechat", "baidu"]),
        "session": st.sampled_from(["", "", "s1", "s2"]),
        "category": st.sampled_from(["", "书", "数码"]),
    }
)
STEP = st.one_of(
    st.lists(EVENT, min_size=1, max_size=6),
    st.tuples(st.sampled_from(["a", "b"]), st.sampled_from(["x1", "x2"])),
    st.just("undo"),
)


def send(store: Any, product: Any, step: Any, user: Any, now: datetime) -> None:
    if step == "undo":
        merge = Merge.objects.filter(product=product, undone=None).first()
        if merge is not None:
            undo_merge(store, product, merge.pk, acting_user=user)
    elif isinstance(step, tuple):
        known, anonymous = step
        row = Identify(distinct_id=known, anonymous_id=anonymous)
        store.ingest.submit(product.pk, "native", [row])
    else:
        rows = []
        for each in step:
            given_ = {name: each[name] for name in ("amount", "channel", "session", "category")}
            rows.append(
                Event(
                    event="pay" if each["amount"] else "view", distinct_id=each["user"],
                    ts=int((now - each["back"] * DAY).timestamp() * 1000), uuid=uuid4(),
                    properties={name: value for name, value in given_.items() if value},
                )
            )  # fmt: skip
        store.ingest.submit(product.pk, "native", rows)


def everything(store: Any, product: Any) -> dict[str, dict[int, str]]:
    state = state_of(product)
    wanted = Wanted(state.as_of, state.value_property, state.category_used, state.lifecycle_days, 0)
    return computed(scope_of(store, product), wanted)


@examples(12)
@given(steps=st.lists(STEP, min_size=2, max_size=7))
def test_renewed_is_recomputed(store, make_product, make_user, monkeypatch, steps):
    monkeypatch.setattr(refreshing, "MOST_TOUCHED", 1.0)
    product, now = make_product(), datetime.now(UTC).replace(microsecond=0)
    user = make_user("lead", product)
    for step in steps:
        send(store, product, step, user, now)
        product = Product.objects.get(pk=product.pk)
        if not refresh(store, product):
            continue
        expected = everything(store, product)
        for fact in FACTS:
            assert facts.read(store, product, fact.name) == expected[fact.name], fact.name


@pytest.fixture
def shop(store, product):
    now = datetime.now(UTC)
    step = [
        {"user": f"u{n}", "back": 5 + n % 7, "amount": None, "channel": "", "session": "", "category": "书"}
        for n in range(40)
    ]  # fmt: skip
    send(store, product, step, None, now)
    assert refresh(store, product) and state_of(product).renewed is None
    return product


def test_only_those_with_news_are_read_anew(store, shop):
    one = {"user": "u3", "back": 6, "amount": 9.0, "channel": "", "session": "", "category": ""}
    send(store, shop, [one], None, datetime.now(UTC))
    assert refresh(store, shop)
    assert state_of(shop).renewed == 1
    assert facts.read(store, shop, "$events") == everything(store, shop)["$events"]


def test_lost_events_are_noticed(store, shop):
    """Rows that are gone, as those of an import that was removed, are nobody's news: all is read once more."""
    from userops.events.batches import SYNC

    there = facts.read(store, shop, "$events")
    store.engine.command(
        "alter table events delete where product = {p:UInt32} and uid = {u:UInt32}",
        {"p": shop.pk, "u": max(there)},
        SYNC,
    )
    one = {"user": "u3", "back": 6, "amount": None, "channel": "", "session": "", "category": ""}
    send(store, shop, [one], None, datetime.now(UTC))
    assert refresh(store, shop)
    assert state_of(shop).renewed is None
    assert max(there) not in facts.read(store, shop, "$events")


def test_other_settings_are_for_everybody(store, shop):
    state = state_of(shop)
    state.value_property = "price"
    state.save()
    assert refresh(store, shop)
    assert state_of(shop).renewed is None
