"""Computed facts against the slow, obvious way."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from userops.analyses.streams import examples, streams
from userops.audience.facts import oracle
from userops.audience.facts.computing import Wanted, computed
from userops.audience.facts.definitions import BY_NAME


def wanted(as_of: date, **changes: Any) -> Wanted:
    given_ = {
        "as_of": as_of,
        "value_property": "amount",
        "category": "category",
        "lifecycle_days": 7,
        "events": 0,
    }
    return Wanted(**{**given_, **changes})


DETAILS = st.fixed_dictionaries(
    {
        "amount": st.sampled_from([None, None, 0.0, 1.5, 20.25, 100.0, -5.0]),
        "channel": st.sampled_from(["", "wechat", "baidu"]),
        "platform": st.sampled_from(["", "web", "ios", "安卓"]),
        "session": st.sampled_from(["", "", "s1", "s2"]),
        "category": st.sampled_from(["", "数码", "书", "a"]),
    }
)


@examples(40)
@given(
    stream=streams(days=16, most=30, close=30 * 60_000),
    details=st.lists(DETAILS, min_size=30, max_size=30),
    back=st.integers(0, 12),
    span=st.sampled_from([1, 7]),
)
def test_facts_are_those_of_the_oracle(make_scope, stream, details, back, span):
    events = [
        {**event, **{k: v for k, v in more.items() if k != "category"},
         "props": {**event.get("props", {}), "category": more["category"]}}
        for event, more in zip(stream["events"], details * 10, strict=False)
    ]  # fmt: skip
    assume(events)
    zone = ZoneInfo(stream["timezone"])
    last = max(oracle._local(event, zone).date() for event in events)
    as_of = last - timedelta(days=back)
    scope = make_scope(events, timezone=stream["timezone"], merges=stream["merges"])
    found = computed(scope, wanted(as_of, lifecycle_days=span))
    expected = oracle.facts(
        events, zone, as_of, merges=stream["merges"], category="category", lifecycle_days=span
    )
    for name in BY_NAME:
        assert found[name] == expected.get(name, {}), name


def test_parts_are_the_whole(make_scope):
    events = [{"event": "a", "uid": uid, "ts": 86_400_000 * uid} for uid in range(1, 40)]
    scope = make_scope(events)
    as_of = date(1970, 3, 1)
    parts = computed(scope, wanted(as_of, events=70_000_000))
    assert parts == computed(scope, wanted(as_of))
    assert len(parts["$events"]) == 39


def test_the_lifecycle_is_that_of_the_analysis(make_scope):
    """As of a Sunday the last seven days are a week, and the states those of the lifecycle analysis."""
    from userops.analyses.lifecycle import LIFECYCLE
    from userops.query.dates import absolute

    sunday = date(2024, 3, 31)
    day = 86_400_000
    base = (sunday - date(1970, 1, 1)).days * day
    events = [
        {"event": "a", "uid": uid, "ts": base - back * day}
        for uid, backs in enumerate([[0], [1, 8], [2, 20], [9], [30], [6, 7], [13]])
        for back in backs
    ]
    scope = make_scope(events)
    found = computed(scope, wanted(sunday))["$lifecycle"]
    document = LIFECYCLE.document.model_validate(
        {"product": scope.slug, "range": absolute(sunday - timedelta(days=6), sunday)}
    )
    for state in ("new", "returning", "resurrected", "dormant"):
        people = LIFECYCLE.people(
            document, scope, {"start": str(sunday - timedelta(days=6)), "state": state}, 99, 0
        )
        assert sorted(people.persons) == sorted(
            p for p, each in found.items() if each == f"${state}"
        )


@pytest.mark.parametrize("name", list(BY_NAME))
def test_each_fact_says_what_it_is(name):
    fact = BY_NAME[name]
    assert fact.words.zh and fact.words.en and fact.sentence.zh and fact.sentence.en


def test_codes_have_the_words_of_their_analyses():
    from userops.analyses.lifecycle.states import STATES
    from userops.analyses.rfm.groups import LABELS
    from userops.query.codes import LIFECYCLE, RFM

    assert {f"${name}": words for name, words in LABELS.items()} == RFM
    states = {f"${state.name}": state.words for state in STATES}
    assert {name: LIFECYCLE[name] for name in states} == states
