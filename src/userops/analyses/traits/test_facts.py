"""Facts about persons among the traits: counted by hand."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from userops.analyses.registry import BY_KIND
from userops.analyses.streams import examples
from userops.analyses.traits.facts import of_facts
from userops.analyses.traits.ranking import Numbers, Share
from userops.analyses.traits.sides import sides
from userops.events.fact_rows import IN

DAY = 86_400_000
BASE = 19_800 * DAY
PERSONS = range(60)


def question(**more: Any) -> Any:
    whole = {
        "product": "shop",
        "range": {"from": "2024-03-18", "to": "2024-03-20"},
        "question": {"kind": "trend", "series": [{"event": "pay", "measure": "users"}]},
        "selection": {"series": 0},
        "min_support": 5,
    }
    return BY_KIND["traits"].document.model_validate({**whole, **more})


def behind(question, scope, selection, limit, offset):
    return BY_KIND[question.kind].people(question, scope, selection, limit, offset)


@examples(25)
@given(
    payers=st.sets(st.integers(0, 59), min_size=1, max_size=50),
    levels=st.dictionaries(st.integers(0, 70), st.sampled_from(["金", "银"]), max_size=60),
    numbers=st.dictionaries(st.integers(0, 70), st.integers(0, 500), min_size=35, max_size=60),
    merges=st.dictionaries(st.integers(50, 59), st.integers(0, 40), max_size=3),
)
def test_shares_and_means_are_those_of_the_people(make_scope, payers, levels, numbers, merges):
    events = [{"event": "view", "uid": uid, "ts": BASE + uid} for uid in PERSONS]
    events += [{"event": "pay", "uid": uid, "ts": BASE + DAY} for uid in payers]
    facts = {
        "$tag/level": levels,
        "$amount": {uid: str(number) for uid, number in numbers.items()},
        "$first_seen": {uid: f"2024-01-{1 + uid % 28:02}" for uid in PERSONS},
    }
    scope = make_scope(events, merges=merges, facts=facts)
    root = {uid: merges.get(uid, uid) for uid in range(71)}
    group = {root[uid] for uid in payers}
    rest = {root[uid] for uid in PERSONS} - group
    with sides(question(), scope, behind) as both:
        found = {(trait.name, trait.value): trait.figures for trait in of_facts(both, frozenset())}
    assert not [name for name, _value in found if name == "$first_seen"]
    of = told(levels, root)
    for level in ("金", "银"):
        mine = sum(of.get(person) == level for person in group)
        theirs = sum(of.get(person) == level for person in rest)
        if mine or theirs:
            assert found["$tag/level", level] == Share(mine, len(group), theirs, len(rest))
    amounts = found.get(("$amount", None))
    if isinstance(amounts, Numbers):
        of_number = told(numbers, root)
        own = [of_number[person] for person in group if person in of_number]
        assert amounts.group.count == len(own)
        assert abs(amounts.group.mean - sum(own) / len(own)) < 1e-9


def told(values: dict[int, Any], root: dict[int, int]) -> dict[int, Any]:
    """What a fact says of persons: the root's own value, else that of the lowest number."""
    found: dict[int, Any] = {}
    for uid in sorted(values, key=lambda each: (each != root[each], each)):
        found.setdefault(root[uid], values[uid])
    return found


def test_people_with_a_value_of_a_fact(make_scope):
    events = [{"event": "view", "uid": uid, "ts": BASE} for uid in range(30)]
    events += [{"event": "pay", "uid": uid, "ts": BASE} for uid in range(10)]
    scope = make_scope(events, facts={"$tag/level": dict.fromkeys(range(5, 20), "金")})
    chosen = {"side": "group", "kind": "user_property", "name": "$tag/level", "value": "金"}
    found = BY_KIND["traits"].people(question(), scope, chosen, 100, 0)
    assert sorted(found.persons) == [5, 6, 7, 8, 9]
    result = BY_KIND["traits"].run(question(), scope)
    row = next(row for row in result["traits"] if row["name"] == "$tag/level")
    assert (row["group_kn"], row["rest_kn"]) == ([5, 10], [10, 20])


def test_people_read_that_one_is_in_a_segment_and_programs_its_code(make_scope):
    events = [{"event": "view", "uid": uid, "ts": BASE} for uid in range(30)]
    events += [{"event": "pay", "uid": uid, "ts": BASE} for uid in range(10)]
    scope = make_scope(events, facts={"$segment/1": dict.fromkeys(range(5, 20), IN)})
    asked = question()
    table = BY_KIND["traits"].table(asked, BY_KIND["traits"].run(asked, scope))
    at, column = next((at, c) for at, c in enumerate(table.columns) if c.name == "value")
    assert IN in [row[at] for row in table.plain()]
    assert column.shown(IN, "zh") == "在其中"


def test_a_fact_that_is_a_number_has_means(make_scope):
    events = [{"event": "view", "uid": uid, "ts": BASE} for uid in range(60)]
    events += [{"event": "pay", "uid": uid, "ts": BASE} for uid in range(30)]
    scope = make_scope(events, facts={"$amount": {uid: str(uid) for uid in range(60)}})
    rows = BY_KIND["traits"].run(question(), scope)["traits"]
    row = next(row for row in rows if row["name"] == "$amount")
    assert (row["measure"], row["group"], row["rest"]) == ("mean", 14.5, 44.5)
    assert row["medians"]["group"] == 14.5
