from __future__ import annotations

import json
import statistics
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from userops.analyses.registry import BY_KIND
from userops.analyses.traits import favourites, oracle
from userops.analyses.traits.collecting import collected
from userops.analyses.traits.naming import names_of
from userops.analyses.traits.ranking import Numbers, Share, Trait, ranked
from userops.analyses.traits.sides import sides
from userops.errors import DocumentError

TRAITS = BY_KIND["traits"]
DAY = 86_400_000
ZONE = "Asia/Shanghai"
BEGIN = int(datetime(2024, 3, 10, 16, tzinfo=UTC).timestamp() * 1000)
RANGE = {"from": "2024-03-11", "to": "2024-03-17"}
PAYERS = {"kind": "trend", "series": [{"event": "pay", "measure": "users"}]}


@st.composite
def streams(draw) -> dict[str, Any]:
    at = st.one_of(
        st.integers(-2 * DAY, 8 * DAY), st.sampled_from([-1, 0, DAY, 7 * DAY - 1, 7 * DAY])
    )
    event = st.fixed_dictionaries(
        {
            "event": st.sampled_from(["view", "pay", "chat"]),
            "uid": st.integers(0, 9),
            "ts": at.map(lambda ms: BEGIN + ms),
            "city": st.sampled_from(["上海", "北京", ""]),
            "props": st.fixed_dictionaries({"tag": st.sampled_from(["a", "b"])}),
        }
    )
    levels = st.fixed_dictionaries({"level": st.sampled_from(["gold", "new"])})
    return {
        "events": draw(st.lists(event, min_size=draw(st.sampled_from([0, 30])), max_size=60)),
        "merges": draw(st.dictionaries(st.integers(5, 9), st.integers(0, 4), max_size=2)),
        "profiles": draw(st.dictionaries(st.integers(0, 9), levels, max_size=6)),
    }


def document(question: dict[str, Any], selection: dict[str, Any], **fields: Any) -> Any:
    whole = {"product": "shop", "range": RANGE, "question": question, "selection": selection}
    return TRAITS.document.model_validate({**whole, **fields})


def behind(question, scope, selection, limit, offset):
    return BY_KIND[question.kind].people(question, scope, selection, limit, offset)


@dataclass
class Expected:
    """A stream as the oracle sees it."""

    rows: list[dict[str, Any]]
    ever: list[dict[str, Any]]
    levels: dict[int, str]
    group: set[int]
    rest: set[int]


CITY = {"property": "city", "op": "is", "value": "上海"}
EACH = {
    "kind": "trend",
    "series": [{"event": name, "measure": "users"} for name in ("pay", "view")],
}
"""Two numbers, of which one may be compared with the other."""


def expected_of(stream, chosen: str = "pay", other: str | None = None, filters=()) -> Expected:
    """Filters say whose numbers are asked for; who else was active is not asked of them."""
    merges = stream["merges"]
    ever = [
        {**each, "person": merges.get(each["uid"], each["uid"]), "tag": each["props"]["tag"]}
        for each in stream["events"]
    ]
    ever = [row for row in ever if row["ts"] < BEGIN + 7 * DAY]
    rows = [row for row in ever if row["ts"] >= BEGIN]
    numbers = [row for row in rows if not filters or row["city"] == "上海"]
    group = {row["person"] for row in numbers if row["event"] == chosen}
    rest = {row["person"] for row in (numbers if other else rows) if other in (None, row["event"])}
    levels = {person: each["level"] for person, each in stream["profiles"].items()}
    return Expected(rows, ever, levels, group, rest - group)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    stream=streams(),
    chosen=st.integers(0, 1),
    against=st.sampled_from(["others", "selection"]),
    filters=st.sampled_from([[], [CITY]]),
    at_once=st.sampled_from([7, favourites.ROWS_AT_ONCE]),
)
def test_traits_are_what_the_oracle_says(make_scope, stream, chosen, against, filters, at_once):
    with patch.object(favourites, "ROWS_AT_ONCE", at_once):
        _check(make_scope, stream, chosen, against, filters)


def _check(make_scope, stream, chosen, against, filters):
    scope = make_scope(
        stream["events"], timezone=ZONE, merges=stream["merges"], profiles=stream["profiles"]
    )
    names = ["pay", "view"]
    other = {"series": 1 - chosen} if against == "selection" else None
    question = document(EACH, {"series": chosen}, against=against, other=other, filters=filters)
    expected = expected_of(stream, names[chosen], names[1 - chosen] if other else None, filters)
    result = TRAITS.run(question, scope)
    assert (result["group"], result["rest"]) == (len(expected.group), len(expected.rest))
    with sides(question, scope, behind) as both:
        assert (both.group.size, both.rest) == (len(expected.group), len(expected.rest))
        found = list(collected(both, names_of(question)))
        traits = {(each.kind, each.name, each.value): each for each in found}
    both_sides = expected.group | expected.rest
    for event in {row["event"] for row in expected.rows if row["person"] in both_sides}:
        share = traits["event", event, None].figures
        assert isinstance(share, Share)
        assert share == Share(
            oracle.did(expected.rows, event, expected.group), len(expected.group),
            oracle.did(expected.rows, event, expected.rest), len(expected.rest),
        )  # fmt: skip
        same_numbers(
            traits["times", event, None].figures,
            oracle.times(expected.rows, event, expected.group),
            oracle.times(expected.rows, event, expected.rest),
        )
    # what an event of the question carries is read off the others, but a city is of the device
    elsewhere = [row for row in expected.rows if row["event"] not in names]
    for (kind, name, value), trait in traits.items():
        if kind == "event_property":
            rows = expected.rows if name == "city" else elsewhere
            if name in ("city", "tag"):
                assert counts(trait) == tuple(
                    oracle.carrying(rows, name, value, side)
                    for side in (expected.group, expected.rest)
                )
        if kind == "user_property":
            assert counts(trait) == tuple(
                sum(expected.levels.get(person, "") == value for person in side)
                for side in (expected.group, expected.rest)
            )
        if kind == "activity":
            read = activity(expected, name)
            same_numbers(
                trait.figures,
                [read(person) for person in expected.group],
                [read(person) for person in expected.rest],
            )


def activity(expected: Expected, name: str):
    zone = ZoneInfo(ZONE)
    return {
        "active_days": lambda person: oracle.active_days(expected.rows, person, zone),
        "events": lambda person: len(oracle.mine(expected.rows, person)),
        "age_days": lambda person: oracle.age(expected.ever, person, zone, date(2024, 3, 17)),
    }[name]


def counts(trait: Trait) -> tuple[int, int]:
    assert isinstance(trait.figures, Share)
    return trait.figures.hits, trait.figures.hits_rest


def same_numbers(figures, group, rest):
    assert isinstance(figures, Numbers)
    for sample, median, numbers in (
        (figures.group, figures.median, group),
        (figures.rest, figures.median_rest, rest),
    ):
        assert sample.count == len(numbers)
        if numbers:
            assert sample.mean == pytest.approx(statistics.fmean(numbers))
        if len(numbers) > 1:
            assert sample.variance == pytest.approx(statistics.variance(numbers), abs=1e-9)
        if numbers and median is not None:
            assert median.value == statistics.median(numbers)
            assert median.low <= median.value <= median.high


@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(stream=streams())
def test_the_people_behind_a_trait_are_as_many_as_it_says(make_scope, stream):
    scope = make_scope(
        stream["events"], timezone=ZONE, merges=stream["merges"], profiles=stream["profiles"]
    )
    question = document(PAYERS, {"series": 0})
    with sides(question, scope, behind) as both:
        traits = list(collected(both, names_of(question)))
    for trait in traits:
        if trait.kind in ("event", "event_property", "user_property") and isinstance(
            trait.figures, Share
        ):
            value = {} if trait.value is None else {"value": trait.value}
            for side, count in zip(("group", "rest"), counts(trait), strict=True):
                chosen = {"side": side, "kind": trait.kind, "name": trait.name, **value}
                assert TRAITS.people(question, scope, chosen, 1, 0).total == count


def test_numbers_are_means_of_persons_within_the_range(make_scope):
    """Of events: the mean of each person; of the profile: as it is. Both ends of the range, merges, and the
    people of another product tell nothing else."""
    dice = np.random.default_rng(3)
    ends = [-1, 0, 3 * DAY, 7 * DAY - 1, 7 * DAY]
    rows = [
        {"event": event, "uid": uid, "ts": BEGIN + ends[int(dice.integers(0, 5))],
         "props": {"score": int(dice.integers(0, 90))} if event == "chat" else {}}
        for uid in range(40)
        for event in ("pay", "view", *["chat"] * 4)
        if event != "pay" or uid % 2
    ]  # fmt: skip
    rows += [{"event": "pay", "uid": uid, "ts": BEGIN, "props": {}} for uid in range(1, 40, 2)]
    profiles: dict[int, Any] = {uid: {"age": int(dice.integers(18, 80))} for uid in range(40)}
    profiles[5] = {"age": "inf"}
    merges = {38: 0, 39: 1}
    strange = {uid: {"age": 99 if uid % 2 else "old"} for uid in range(40)}
    make_scope([{**row, "props": {"score": 1}} for row in rows], timezone=ZONE, profiles=strange)
    scope = make_scope(rows, timezone=ZONE, merges=merges, profiles=profiles)
    expected = expected_of({"events": [{**row, "props": {"tag": "", **row["props"]}} for row in rows],
                            "merges": merges, "profiles": {}})  # fmt: skip
    with sides(document(PAYERS, {"series": 0}), scope, behind) as both:
        found = {each.name: each.figures for each in collected(both, frozenset()) if not each.value}
    scores: dict[int, list[int]] = {}
    for row in expected.rows:
        if "score" in row["props"]:
            scores.setdefault(row["person"], []).append(row["props"]["score"])
    means = {person: statistics.fmean(each) for person, each in scores.items()}
    ages = {
        person: profiles[person]["age"] for person in expected.group | expected.rest if person != 5
    }
    for name, of in (("score", means), ("age", ages)):
        same_numbers(
            found[name],
            [of[person] for person in sorted(expected.group) if person in of],
            [of[person] for person in sorted(expected.rest) if person in of],
        )


def shop(uids: range, event: str, **more: Any) -> list[dict[str, Any]]:
    return [{"event": event, "uid": uid, "ts": BEGIN + uid, **more} for uid in uids]


def test_what_sets_payers_apart_is_told_first(make_scope):
    rows = shop(range(200), "pay", city="上海") + shop(range(200), "view", city="上海")
    rows += shop(range(200, 600), "view", city="北京") + shop(range(150), "chat")
    profiles = {uid: {"level": "gold" if uid % 2 else "new"} for uid in range(600)}
    scope = make_scope(rows, timezone=ZONE, profiles=profiles)
    question = document(PAYERS, {"series": 0})
    result = TRAITS.run(question, scope)
    telling = [(row["name"], row["value"]) for row in result["traits"] if row["telling"]]
    assert "city" in [name for name, _ in telling[:3]]
    assert ("chat", None) in telling
    assert not any(name == "level" for name, _ in telling)
    pay = next(
        row for row in result["traits"] if row["name"] == "pay" and row["measure"] == "share"
    )
    assert (pay["defining"], pay["telling"]) == (True, False)
    words = TRAITS.page.notes(question, result, lambda _of, name: name)
    assert "200 人" in words[0].zh
    chart = TRAITS.chart(question, result, "zh-hans")
    assert chart["series"][0]["data"][0] in (0, 1)
    assert len(TRAITS.table(question, result).rows) == len(result["traits"])


def test_against_the_people_of_another_number(make_scope):
    rows = shop(range(60), "pay", city="上海") + shop(range(40, 160), "view", city="北京")
    scope = make_scope(rows + shop(range(160, 200), "chat"), timezone=ZONE)
    question = document(EACH, {"series": 0}, against="selection", other={"series": 1})
    result = TRAITS.run(question, scope)
    assert (result["group"], result["rest"]) == (60, 100)
    result = TRAITS.run(document(EACH, {"series": 0}), scope)
    assert (result["group"], result["rest"]) == (60, 140)


def test_support_counts_both_sides_and_the_limit_cuts_the_end(make_scope):
    rows = shop(range(100), "pay") + shop(range(100, 300), "view") + shop(range(90, 120), "chat")
    scope = make_scope(rows, timezone=ZONE)

    def told(**more: Any) -> list[tuple[str, str]]:
        result = TRAITS.run(document(PAYERS, {"series": 0}, **more), scope)
        return [(row["kind"], row["name"]) for row in result["traits"]]

    assert ("event", "chat") in told(min_support=30)
    assert ("event", "chat") not in told(min_support=31)
    assert len(told()) > 3 and told(limit=3) == told()[:3]


def test_nobody_and_nothing_are_said_honestly(make_scope):
    question = document(PAYERS, {"series": 0})
    for rows in ([], shop(range(5), "pay"), shop(range(5), "view")):
        result = TRAITS.run(question, make_scope(rows, timezone=ZONE))
        assert result["telling"] == 0
        words = TRAITS.page.notes(question, result, lambda _of, name: name)
        assert len(words) == 2
        TRAITS.chart(question, result, "en")


def test_properties_of_a_device_share_a_number_and_a_page_has_its_own():
    def of(name: str, count: int = 3) -> favourites.Property:
        return favourites.Property(name, [str(at) for at in range(count)])

    packed = favourites.packs([of("city"), of("page"), of("coupon"), of("os"), of("word")])
    assert [[each.name for each in pack] for pack in packed] == [
        ["city", "os"], ["coupon", "word"], ["page"],
    ]  # fmt: skip
    many = favourites.packs([of(f"p{at}", 1_000) for at in range(7)])
    assert sorted(len(pack) for pack in many) == [1, 6]


def test_shuffled_groups_set_nobody_apart():
    """A/A: groups drawn by lot are told apart no more often than the false discovery rate allows."""
    rng = np.random.default_rng(7)
    found = 0
    for _ in range(100):
        inside = rng.random(2_000) < 0.2
        n, m = int(inside.sum()), int((~inside).sum())
        traits = []
        for place in range(60):
            has = rng.random(2_000) < rng.uniform(0.02, 0.6)
            figures = Share(int((has & inside).sum()), n, int((has & ~inside).sum()), m)
            traits.append(Trait("event", f"e{place}", None, figures))
        found += ranked(traits, 20)[2] > 0
    assert found <= 12


def test_a_shuffled_group_in_the_engine_is_not_told_apart(make_scope):
    rng = np.random.default_rng(11)
    cities, devices = rng.choice(["上海", "北京"], 6_000), rng.integers(0, 9, 6_000).astype(str)
    names = rng.choice(["view", "chat", "share"], 6_000)
    rows = [
        {"event": event, "uid": at // 4, "ts": BEGIN + at, "city": city, "device": device}
        for at, (event, city, device) in enumerate(
            zip(names.tolist(), cities.tolist(), devices.tolist(), strict=True)
        )
    ]
    rows += [{"event": "lot", "uid": int(uid), "ts": BEGIN} for uid in rng.permutation(1_500)[:300]]
    lot = {"kind": "trend", "series": [{"event": "lot"}]}
    result = TRAITS.run(document(lot, {"series": 0}), make_scope(rows, timezone=ZONE))
    others = [row for row in result["traits"] if row["telling"] and row["name"] != "events"]
    assert result["compared"] >= 15
    assert others == []


def test_addresses_carry_selections_as_text():
    question = document(PAYERS, {"series": 0, "breakdown": {"a.b": "1"}})
    short = question.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    assert short["selection"] == '{"series":0,"breakdown":{"a.b":"1"}}'
    assert TRAITS.document.model_validate(short) == question
    assert question.as_json()["selection"] == {"series": 0, "breakdown": {"a.b": "1"}}
    assert TRAITS.document.model_validate(question.as_json()).hash() == question.hash()


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"selection": "odd"}, "traits_selection"),
        ({"selection": "[1]"}, "traits_selection"),
        ({"against": "selection"}, "traits_other"),
        ({"other": {"series": 0}}, "traits_other"),
    ],
)
def test_wrong_documents_are_refused(fields, code):
    with pytest.raises(ValueError, match=code):
        document(**{"question": PAYERS, "selection": {"series": 0}, **fields})


def test_wrong_selections_are_refused(make_scope):
    question = document(PAYERS, {"series": 0})
    for selection in ({"side": "odd"}, {"kind": "event"}, {"kind": "user_property", "name": "x"}):
        with pytest.raises(DocumentError) as wrong:
            TRAITS.people(question, make_scope([]), selection, 10, 0)
        assert wrong.value.code == "selection_invalid"


def test_the_sets_are_gone_when_the_answer_is_there(make_scope):
    scope = make_scope(shop(range(5), "pay"), timezone=ZONE)
    TRAITS.run(document(PAYERS, {"series": 0}), scope)
    left = "select count() from system.tables where startsWith(name, 'person_set_')"
    assert scope.engine.value(left) == 0


def test_profiles_that_are_gone_tell_nothing(make_scope):
    """Neither their values, nor that a property has several, nor who is behind it."""
    profiles: dict[int, Any] = {
        uid: {"level": "gold" if uid % 2 else "new", "age": 20 + uid, "plan": "a"}
        for uid in range(60)
    }
    rows = shop(range(30), "pay") + shop(range(30, 60), "view")
    scope = make_scope(rows, timezone=ZONE, profiles=profiles)
    gone = {1: {"level": "gold", "age": 9_000, "plan": "b"}, 59: {"level": "gold", "once": "x"}}
    gone[58] = {"level": "gold", "once": "y"}
    columns = {
        "product": pa.array([scope.product] * 3, pa.uint32()),
        "person": pa.array(list(gone), pa.uint32()),
        "version": pa.array([2] * 3, pa.uint64()),
        "gone": pa.array([1] * 3, pa.uint8()),
        "props": [json.dumps(each) for each in gone.values()],
    }
    scope.engine.insert("profiles", pa.table(columns))
    question = document(PAYERS, {"series": 0})
    with sides(question, scope, behind) as both:
        found = {(each.name, each.value): each for each in collected(both, names_of(question))}
    assert not {"plan", "once"} & {name for name, _ in found}
    # of 15 and 15 in gold, one of the payers and one of the others are gone; so is one of the new
    assert counts(found["level", "gold"]) == (14, 14) and counts(found["level", "new"]) == (15, 14)
    ages = found["age", None].figures
    assert isinstance(ages, Numbers)
    assert (ages.group.count, ages.rest.count) == (29, 28)
    assert ages.group.mean == pytest.approx(statistics.fmean(20 + n for n in range(30) if n != 1))
    chosen = {"side": "group", "kind": "user_property", "name": "level", "value": "gold"}
    assert TRAITS.people(question, scope, chosen, 99, 0).persons == list(range(3, 30, 2))
