"""Facts are replaced as a whole, follow merges and their undo, and go with the person."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from userops.errors import NotFound, Refused
from userops.events import checking, facts, identity
from userops.events.erasure import erase
from userops.events.facts import About
from userops.events.models import Fact, FactLeftover, Product
from userops.events.people import mirror
from userops.events.records import Event
from userops.words import Words

VIP = About("$tag/vip", "tag", Words("会员", "VIP"))


def _ids(store, product, *names):
    events = [Event(event="e", distinct_id=name, ts=1, uuid=uuid4()) for name in names]
    store.ingest.submit(product.pk, "native", events)
    uids = identity.stored_uids(product.pk, list(names))
    return [uids[name] for name in names]


def _version(product):
    return Product.objects.values_list("version", flat=True).get(pk=product.pk)


def _rows(store, product):
    sql = "select count() from facts where product = {p:UInt32}"
    return store.engine.value(sql, {"p": product.pk})


def test_a_fact_is_replaced_as_a_whole(store, product):
    assert facts.write(store, product, VIP, [3, 1], ["gold", "银"])
    assert facts.read(store, product, "$tag/vip") == {1: "银", 3: "gold"}
    assert facts.write(store, product, VIP, [2], 2.5)
    assert facts.read(store, product, "$tag/vip") == {2: "2.5"}
    (dated,) = facts.dated(product.pk)
    assert (dated.about, dated.rows) == (VIP, 1)
    assert facts.write(store, product, VIP, [])
    assert facts.read(store, product, "$tag/vip") == {}


def test_what_is_the_same_is_not_written_and_no_answer_is_made_anew(store, product):
    facts.write(store, product, VIP, [1, 2])
    before = _version(product)
    first = facts.dated(product.pk)[0].computed
    assert not facts.write(store, product, VIP, [2, 1])
    assert _version(product) == before
    assert facts.dated(product.pk)[0].computed > first
    assert facts.write(store, product, VIP, [1, 2], "x")
    assert _version(product) > before


def test_facts_and_products_keep_apart(store, product, make_product):
    other = make_product()
    facts.write(store, product, VIP, [1])
    facts.write(store, product, About("$tag/other", "tag", Words("其他", "Other")), [2])
    facts.write(store, other, VIP, [3])
    assert facts.read(store, product, "$tag/vip") == {1: "$in"}
    facts.drop(store, product, "$tag/vip")
    assert facts.read(store, product, "$tag/vip") == {}
    assert facts.read(store, product, "$tag/other") == {2: "$in"}
    assert facts.read(store, other, "$tag/vip") == {3: "$in"}
    with pytest.raises(NotFound):
        facts.drop(store, product, "$tag/vip")


@pytest.mark.parametrize(
    ("persons", "values"), [([1, 1], "a"), ([1], ""), ([1], "x" * 1001), ([1, 2], ["a", ""])]
)
def test_wrong_rows_are_refused(store, product, persons, values):
    with pytest.raises(Refused):
        facts.write(store, product, VIP, persons, values)
    assert facts.dated(product.pk) == []


def test_a_merge_joins_and_its_undo_parts(store, product):
    ann, bob, cat = _ids(store, product, "ann", "bob", "cat")
    facts.write(store, product, VIP, [bob, cat], ["of bob", "of cat"])
    with store.batches.begin() as number:
        forest = identity.merge_by_hand(product.pk, cat, bob)
        mirror(store.engine, forest, set(), number)
    # the person's own value counts
    assert facts.read(store, product, "$tag/vip") == {bob: "of bob"}
    with store.batches.begin() as number:
        forest = identity.merge_by_hand(product.pk, bob, ann)
        mirror(store.engine, forest, set(), number)
    assert facts.read(store, product, "$tag/vip") == {ann: "of bob"}
    merge = product.merge_set.get(uid=bob)
    with store.batches.begin() as number:
        mirror(store.engine, identity.undo(product.pk, merge.pk, "me"), set(), number)
    assert facts.read(store, product, "$tag/vip") == {bob: "of bob"}
    merge = product.merge_set.get(uid=cat)
    with store.batches.begin() as number:
        mirror(store.engine, identity.undo(product.pk, merge.pk, "me"), set(), number)
    assert facts.read(store, product, "$tag/vip") == {bob: "of bob", cat: "of cat"}


def test_erasing_a_person_takes_their_facts(store, product):
    ann, bob = _ids(store, product, "ann", "bob")
    facts.write(store, product, VIP, [ann, bob])
    proof = erase(store, product, ann, "me").proof
    assert (proof["before"]["facts"], proof["after"]["facts"]) == (1, 0)
    assert facts.read(store, product, "$tag/vip") == {bob: "$in"}
    assert facts.dated(product.pk)[0].rows == 1
    assert facts.wrong(store.engine, product.pk) == []


def test_who_is_erased_while_a_fact_is_computed_is_left_out(store, product):
    ann, bob = _ids(store, product, "ann", "bob")
    begun = datetime.now(UTC)
    erase(store, product, ann, "me")
    facts.write(store, product, VIP, [ann, bob], since=begun)
    assert facts.read(store, product, "$tag/vip") == {bob: "$in"}
    assert facts.dated(product.pk)[0].rows == 1


def test_a_crash_before_the_switch_leaves_the_old_rows_in_force(store, product, monkeypatch):
    facts.write(store, product, VIP, [1])
    before = _version(product)

    def crash(*_args):
        raise KeyboardInterrupt

    monkeypatch.setattr(facts, "_switch", crash)
    with pytest.raises(KeyboardInterrupt):
        facts.write(store, product, VIP, [1, 2])
    assert facts.read(store, product, "$tag/vip") == {1: "$in"}
    assert _version(product) == before
    assert _rows(store, product) == 3
    assert facts.wrong(store.engine, product.pk) == []
    facts.sweep(store)  # others may still be writing it
    assert _rows(store, product) == 3
    facts.sweep(store, alone=True)
    assert _rows(store, product) == 1


def test_a_replaced_version_stays_for_those_who_are_reading(store, product):
    facts.write(store, product, VIP, [1])
    old = facts.versions(product.pk)["$tag/vip"]
    facts.write(store, product, VIP, [2, 3])
    count = "select count() from facts where version = {v:UInt64}"
    assert store.engine.value(count, {"v": old}) == 1
    FactLeftover.objects.filter(version=old).update(after=datetime.now(UTC) - timedelta(seconds=1))
    facts.sweep(store)
    assert store.engine.value(count, {"v": old}) == 0
    assert not FactLeftover.objects.filter(version=old).exists()
    assert facts.read(store, product, "$tag/vip") == {2: "$in", 3: "$in"}


def test_check_finds_what_is_not_as_recorded(store, product):
    facts.write(store, product, VIP, [1, 2])

    def finding():
        return next(f for f in checking.check(store) if f.code == "facts")

    assert finding().good
    Fact.objects.filter(product=product).update(rows=5)
    assert not finding().good
    assert "$tag/vip" in finding().words.zh
    Fact.objects.filter(product=product).delete()
    assert facts.wrong(store.engine, product.pk) == ["$tag/vip"]
