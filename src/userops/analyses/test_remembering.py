from __future__ import annotations

import threading
import time
from types import SimpleNamespace
from typing import get_args
from uuid import uuid4

import pytest

from userops.analyses import answering
from userops.analyses.registry import ANALYSES
from userops.analyses.remembering import Remembered, asked_at
from userops.events.engine import QueryCancelled
from userops.events.erasure import erase
from userops.events.records import Event, Identify, ProfileChange

NOON = 1_780_000_000_000
RANGE = {"from": "2026-05-20", "to": "2026-06-02"}
LEVEL = {"property": "level", "op": "is", "value": "gold", "of": "user"}


def event(who, **properties):
    return Event(event="open", distinct_id=who, ts=NOON, uuid=uuid4(), properties=properties)


def users(store, product, **document):
    question = {"kind": "trend", "product": product.slug, "range": RANGE, **document}
    question["series"] = [{"event": "open", "measure": "users"}]
    return answering.answer(question, store).result["series"][0]["total"]


def test_what_was_acknowledged_is_in_the_next_answer(store, product):
    """Events, merges, profiles and erasures: each changes the answer that follows it."""
    assert users(store, product) == 0
    for at, who in enumerate(["ann", "device", "bob"], start=1):
        store.ingest.submit(product.pk, "native", [event(who)])
        assert users(store, product) == at
    store.build_rollups(product)
    assert users(store, product) == 3
    store.ingest.submit(product.pk, "native", [Identify(distinct_id="ann", anonymous_id="device")])
    assert users(store, product) == 2
    assert users(store, product, filters=[LEVEL]) == 0
    gold = ProfileChange(distinct_id="bob", operation="set", properties={"level": "gold"})
    store.ingest.submit(product.pk, "native", [gold])
    assert users(store, product, filters=[LEVEL]) == 1
    erase(store, product, 2, "x")
    assert (users(store, product), users(store, product, filters=[LEVEL])) == (1, 0)


def test_an_unchanged_product_answers_from_memory(store, product):
    store.ingest.submit(product.pk, "native", [event("ann")])
    hits = answering._remembered().hits
    assert users(store, product) == users(store, product) == 1
    assert answering._remembered().hits == hits + 1


def test_another_view_of_an_answer_asks_nothing_anew(store, product):
    store.ingest.submit(product.pk, "native", [event("ann")])
    document = {"kind": "churn", "product": product.slug, "range": RANGE}
    curve = answering.answer(document, store)
    hits = answering._remembered().hits
    periods = answering.answer({**document, "view": "periods"}, store)
    assert answering._remembered().hits == hits + 1 and periods.result == curve.result
    assert periods.table() != curve.table() and periods.document.hash() != curve.document.hash()
    answering.answer({**document, "view": "periods", "window": 3}, store)
    assert answering._remembered().hits == hits + 1


@pytest.mark.parametrize(
    "analysis", [each for each in ANALYSES if each.one_result], ids=lambda a: a.kind
)
def test_views_that_show_one_result_do(store, product, analysis):
    days = [Event(event="buy", distinct_id=f"u{user}", ts=NOON - day * 86_400_000 * (1 + user % 3),
                  uuid=uuid4(), properties={"amount": 5.0 + user})
            for user in range(40) for day in range(1 + user % 7)]  # fmt: skip
    store.ingest.submit(product.pk, "native", days)
    more = {"purchase": {"event": "buy"}} if analysis.kind == "value" else {}
    document = {"kind": analysis.kind, "product": product.slug, "range": RANGE, **more}
    results = []
    for view in get_args(analysis.document.model_fields["view"].annotation):
        answering.forget_answers()
        results.append(answering.answer({**document, "view": view}, store).result)
    assert len(results) > 1 and all(each == results[0] for each in results)


def test_sums_of_money_follow_the_currency_of_the_product(store, product):
    question = {"kind": "rfm", "product": product.slug, "range": RANGE, "event": "open"}

    def told():
        return answering.answer(question, store).result["currency"]

    before = told()
    product.currency = "GBP" if before != "GBP" else "EUR"
    product.save(update_fields=["currency"])
    assert told() == product.currency != before


def test_equal_questions_at_one_moment_are_answered_once():
    kept, made, go = Remembered(10_000), [], threading.Event()

    def make(begin):
        made.append(1)
        go.wait(5)
        begin()
        return 0, {"n": (1, 2)}

    found = []
    threads = [
        threading.Thread(target=lambda: found.append(kept.get("key", 0, make))) for _ in range(8)
    ]
    for each in threads:
        each.start()
    time.sleep(0.1)
    go.set()
    for each in threads:
        each.join(5)
    assert len(made) == 1 and found == [{"n": (1, 2)}] * 8
    assert found[0] is not found[1]


def test_when_one_fails_the_next_one_who_waits_answers():
    kept, go, tries = Remembered(10_000), threading.Event(), []

    def make(_begin):
        tries.append(1)
        if len(tries) == 1:
            go.wait(5)
            raise ValueError
        return 0, 7

    failures, found = [], []

    def ask():
        try:
            found.append(kept.get("key", 0, make))
        except ValueError as wrong:
            failures.append(wrong)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for each in threads:
        each.start()
    time.sleep(0.1)
    go.set()
    for each in threads:
        each.join(5)
    assert (len(failures), found) == (1, [7, 7, 7])


@pytest.mark.parametrize("capacity", [0, 400])
def test_memory_is_bounded(capacity):
    kept = Remembered(capacity)
    for key in (*range(50), *range(50)):
        assert kept.get(key, 0, answering_at(0, b"x" * 40)) == b"x" * 40
        assert kept._size == sum(len(each.answer) for each in kept._answers.values()) <= capacity
    assert kept.get("large", 0, answering_at(0, b"x" * 1_000)) == b"x" * 1_000
    assert kept._size <= capacity


def answering_at(version, answer):
    def make(begin):
        begin()
        return version, answer

    return make


def test_who_asked_before_the_data_was_looked_at_is_given_that_answer():
    """However late the question is heard; one that was asked later is not, when something came in since."""
    kept, now = Remembered(10_000, lambda: now.moment), SimpleNamespace(moment=5.0)
    assert kept.get("key", 0, answering_at(0, "first")) == "first"
    now.moment = 9.0
    with asked_at(4.0):
        assert kept.get("key", 1, answering_at(1, "second")) == "first"
    with asked_at(6.0):
        assert kept.get("key", 1, answering_at(1, "second")) == "second"
    with asked_at(6.5):  # looked at 9
        assert kept.get("key", 2, answering_at(2, "third")) == "second"
    now.moment = 9.5
    assert kept.get("key", 2, answering_at(2, "third")) == "third"


def test_what_came_in_before_the_question_is_in_its_answer(store, product):
    """The same through the store: asked before an event came in, and after."""
    store.ingest.submit(product.pk, "native", [event("ann")])
    before = time.monotonic()
    assert users(store, product) == 1
    store.ingest.submit(product.pk, "native", [event("bob")])
    with asked_at(before):
        assert users(store, product) == 1
    with asked_at(time.monotonic()):
        assert users(store, product) == 2
    with asked_at(before):
        assert users(store, product) == 2


def test_an_answer_on_its_way_is_shared_by_who_asked_before_it_looked():
    kept, looked, go = Remembered(10_000), threading.Event(), threading.Event()
    asked = time.monotonic()

    def slow(begin):
        begin()
        looked.set()
        go.wait(5)
        return 1, "slow"

    found = []
    first = threading.Thread(target=lambda: found.append(kept.get("key", 0, slow)))
    first.start()
    looked.wait(5)

    def late():
        with asked_at(asked):
            found.append(kept.get("key", 1, answering_at(2, "own")))

    other = threading.Thread(target=late)
    other.start()
    wait_until(lambda: kept._asking["key"][0].waiting)
    go.set()
    first.join(5)
    other.join(5)
    assert found == ["slow", "slow"]


def test_who_waits_for_another_ones_answer_is_cancelled_at_once():
    kept, go, wrong = Remembered(10_000), threading.Event(), []

    def slow(begin):
        go.wait(5)
        begin()
        return 0, "slow"

    def wait():
        try:
            kept.get("key", 0, slow, "stop-me")
        except QueryCancelled as cancelled:
            wrong.append(cancelled)

    first = threading.Thread(target=lambda: kept.get("key", 0, slow))
    first.start()
    wait_until(lambda: kept._asking)
    other = threading.Thread(target=wait)
    other.start()
    wait_until(lambda: kept._asking["key"][0].waiting)
    kept.cancel("unknown")
    assert other.is_alive()
    kept.cancel("stop-me")
    other.join(5)
    assert len(wrong) == 1 and first.is_alive()
    go.set()
    first.join(5)


def wait_until(condition):
    end = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.002)


def test_who_asks_after_the_making_has_begun_is_owed_a_later_answer():
    kept, begun, go, made = Remembered(10_000), threading.Event(), threading.Event(), []

    def make(begin):
        begin()
        made.append(1)
        number = len(made)
        begun.set()
        go.wait(5 if number == 1 else 0)
        return number, number

    first = []
    thread = threading.Thread(target=lambda: first.append(kept.get("key", 0, make)))
    thread.start()
    begun.wait(5)
    assert kept.get("key", 1, make) == 2
    go.set()
    thread.join(5)
    assert first == [1] and kept.get("key", 2, make) == 2
