"""Funnel against its oracle, against pinned cases, and against its own properties."""

from __future__ import annotations

import json
import random
import statistics
from collections import Counter
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from userops.analyses.funnel import FUNNEL, FunnelDocument
from userops.analyses.funnel.breaking import UNREACHED
from userops.analyses.funnel.oracle import Oracle

ZONE = "America/New_York"
# two days around the change to summer time: the second is 23 hours long
FIRST, LAST = date(2026, 3, 7), date(2026, 3, 8)
BASE = int(datetime(2026, 3, 7, 5, tzinfo=UTC).timestamp() * 1000)  # local midnight of the first
HOUR = 3_600_000
PROPS = {"k": ["u", "v", "w"], "p": ["1", "2"]}
MOMENTS = [
    BASE - 1, BASE, BASE + 1, BASE + 1000, BASE + 1001, BASE + 2000, BASE + 24 * HOUR - 1,
    BASE + 24 * HOUR, BASE + 24 * HOUR + 500, BASE + 24 * HOUR + 40 * 60_000, BASE + 46 * HOUR + 1000,
    BASE + 47 * HOUR - 1, BASE + 47 * HOUR, BASE + 47 * HOUR + 999, BASE + 47 * HOUR + 1000,
    BASE + 47 * HOUR + 1800_000,
]  # fmt: skip


@st.composite
def events(draw):
    """A dense stream: a dozen users, of whom each has few moments, so that ties and bounds are met."""
    rng = random.Random(draw(st.integers(0, 2**32)))
    rows = []
    for uid in range(12):
        moments = rng.sample(MOMENTS, rng.randint(1, 6))
        for _ in range(rng.randint(1, 9)):
            props = {
                name: rng.choice(values) for name, values in PROPS.items() if rng.random() < 0.8
            }
            rows.append(
                {
                    "event": rng.choice("AAABBCX"),
                    "uid": uid,
                    "ts": rng.choice(moments),
                    "session": rng.choice(["", "", "s1", "s2"]),
                    "props": props,
                }
            )
    rng.shuffle(rows)
    return rows


RANGE = {"from": FIRST.isoformat(), "to": LAST.isoformat()}
ANY_P = {"event": "*", "filters": [{"property": "p", "value": "1"}]}
STEPS = st.sampled_from(
    [
        ["A", "B"],
        ["A", "B", "C"],
        ["A", "A"],
        ["A", "A", "B"],
        ["A", ANY_P, "B"],
        [{"event": ["A", "B"]}, "B", {"event": ["A", "C"]}],
        ["A"],
    ]
)
WINDOWS = st.sampled_from(["1s", "2s", "30m", "24h", "2d", "same_day"])


def build(**more):
    return FunnelDocument.model_validate({"product": "p", "range": RANGE, **more})


@st.composite
def documents(draw):
    """Any document that is valid."""
    steps = draw(STEPS)
    order = draw(st.sampled_from(["ordered", "ordered", "strict", "any_order"]))
    more = {
        "steps": steps,
        "window": draw(WINDOWS),
        "order": order,
        "first_entry": draw(st.booleans()),
        "hold_constant": draw(st.sampled_from([[], [], ["k"], ["k", "p"]])),
        "count": draw(st.sampled_from(["users", "users", "sessions"])),
        "exclusion_mode": draw(st.sampled_from(["drop", "stop"])),
        "breakdown": draw(st.sampled_from([[], ["k"], [{"property": "c", "of": "user"}, "p"]])),
        "breakdown_at": draw(st.sampled_from(["first", "last"])),
        "filters": draw(st.sampled_from([[], [], [{"property": "p", "value": ["1", "2"]}]])),
    }
    if order == "ordered" and len(steps) == 3 and draw(st.booleans()):
        plain = [{"event": each} if isinstance(each, str) else each for each in steps]
        more["steps"] = [plain[0], {**plain[1], "optional": True}, plain[2]]
    if order != "any_order":
        more["breakdown_at"] = draw(st.sampled_from(["first", "last", len(steps)]))
    optional = any(isinstance(each, dict) and "optional" in each for each in more["steps"])
    more["exclusions"] = draw(exclusions(order, len(steps), optional=optional))
    return build(**more)


@st.composite
def exclusions(draw, order, count, *, optional):
    kinds = [[], [{"event": "X"}], [{"event": "X"}, {"event": "C"}]]
    kinds.append([{"event": ["X", "B"], "filters": [{"property": "p", "value": "1"}]}])
    if order != "any_order" and count == 3:
        kinds.append([{"event": "X", "from": 1, "to": 3}])
    if order != "any_order" and count == 3 and not optional:
        kinds.append([{"event": "X", "from": 2}])
        kinds.append([{"event": ["X", "C"], "to": 2}, {"event": "B", "from": 2, "to": 3}])
    return draw(st.sampled_from(kinds))


def check(document, scope, rows, merges, profiles):
    oracle = Oracle(document, rows, ZONE, merges)
    attempts, out = oracle.total()
    result = json.loads(json.dumps(FUNNEL.run(document, scope)))
    count = len(document.steps)
    expected = [sum(each.done[at] is not None for each in attempts.values()) for at in range(count)]
    assert [each["users"] for each in result["steps"]] == expected
    assert result["excluded"] == len(out)
    check_times(result, attempts, count)
    for at, day in enumerate((FIRST, LAST)):
        that_day = oracle.on_day(day).values()
        assert result["trend"][at]["users"] == [
            sum(each.done[step] is not None for each in that_day) for step in range(count)
        ]
    if document.breakdown:
        check_breakdown(document, oracle, attempts, result, profiles)
    for step in {1, count}:
        converted = {
            owner[0] for owner, each in attempts.items() if each.done[step - 1] is not None
        }
        found = FUNNEL.people(document, scope, {"step": step}, 100, 0)
        assert (found.persons, found.total) == (sorted(converted), len(converted))


def check_times(result, attempts, count):
    for at in range(1, count):
        seconds = []
        for each in attempts.values():
            if each.done[at] is not None:
                before = [when for when in each.done[:at] if when is not None][-1]
                seconds.append((each.done[at] - before) / 1000)
        step = result["steps"][at]
        if not seconds:
            assert step["median_seconds"] is None
            continue
        assert step["median_seconds"] == pytest.approx(statistics.median(seconds))
        assert step["mean_seconds"] == pytest.approx(statistics.fmean(seconds))
        assert sum(each["users"] for each in step["histogram"]) == len(seconds)


def check_breakdown(document, oracle, attempts, result, profiles):
    def key(owner, attempt):
        values = []
        for each in document.breakdown:
            if each.of == "user":
                values.append(str(profiles.get(owner[0], {}).get(each.property, "")))
            else:
                value = oracle.value_at(attempt, each.property)
                values.append(UNREACHED if value is None else value)
        return tuple(values)

    last = len(document.steps) - 1
    entered = Counter(key(owner, each) for owner, each in attempts.items())
    finished = Counter(
        key(owner, each) for owner, each in attempts.items() if each.done[last] is not None
    )
    found = {tuple(part["breakdown"].values()): part["steps"] for part in result["breakdown"]}
    assert {each: steps[0]["users"] for each, steps in found.items()} == dict(entered)
    assert all(steps[-1]["users"] == finished[each] for each, steps in found.items())


quick = settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@quick
@given(rows=events(), asked=st.lists(documents(), min_size=8, max_size=8), merge=st.booleans())
def test_agrees_with_the_oracle(make_scope, rows, asked, merge):
    merges = {1: 0} if merge else {}
    profiles = {0: {"c": "x"}, 2: {"c": "y"}}
    scope = make_scope(rows, timezone=ZONE, merges=merges, profiles=profiles)
    for document in asked:
        check(document, scope, rows, merges, profiles)


FILTERED = [{"event": "A", "filters": ANY_P["filters"]}, "B", {"event": ["C", "D"]}]
ASKED = st.tuples(STEPS | st.just(FILTERED), st.sampled_from(["1s", "2s", "24h", "2d"]))


@quick
@given(rows=events(), asked=st.lists(ASKED, min_size=8, max_size=8), merge=st.booleans())
def test_fast_path_agrees_with_the_oracle(make_scope, rows, asked, merge):
    merges = {1: 0} if merge else {}
    scope = make_scope(rows, timezone=ZONE, merges=merges)
    for steps, window in asked:
        document = build(steps=steps, window=window, counts_only=True)
        attempts, _ = Oracle(document, rows, ZONE, merges).total()
        users = [each["users"] for each in FUNNEL.run(document, scope)["steps"]]
        assert users == [
            sum(each.done[at] is not None for each in attempts.values()) for at in range(len(steps))
        ]


@pytest.mark.parametrize(
    "more",
    [
        {"breakdown": ["city"], "breakdown_limit": 2},
        {"breakdown": [{"property": "city", "of": "user"}], "order": "any_order"},
        {"count": "sessions"},
        {"counts_only": True},
        {"exclusions": [{"event": "leave"}], "breakdown": ["city"], "breakdown_at": "last"},
    ],
)
def test_blocks_of_persons_add_up_to_everybody(make_scope, monkeypatch, more):
    dice = random.Random(7)
    events = [
        {
            "event": dice.choice(["view", "cart", "pay", "leave"]),
            "uid": dice.randrange(30),
            "ts": 1_709_600_000_000 + dice.randrange(400) * 600_000,
            "city": dice.choice(["a", "b", "c", "d"]),
        }
        for _ in range(600)
    ]
    profiles = {uid: {"city": dice.choice("xyz")} for uid in range(30)}
    scope = make_scope(events, merges={29: 3, 28: 4}, profiles=profiles)
    document = FunnelDocument.model_validate(
        {
            "product": "shop",
            "range": {"from": "2024-03-05", "to": "2024-03-07"},
            "steps": ["view", "cart", "pay"],
            "window": "6h",
            **more,
        }
    )
    whole = FUNNEL.run(document, scope)
    monkeypatch.setattr("userops.analyses.funnel.reading.ROWS_AT_ONCE", 50)
    monkeypatch.setattr("userops.analyses.timelines.ROWS_AT_ONCE", 20)
    monkeypatch.setattr("userops.analyses.timelines.ROWS_READ", 50)
    assert rounded(FUNNEL.run(document, scope)) == rounded(whole)
    assert whole["steps"][0]["users"] > 0


def rounded(node):
    """Sums of the same numbers in another order differ in their last digits."""
    if isinstance(node, float):
        return round(node, 6)
    if isinstance(node, dict):
        return {key: rounded(value) for key, value in node.items()}
    return [rounded(each) for each in node] if isinstance(node, list) else node
