"""Overlap against counting person by person; comparisons with a planted difference, and with none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import combinations
from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from userops.analyses.streams import examples
from userops.audience.comparing import actions, chosen, upset, venn
from userops.audience.comparing.comparison import compare
from userops.audience.comparing.document import Comparison
from userops.audience.comparing.overlap import pairs, parts
from userops.audience.facts.refreshing import refresh as refresh_facts
from userops.audience.segments.actions import create_segment
from userops.errors import NotFound, Refused
from userops.events.records import Event, ProfileChange

PERSONS = 200


@examples(60)
@given(st.lists(st.sets(st.integers(0, 60)), min_size=2, max_size=6))
def test_parts_are_those_of_counting_person_by_person(groups):
    found = parts([BitMap(group) for group in groups])
    assert len(found) == 2 ** len(groups) - 1
    for part in found:
        expected = {
            person
            for person in range(61)
            if tuple(place for place, group in enumerate(groups) if person in group) == part.inside
        }
        assert set(part.persons) == expected
    assert sum(len(part.persons) for part in found) == len(set().union(*groups))
    for pair, (one, two) in zip(
        pairs([BitMap(group) for group in groups]), combinations(groups, 2), strict=True
    ):
        assert (pair.both, pair.either) == (len(one & two), len(one | two))
        assert pair.of_first == (len(one & two) / len(one) if one else None)
        assert pair.jaccard == (len(one & two) / len(one | two) if one | two else None)


def test_pictures_tell_every_part():
    sets = [BitMap([1, 2, 3]), BitMap([3, 4]), BitMap([3, 5])]
    found = parts(sets)
    sizes = {part.inside: len(part.persons) for part in found}
    assert {each.key: each.people for each in venn.numbers(sizes, 3)} == {
        part.key: len(part.persons) for part in found
    }
    assert len(venn.circles(["a", "b"])) == 2 and venn.circles(list("abcd")) == []
    option = upset.option(found, ["a", "b", "c"], "Users")
    assert option["series"][0]["data"] == [2, 1, 1, 1]
    # what the bars do not have of the width: narrow pages write their numbers upright
    assert (
        option["series"][0]["userops"]["beside"]
        == option["grid"][0]["left"] + option["grid"][0]["right"]
    )


@pytest.fixture
def shop(store: Any, product: Any) -> Any:
    """Of 200 people the even ones pay by 微信 and buy; every third is gold."""
    now = datetime.now(UTC) - timedelta(days=3)
    rows: list[Any] = []
    for number in range(PERSONS):
        even = number % 2 == 0
        for count, name in enumerate(["view", "pay"] if even else ["view"]):
            rows.append(
                Event(
                    event=name,
                    distinct_id=f"u{number}",
                    ts=int(now.timestamp() * 1000) + count,
                    uuid=UUID(int=product.pk * 10_000 + number * 2 + count),
                    properties={"channel": "微信" if even else "抖音", "amount": number % 7},
                )
            )
        level = "gold" if number % 3 == 0 else "new"
        rows.append(
            ProfileChange(distinct_id=f"u{number}", operation="set", properties={"level": level})
        )
    store.ingest.submit(product.pk, "native", rows)
    refresh_facts(store, product)
    return product


@pytest.fixture
def lead(make_user: Any, shop: Any) -> Any:
    return make_user("lead", shop)


def segment(store: Any, shop: Any, lead: Any, name: str, where: dict[str, Any]) -> Any:
    return create_segment(store, shop, {"where": where}, name=name, acting_user=lead)


@pytest.fixture
def payers(store: Any, shop: Any, lead: Any) -> Any:
    return segment(store, shop, lead, "付费", {"who": "did", "event": "pay"})


@pytest.fixture
def gold(store: Any, shop: Any, lead: Any) -> Any:
    where = {"who": "user", "property": "level", "value": "gold"}
    return segment(store, shop, lead, "金卡", where)


def test_overlap_of_saved_segments_and_saving_a_part(store, shop, lead, payers, gold):
    rows = chosen.segments(shop, [payers.pk, gold.pk, payers.pk], most=6)
    sizes = {part.inside: len(part.persons) for part in parts(chosen.members(store, shop, rows))}
    assert sizes == {(0,): 66, (1,): 33, (0, 1): 34}
    for inside, size in sizes.items():
        saved = actions.save_part(store, shop, rows, inside, name=str(inside), acting_user=lead)
        assert saved.size == size
    with pytest.raises(NotFound):
        chosen.segments(shop, [987_654], most=6)
    with pytest.raises(Refused):
        chosen.segments(shop, range(1, 9), most=6)


def test_what_is_planted_is_found_and_nothing_else(store, shop, payers, gold):
    found = compare(store, shop, Comparison(product=shop.slug, segment=payers.pk))
    assert (found.result["group"], found.result["rest"], found.both) == (100, 100, 0)
    telling = {(row["name"], row["value"]) for row in found.result["traits"] if row["telling"]}
    assert ("channel", "微信") in telling and ("$first_channel", "微信") in telling
    assert not {name for name, _value in telling} & {"level", "pay", payers.fact, gold.fact}
    row = next(row for row in found.result["traits"] if row["name"] == "$first_channel")
    assert row["group_kn"] in ([100, 100], [0, 100])
    defining = {row["name"] for row in found.result["traits"] if row["defining"]}
    assert "pay" in defining and payers.fact in defining


def test_two_segments_share_nobody(store, shop, payers, gold):
    document = Comparison(product=shop.slug, segment=payers.pk, other=gold.pk)
    found = compare(store, shop, document)
    assert (found.result["group"], found.result["rest"], found.both) == (100, 33, 34)
    assert [words.zh for words in found.names] == ["付费", "金卡"]
    assert "付费" in found.definition.zh and "金卡" in found.definition.en
    with pytest.raises(Refused):
        compare(store, shop, Comparison(product=shop.slug, segment=gold.pk, other=gold.pk))


def address(name: str, shop: Any, **more: Any) -> str:
    return reverse(f"audience:{name}", kwargs={"product": shop.slug, **more})


def test_the_pages(client, store, shop, lead, payers, gold):
    client.force_login(lead)
    assert client.get(address("overlap", shop)).status_code == 200
    both = {"s": [payers.pk, gold.pk]}
    assert 'class="venn-number"' in client.get(address("overlap", shop), both).content.decode()
    third = segment(store, shop, lead, "全部", {"who": "did", "event": "view"})
    fourth = segment(store, shop, lead, "没付", {"not": {"who": "did", "event": "pay"}})
    many = {"s": [payers.pk, gold.pk, third.pk, fourth.pk]}
    assert 'data-chart="upset"' in client.get(address("overlap", shop), many).content.decode()
    assert client.get(address("overlap", shop), {"s": [987]}).status_code == 200
    people = client.get(address("overlap-people", shop), {**both, "inside": "0-1"})
    assert "34" in people.content.decode()
    for wrong in ("9", "x", ""):
        answer = client.get(address("overlap-people", shop), {**both, "inside": wrong})
        assert answer.status_code == 404
    query = f"?s={payers.pk}&s={gold.pk}"
    client.post(address("overlap-save", shop) + query, {"inside": "0-1", "name": "金卡付费"})
    assert "金卡付费" in client.get(address("overlap", shop)).content.decode()
    for extension in ("csv", "xlsx"):
        file = client.get(address("overlap-file", shop, extension=extension), both)
        assert file.status_code == 200


@pytest.mark.parametrize("question", ["", "active", "events", "retention", "lifecycle", "sessions"])
def test_the_page_of_a_comparison(client, shop, lead, payers, gold, question):
    client.force_login(lead)
    first = client.get(address("compare", shop))
    assert first.status_code == 200 and 'class="empty"' in first.content.decode()
    asked = {"a": payers.pk, "b": gold.pk if question else "", "days": 30, "q": question}
    # the page is there at once and asks for the answer itself; without scripts it is a link
    page = client.get(address("compare", shop), asked).content.decode()
    assert 'hx-trigger="load"' in page and "&amp;full=1" in page and "微信" not in page
    part = client.get(
        address("compare", shop), asked, headers={"HX-Request": "true", "HX-Target": "compared"}
    ).content.decode()
    assert "微信" in part and "<html" not in part
    answer = client.get(address("compare", shop), {**asked, "full": 1})
    text = answer.content.decode()
    assert answer.status_code == 200 and "微信" in text and 'class="empty"' not in text
    assert ('data-chart="side-1"' in text) == bool(question)
    for extension in ("csv", "xlsx"):
        file = client.get(address("compare-file", shop, extension=extension), asked)
        assert file.status_code == 200
