from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from userops.events import ingest
from userops.events.ingest import Receipt
from userops.events.models import Intake, Product, Profile, QuarantinedRow, UserId
from userops.events.records import Alias, Event, Identify, ProfileChange, Refusal

NOW = 1_780_000_000_000


def event(user: str, name: str = "open", **properties):
    return Event(event=name, distinct_id=user, ts=NOW, uuid=uuid4(), properties=properties)


def count(store, product, what="count()"):
    sql = f"select {what} from events where product = {{product:UInt32}}"
    return store.engine.value(sql, {"product": product.pk})


def test_stores_events_with_typed_columns_and_the_rest_as_json(store, product):
    receipt = store.ingest.submit(
        product.pk,
        "native",
        [event("u1", city="上海", amount="12.5", color="red", nested={"a": [1, 2]}), event("u2")],
    )
    assert (receipt.stored, receipt.duplicates, receipt.refused) == (2, 0, 0)
    row = store.engine.rows(
        "select city, amount, toString(props.color), source, uid from events"
        " where product = {product:UInt32} order by uid",
        {"product": product.pk},
    )
    assert list(map(tuple, row)) == [
        ("上海", 12.5, "red", "native", 0),
        ("", None, "", "native", 1),
    ]


def test_a_uuid_counts_once_within_and_across_requests(store, product):
    twice = event("u1")
    first = store.ingest.submit(product.pk, "native", [twice, twice])
    again = store.ingest.submit(product.pk, "native", [twice, event("u1")])
    assert (first.stored, first.duplicates) == (1, 1)
    assert (again.stored, again.duplicates) == (1, 1)
    assert count(store, product) == 2


def test_the_same_uuid_in_another_product_is_another_event(store, product):
    other = Product.objects.create(pk=product.pk + 500_000_000, slug="other", name="other")
    shared = event("u1")
    store.ingest.submit(product.pk, "native", [shared])
    assert store.ingest.submit(other.pk, "native", [shared]).stored == 1


def test_refusals_are_quarantined_beside_the_good(store, product):
    refusal = Refusal(code="time_invalid", detail="'gestern'", raw='{"time":"gestern"}')
    receipt = store.ingest.submit(product.pk, "native", [event("u1")], [refusal])
    assert (receipt.stored, receipt.refused) == (1, 1)
    row = QuarantinedRow.objects.get(product=product)
    assert (row.code, row.door, row.raw) == ("time_invalid", "native", '{"time":"gestern"}')


def test_identify_two_known_users_is_refused_and_kept(store, product):
    records = [
        Identify(distinct_id="anna", anonymous_id="device"),
        Identify(distinct_id="bert", anonymous_id="device"),
        Alias(distinct_id="anna", alias="bert"),
    ]
    receipt = store.ingest.submit(product.pk, "native", records)
    assert receipt.refused == 2
    assert {row.code for row in QuarantinedRow.objects.filter(product=product)} == {
        "identity_conflict"
    }


def test_profiles_follow_the_person(store, product):
    store.ingest.submit(
        product.pk,
        "native",
        [
            event("device"),
            ProfileChange(
                distinct_id="device", operation="set", properties={"city": "杭州", "vip": False}
            ),
            Identify(distinct_id="anna", anonymous_id="device"),
            ProfileChange(distinct_id="device", operation="set", properties={"vip": True}),
            ProfileChange(distinct_id="anna", operation="set_once", properties={"city": "北京"}),
            ProfileChange(distinct_id="anna", operation="increment", properties={"orders": 2}),
        ],
    )
    rows = store.engine.rows(
        "select toString(props.city), toString(props.vip), toString(props.orders) from profiles final"
        " where product = {product:UInt32} and not gone",
        {"product": product.pk},
    )
    assert len(rows) == 1
    city, vip, orders = rows[0]
    assert (vip, orders) == ("true", "2")
    assert city in ("杭州", "北京")
    assert Profile.objects.filter(product=product).count() >= 1


def test_a_resent_increment_counts_once(store, product):
    change = ProfileChange(
        distinct_id="a", operation="increment", properties={"n": 1}, uuid=uuid4()
    )
    store.ingest.submit(product.pk, "native", [change])
    store.ingest.submit(product.pk, "native", [change])
    assert Profile.objects.get(product=product).properties == {"n": 1}


HOSTILE = [
    {"a.b": 1, "a": {"b": 2}},
    {"a": 1, "a.b.c": 2},
    {"": 1},
    {"x": [1, "two", {"three": [None, {"deep": True}]}]},
    {"big": 2**63, "small": -(2**63), "huge": 1e308},
    {"`;drop table events": "'; select 1 --"},
    {"\u202e": "\u0000".replace("\u0000", "␀")},
    {"k": "x" * 9000},
    {"amount": "not a number", "city": {"object": 1}, "page": ["list"]},
    {"amount": float("1e400") if False else 1e300},
    {str(i): i for i in range(400)},
    {"a": {"b": {"c": {"d": {"e": {"f": {"g": 1}}}}}}},
    {"date": "2026-01-01", "time": "2026-01-01 00:00:00", "maybe": None, "uuid": str(uuid4())},
]


@pytest.mark.parametrize("properties", HOSTILE)
def test_any_json_can_be_stored(store, product, properties):
    receipt = store.ingest.submit(
        product.pk,
        "native",
        [
            event("u"),
            Event(event="e", distinct_id="u", ts=NOW, uuid=uuid4(), properties=properties),
        ],
    )
    assert receipt.stored == 2
    assert count(store, product) == 2


def test_a_failing_batch_leaves_nothing_and_spares_the_others(store, product, monkeypatch):
    from userops.events import ingest

    original = ingest.event_columns

    def failing(product_, door, batch, received, events, uids):
        rows = original(product_, door, batch, received, events, uids)
        if any(each.event == "poison" for each in events):
            store.engine.insert("events", rows)
            raise RuntimeError("the engine stumbled after writing")
        return rows

    monkeypatch.setattr(ingest, "event_columns", failing)
    with pytest.raises(RuntimeError):
        store.ingest.submit(product.pk, "native", [event("new", "poison")])
    assert count(store, product) == 0
    assert not UserId.objects.filter(product=product).exists()
    assert store.ingest.submit(product.pk, "native", [event("new")]).stored == 1
    assert count(store, product) == 1


@pytest.mark.django_db(transaction=True)
def test_many_threads_resend_the_same_events(store, product):
    from django.db import connection

    events = [event(f"u{n % 7}", id=n) for n in range(60)]

    def send(start):
        try:
            return store.ingest.submit(product.pk, "native", events[start : start + 20])
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        receipts = list(pool.map(send, [0, 10, 20, 30, 40] * 4))
    assert sum(each.stored for each in receipts) == 60
    assert count(store, product, "uniqExact(toString(props.id))") == count(store, product) == 60
    assert Intake.objects.get(pk=1).done > 0


@pytest.fixture
def groups(store, monkeypatch):
    """The sizes of the batches, which are not written."""
    sizes: list[int] = []

    def counted(group):
        time.sleep(0.05)
        sizes.append(len(group))
        for request in group:
            request.receipt = Receipt(1, 0, 0)

    monkeypatch.setattr(store.ingest, "_write", counted)
    return sizes


def test_requests_of_many_threads_share_batches(store, product, groups):
    """Those that wait while a batch is written become one batch, and none waits for a later one."""

    def work(_):
        for _ in range(5):
            store.ingest.submit(product.pk, "native", [])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    assert sum(groups) == 40
    assert len(groups) <= 20, "the batches do not grow under load"


def test_a_request_that_is_being_read_comes_along(store, product, groups, monkeypatch):
    monkeypatch.setattr(ingest, "QUIET", 0.5)
    monkeypatch.setattr(ingest, "LONGEST", 60.0)
    with ThreadPoolExecutor(1) as pool:
        with store.ingest.reading():
            first = pool.submit(store.ingest.submit, product.pk, "native", [])
            time.sleep(0.1)
            assert not first.done()
        store.ingest.submit(product.pk, "native", [])
        first.result(10)
    assert groups == [2]


def test_a_request_alone_waits_for_nobody(store, product, groups, monkeypatch):
    monkeypatch.setattr(ingest, "QUIET", 60.0)
    monkeypatch.setattr(ingest, "LONGEST", 60.0)
    with ThreadPoolExecutor(1) as pool:
        pool.submit(store.ingest.submit, product.pk, "native", []).result(10)
    assert groups == [1]


def test_a_request_that_is_read_for_long_holds_nobody_up(store, product, groups):
    with ThreadPoolExecutor(1) as pool, store.ingest.reading():
        pool.submit(store.ingest.submit, product.pk, "native", []).result(10)
    assert groups == [1]


def test_nobody_waits_for_a_writer_that_failed(store, product, monkeypatch):
    def fails(group):
        time.sleep(0.05)
        raise RuntimeError("broken")

    monkeypatch.setattr(store.ingest, "_write", fails)
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(store.ingest.submit, product.pk, "native", []) for _ in range(8)]
        for each in asked:
            with pytest.raises(RuntimeError, match="broken"):
                each.result(10)
