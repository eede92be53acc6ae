"""Samples of users: their answers are those of everybody for the persons in them; intervals hold what they say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from userops.analyses.streams import examples
from userops.events.rollups.building import count_days
from userops.segments import estimating, evaluate, everyone, parse, sampling
from userops.segments.bounding import outer
from userops.segments.estimating import estimate, judged, ratio
from userops.segments.evaluating import NoOthers
from userops.segments.sampling import (
    LEAST,
    OF_MANY_EVENTS,
    USUAL,
    Sample,
    in_sample,
    sample_of,
    shape_of,
)
from userops.segments.test_segments import Dice, company_of

FEW = Sample((((0, 1), (2, 3)), ((4, 5), (6, 7))), 2, 1)


@given(seed=st.integers(0, 10**6))
@examples(12)
def test_of_persons_in_the_sample_it_says_what_the_whole_says(make_scope, seed):
    dice = Dice(seed)
    scope, _rows, _known = company_of(make_scope, dice)
    some = in_sample(scope, FEW)
    for where in [*(dice.condition() for _ in range(8)), *(dice.tree() for _ in range(4))]:
        document = parse({"product": "shop", "where": where})
        exact = evaluate(document, scope) & FEW.persons()
        assert set(evaluate(document, some) & FEW.persons()) == set(exact), where


def test_runs_lie_apart_and_in_every_stratum():
    assert sample_of(LEAST - 1) is None
    for users in (LEAST, 1_234_567, 3_100_000):
        sample = sample_of(users)
        runs = sample.every()
        assert len(runs) == len(set(runs)) == 2 * USUAL.strata
        assert len(sample.persons()) == sum(after - first for first, after in runs)
        assert all(first % sample.length == 0 for first, _after in runs)
        assert 0.99 < len(sample.persons()) * USUAL.one_in / users <= 1
        assert max(after for _first, after in runs) <= users * 1.02


def test_ninety_five_of_a_hundred_intervals_hold_the_truth(monkeypatch):
    monkeypatch.setattr(sampling, "LEAST", 1_000)
    dice, held, wide = Random(3), 0, []
    users = 20_000
    sample, every = sample_of(users), BitMap(range(users))
    for trial in range(60):
        # how likely somebody is in it drifts with the number of the user
        base, drift = dice.uniform(0.02, 0.6), dice.uniform(-0.02, 0.3)
        inside = BitMap(
            n for n in range(trial % 2, users) if dice.random() < base + drift * n / users
        )
        size, half = ratio(inside & sample.persons(), every, sample)
        held += abs(size - len(inside)) <= half
        wide.append(half / len(inside))
    assert held >= 52
    assert sorted(wide)[30] < 0.15


def test_intervals_hold_where_few_users_do_nearly_all(monkeypatch):
    """Heavy tails, and who came early does a hundredth of what the newest do: of those who did it at all."""
    monkeypatch.setattr(sampling, "LEAST", 1_000)
    dice, users = Random(5), 40_000
    for shape, least in ((USUAL, 54), (OF_MANY_EVENTS, 52)):
        sample, held, wide, alone = sample_of(users, shape), 0, [], []
        for _trial in range(60):
            tail, often = dice.uniform(0.6, 1.6), dice.choice([2, 5, 20])
            did, inside = BitMap(), BitMap()
            for n in range(users):
                times = 0.02 * 100 ** (n / users) * dice.paretovariate(tail)
                if dice.random() < times:
                    did.add(n)
                    if times * dice.random() * 4 > often:
                        inside.add(n)
            told = judged(inside & sample.persons(), did, sample)
            held += told.low <= len(inside) <= told.high
            wide.append(told.high - told.low)
            told = judged(inside & sample.persons(), BitMap(range(users)), sample)
            alone.append(told.high - told.low)
        assert held >= least, shape
        assert sum(wide) < 0.9 * sum(alone), "narrower than of all users"


@given(seed=st.integers(0, 10**6))
@examples(15)
def test_nobody_outside_the_bound_is_in_a_segment(make_scope, seed):
    dice = Dice(seed)
    scope, _rows, _known = company_of(make_scope, dice)
    for where in [*(dice.condition() for _ in range(8)), *(dice.tree() for _ in range(6))]:
        document = parse({"product": "shop", "where": where})
        most = outer(document, scope, NoOthers())
        if most is not None:
            assert set(evaluate(document, scope)) <= set(most), where


def test_a_bound_from_bitmaps(make_scope):
    at = 1_709_600_000_000
    events = [
        {"event": e, "uid": u, "ts": at + u, "props": {"kind": "a" if u < 3 else "b"}}
        for e, u in (("buy", 1), ("buy", 3), ("view", 1), ("view", 2), ("view", 5))
    ]
    scope = make_scope(events, timezone="UTC")
    days = [date(2024, 3, 4), date(2024, 3, 5)]
    count_days(scope.engine, scope.product, scope.timezone, days, 1, merged=False)
    scope = replace(scope, version=1, builds=lambda: dict.fromkeys(days, 1))
    kind = [{"property": "kind", "op": "is", "value": "a"}]
    buy, view = ({"who": "did", "event": e, "filters": kind} for e in ("buy", "view"))
    never = {"who": "did", "event": "view", "op": "none"}

    def of(where):
        found = outer(parse({"product": "shop", "where": where}), scope, NoOthers())
        return None if found is None else set(found)

    assert of(buy) == {1, 3}
    assert of({"and": [buy, never]}) == {3}
    assert of({"or": [buy, view]}) == {1, 2, 3, 5}
    assert of({"not": buy}) is None
    assert of({"and": [buy, {"not": view}]}) == {1, 3}
    assert of({**buy, "op": "lte", "value": 3}) is None
    assert of({"who": "did", "event": "cry", "filters": kind}) == set()


def test_the_sample_for_conditions_on_all_events_has_few_runs():
    assert shape_of(1) == shape_of(8) == USUAL
    assert shape_of(0) == shape_of(9) == OF_MANY_EVENTS


def test_estimates_only_where_events_are_read(make_scope, monkeypatch):
    monkeypatch.setattr(sampling, "LEAST", 1_000)
    monkeypatch.setattr(estimating, "MOST_ROWS", 3_000)
    events = [
        {
            "event": "buy",
            "uid": n,
            "ts": 1_709_600_000_000 + n,
            "props": {"kind": "a" if n % 4 else "b"},
        }
        for n in range(0, 8_000, 2)
    ]
    scope = replace(make_scope(events), version=1, users=8_000)
    of_kind = {"event": "buy", "filters": [{"property": "kind", "op": "is", "value": "a"}]}

    def found(where):
        return estimate(parse({"product": "shop", "where": where}), scope)

    assert found({"who": "user", "property": "level", "op": "is", "value": "x"}) is None
    told = found({"who": "did", **of_kind})
    truth = evaluate(parse({"product": "shop", "where": {"who": "did", **of_kind}}), scope)
    assert told.low <= len(truth) <= told.high
    assert 0 < told.asked < len(everyone(scope)) / 3
    assert told.persons <= truth
    monkeypatch.setattr(estimating, "MOST_ROWS", 3_999)
    days = [date(2024, 3, 5)]
    count_days(scope.engine, scope.product, scope.timezone, days, 1, merged=False)
    built = replace(scope, builds=lambda: dict.fromkeys(days, 1), version=2)
    document = parse({"product": "shop", "where": {"who": "did", **of_kind}})
    assert estimate(document, built) is not None
    monkeypatch.setattr(estimating, "MOST_ROWS", 4_000)
    assert estimate(document, built) is None, "so many rows are counted as they are"
    # who was counted once is known
    assert found({"who": "did", **of_kind}) is None


@pytest.mark.parametrize("users", [0, 1, 1000])
def test_few_users_are_counted_as_they_are(users):
    assert sample_of(users) is None
