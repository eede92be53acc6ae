"""Samples of users: their answers are those of everybody for the persons in them; intervals hold what they say."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from userops.analyses.streams import examples
from userops.segments import evaluate, everyone, parse, sampling
from userops.segments.estimating import estimate, ratio
from userops.segments.sampling import LEAST, ONE_IN, STRATA, Sample, in_sample, sample_of
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
        assert len(runs) == len(set(runs)) == 2 * STRATA
        assert len(sample.persons()) == sum(after - first for first, after in runs)
        assert all(first % sample.length == 0 for first, _after in runs)
        assert 0.99 < len(sample.persons()) * ONE_IN / users <= 1
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


def test_estimates_only_where_events_are_read(make_scope, monkeypatch):
    monkeypatch.setattr(sampling, "LEAST", 1_000)
    events = [
        {"event": "buy", "uid": n, "ts": 1_000 + n, "props": {"kind": "a" if n % 4 else "b"}}
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
    # who was counted once is known
    assert found({"who": "did", **of_kind}) is None


@pytest.mark.parametrize("users", [0, 1, 1000])
def test_few_users_are_counted_as_they_are(users):
    assert sample_of(users) is None
