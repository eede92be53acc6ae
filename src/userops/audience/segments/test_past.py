"""Membership at a past day: tags as they stood, figures of the events up to then, profiles as today and said so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from uuid import uuid4

import pytest

from userops.audience.facts import days
from userops.audience.facts.models import FactDay
from userops.audience.facts.refreshing import refresh as refresh_facts
from userops.audience.segments import actions, counting, refreshing
from userops.audience.tags import actions as tags
from userops.audience.tags.defining import Wanted
from userops.audience.tags.models import Tag
from userops.events import identity
from userops.events.erasure import erase
from userops.events.records import Event, Identify, ProfileChange

NOW = datetime.now(UTC)
TODAY = NOW.date()


@pytest.fixture
def product(make_product):
    return make_product(timezone="UTC")


@pytest.fixture
def lead(make_user, product):
    return make_user("lead", product)


@pytest.fixture
def uids(store, product):
    """a to f paid n times ten, 20 days ago and 4 days ago; f is also dev."""
    rows = [
        Event(
            event="pay",
            distinct_id=who,
            ts=int((NOW - timedelta(days=back)).timestamp() * 1000),
            uuid=uuid4(),
            properties={"amount": 10 * number},
        )
        for number, who in enumerate("abcdef", start=1)
        for back in (20, 4)
    ]
    rows += [Identify(distinct_id="f", anonymous_id="dev")]
    rows += [ProfileChange(distinct_id="a", operation="set", properties={"level": "gold"})]
    store.ingest.submit(product.pk, "native", rows)
    return identity.stored_uids(product.pk, [*"abcdef", "dev"])


@pytest.fixture
def tag(store, product, lead, uids):
    """Born 15 days ago."""
    made = tags.create_tag(store, product, Wanted("等级", values=("高", "低")), acting_user=lead)
    FactDay.objects.all().delete()
    Tag.objects.update(created=NOW - timedelta(days=15))
    return made


def past(back):
    return TODAY - timedelta(days=back)


def state(store, product, tag, uids, values, back):
    """What the tag says from then on; the last one is what it says today."""
    from userops.audience.tags import assigning

    at = NOW - timedelta(days=back)
    assigning.replace(store, tag, {uids[who]: value for who, value in values.items()}, since=NOW)
    FactDay.objects.filter(day=TODAY).delete()
    days.keep(product, tag.fact, {uids[who]: value for who, value in values.items()}, at)


def counted(store, product, lead, where, back):
    return counting.count(
        store, product, {"where": where}, day=past(back), sample=20, acting_user=lead
    )


def has(tag, value):
    return {"who": "user", "property": tag.fact, "op": "is", "value": value}


def test_a_tag_as_it_stood_that_day(store, product, lead, tag, uids):
    state(store, product, tag, uids, {"a": "高", "dev": "高"}, 15)
    state(store, product, tag, uids, {"a": "低", "b": "高"}, 6)
    state(store, product, tag, uids, {"c": "高"}, 2)
    person = {who: uids["f" if who == "dev" else who] for who in uids}
    root = identity.person_of(product.pk, "f")
    for back, high in ((16, ""), (15, "af"), (7, "af"), (6, "b"), (3, "b"), (2, "c"), (0, "c")):
        expected = {root if who == "f" else person[who] for who in high}
        found = counted(store, product, lead, has(tag, "高"), back)
        assert set(found.sample) == expected, back
        others = counted(store, product, lead, {"not": has(tag, "高")}, back)
        assert len(set(others.sample)) + len(expected) == others.everyone == 6
    # within a condition on events too
    filters = [{"property": tag.fact, "of": "user", "op": "set"}]
    did = {"who": "did", "event": "pay", "filters": filters}
    assert set(counted(store, product, lead, did, 5).sample) == {uids["a"], uids["b"]}
    assert counted(store, product, lead, did, 18).size == 0
    told = counted(store, product, lead, has(tag, "高"), 16).past
    assert "尚未建立" in told.zh and "nobody had it" in told.en
    assert "“等级”取当日的值" in counted(store, product, lead, has(tag, "高"), 5).past.zh


def test_random_histories(store, product, lead, tag, uids):
    dice = Random(7)
    said = {}
    for back in (15, *sorted(dice.sample(range(1, 15), 5), reverse=True)):
        said[back] = {
            who: dice.choice(["高", "低"]) for who in dice.sample("abcde", dice.randint(0, 5))
        }
        state(store, product, tag, uids, said[back], back)
    for back in range(18):
        then = [values for at, values in said.items() if at >= back]
        expected = {uids[who] for who, value in (then[-1] if then else {}).items() if value == "低"}
        assert set(counted(store, product, lead, has(tag, "低"), back).sample) == expected, back


def test_before_the_record_its_first_row_counts(store, product, lead, tag, uids):
    state(store, product, tag, uids, {"a": "高"}, 8)
    state(store, product, tag, uids, {"b": "高"}, 3)
    found = counted(store, product, lead, has(tag, "高"), 12)
    assert set(found.sample) == {uids["a"]}
    assert f"自 {past(8)} 起有记录" in found.past.zh


def test_figures_of_the_events_up_to_that_day(store, product, lead, uids):
    refresh_facts(store, product)
    rich = {"who": "user", "property": "$amount", "op": "gte", "value": 60}
    assert counted(store, product, lead, rich, 0).size == 4
    assert set(counted(store, product, lead, rich, 10).sample) == {
        identity.person_of(product.pk, "f")
    }
    found = counted(store, product, lead, rich, 30)
    assert (found.size, found.everyone) == (0, 0)
    assert "按当日为止的事件重算" in found.past.zh


def test_profiles_and_segments(store, product, lead, uids, tag):
    gold = {"who": "user", "property": "level", "op": "is", "value": "gold"}
    found = counted(store, product, lead, gold, 10)
    assert found.size == 1 and "用户资料“level”不留历史，取当前值" in found.past.zh
    late = {"who": "did", "event": "pay", "value": 2}
    twice = actions.create_segment(store, product, {"where": late}, name="两次", acting_user=lead)
    as_property = {"who": "user", "property": twice.fact, "op": "set"}
    assert twice.size == 6
    assert counted(store, product, lead, as_property, 10).size == 0
    assert counted(store, product, lead, as_property, 4).size == 6
    inside = {"who": "segment", "segment": twice.pk}
    assert counted(store, product, lead, {"and": [inside, has(tag, "高")]}, 10).size == 0


def test_sizes_of_a_segment_of_a_tag(store, product, lead, tag, uids):
    state(store, product, tag, uids, {"a": "高", "c": "高"}, 9)
    state(store, product, tag, uids, {"b": "高"}, 3)
    segment = actions.create_segment(
        store, product, {"where": has(tag, "高")}, name="高等级", acting_user=lead
    )
    assert segment.size == 1
    assert len(refreshing.members_at(store, segment, past(5)).persons) == 2
    assert refreshing.backfill(store, segment) > 0
    sizes = {each.day: each.size for each in segment.sizes.all()}
    assert [sizes[past(n)] for n in (16, 9, 4, 3, 0)] == [0, 2, 2, 1, 1]


def test_history_is_packed_renamed_forgotten(store, product, lead, tag, uids):
    state(store, product, tag, uids, {"a": "高", "b": "低"}, 9)
    state(store, product, tag, uids, {"a": "高", "b": "低"}, 4)
    assert FactDay.objects.count() == 1, "nothing changed"
    state(store, product, tag, uids, {"b": "低"}, 2)
    days.rename_value(product, tag.fact, "高", "顶")
    assert days.said(days.row_of(product, tag.fact, past(5))) == {uids["a"]: "顶", uids["b"]: "低"}
    erase(store, product, uids["a"], "somebody")
    assert days.said(days.row_of(product, tag.fact, past(5))) == {uids["b"]: "低"}
    long_ago = NOW - days.KEPT - timedelta(days=40)
    days.keep(product, "$tag/旧", {1: "x"}, long_ago)
    days.keep(product, "$tag/旧", {2: "x"}, long_ago + timedelta(days=5))
    days.keep(product, "$tag/旧", {3: "x"}, NOW)
    assert [days.said(row) for row in FactDay.objects.filter(name="$tag/旧")] == [
        {2: "x"},
        {3: "x"},
    ]
    tags.delete_tag(store, tag, acting_user=lead)
    assert not FactDay.objects.filter(name=tag.fact).exists()
