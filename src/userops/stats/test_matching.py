"""Matched comparisons against plain loops, properties, and planted truths: an effect found, and none where none is."""

from __future__ import annotations

import math
from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from userops.stats.matching import (
    Moments,
    difference,
    match,
    scale_of,
    standardised,
    thin,
)

ROWS = st.lists(
    st.tuples(st.integers(0, 4), st.booleans(), st.integers(0, 60), st.integers(0, 3).map(float)),
    min_size=80,
    max_size=200,
)


def arrays(rows):
    stratum, case, person, outcome = zip(*rows, strict=True)
    return (
        np.array(stratum, np.int64), np.array(case, bool), np.array(person, np.int64),
        np.array(outcome, float),
    )  # fmt: skip


def oracle(rows):
    """Row by row, as the definition reads; or None."""
    strata = defaultdict(lambda: ([], []))
    for stratum, case, person, outcome in rows:
        strata[stratum][0 if case else 1].append((person, outcome))
    usable = {name: pair for name, pair in strata.items() if pair[0] and len(pair[1]) >= 2}
    total = sum(len(cases) for cases, _ in usable.values())
    if total < 30:
        return None
    mine = sum(y for cases, _ in usable.values() for _, y in cases) / total
    means = {name: sum(y for _, y in pair[1]) / len(pair[1]) for name, pair in usable.items()}
    theirs = sum(len(pair[0]) * means[name] for name, pair in usable.items()) / total
    influence = defaultdict(float)
    for name, (cases, controls) in usable.items():
        for person, y in cases:
            influence[person] += (y - means[name] - (mine - theirs)) / total
        factor = math.sqrt(len(controls) / (len(controls) - 1))
        for person, y in controls:
            influence[person] -= len(cases) / total * (y - means[name]) / len(controls) * factor
    error = math.sqrt(sum(each**2 for each in influence.values()) * total / (total - 1))
    return mine, theirs, error


@settings(max_examples=60, deadline=None)
@given(ROWS)
def test_it_agrees_with_the_definition_read_row_by_row(rows):
    stratum, case, person, outcome = arrays(rows)
    found, expected = difference(match(stratum, case), person, outcome), oracle(rows)
    if expected is None:
        assert found is None
        return
    mine, theirs, error = expected
    assert found.of_cases == pytest.approx(mine) and found.of_controls == pytest.approx(theirs)
    assert found.value == pytest.approx(mine - theirs, abs=1e-12)
    if error > 1e-9:
        assert found.error == pytest.approx(error) and found.low < found.value < found.high
    else:
        assert found.error is None and found.p is None and found.certainty == 0


@settings(max_examples=40, deadline=None)
@given(ROWS, st.randoms())
def test_order_names_and_a_shift_of_the_outcome_change_nothing(rows, random):
    stratum, case, person, outcome = arrays(rows)
    found = difference(match(stratum, case), person, outcome)
    shuffled = list(rows)
    random.shuffle(shuffled)
    other, its_case, who, y = arrays(shuffled)
    again = difference(match(other * 1_000 - 7, its_case), who + 5, y + 100)
    if found is None:
        assert again is None
    else:
        assert again.value == pytest.approx(found.value, abs=1e-9)
        assert (again.error or 0) == pytest.approx(found.error or 0, abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(ROWS)
def test_weights_make_the_controls_as_many_as_the_cases_of_each_stratum(rows):
    stratum, case, _person, _outcome = arrays(rows)
    found = match(stratum, case)
    for each in np.unique(stratum):
        mine = stratum == each
        assert found.weight[mine & ~case].sum() == pytest.approx(found.weight[mine & case].sum())
    assert found.matched <= found.cases and found.weight[~found.kept].sum() == 0


@settings(max_examples=40, deadline=None)
@given(ROWS, st.integers(1, 5), st.integers(1, 6))
def test_thinning_keeps_all_cases_and_so_many_controls(rows, ratio, least):
    stratum, case, person, outcome = arrays(rows)
    keep = thin(stratum, case, outcome + person / 100, ratio=ratio, least=least)
    assert keep[case].all()
    for each in np.unique(stratum):
        cases, controls = (stratum == each) & case, (stratum == each) & ~case
        most = max(least, ratio * cases.sum()) if cases.any() else 0
        assert keep[controls].sum() == min(controls.sum(), most)


def world(rng, effect, *, cases=150, confounded=True):
    """Persons with a hidden leaning that decides both who is hit and who leaves; the stratum tells it. Controls
    come again on other days."""
    people = 1_500
    leaning = rng.integers(0, 4, people)
    leaves = 0.1 + 0.15 * leaning
    chance = (leaning + 1.0 if confounded else np.ones(people)) / people
    hit = rng.choice(people, cases, replace=False, p=chance / chance.sum())
    others = np.setdiff1d(np.arange(people), hit)
    others = np.concatenate([others, rng.choice(others, others.size // 2, replace=False)])
    person = np.concatenate([hit, others])
    case = np.arange(person.size) < cases
    gone = rng.random(people) < leaves + effect * np.isin(np.arange(people), hit)
    return (
        leaning[person].astype(np.int64),
        case,
        person.astype(np.int64),
        gone[person].astype(float),
    )


@pytest.mark.parametrize("effect", [0.0, 0.2])
def test_a_planted_effect_is_covered_by_95_of_100_intervals_and_none_where_none_is(effect):
    rng = np.random.default_rng(5)
    covered, values, seen = 0, [], 0
    for _ in range(300):
        stratum, case, person, gone = world(rng, effect)
        found = difference(match(stratum, case), person, gone)
        covered += found.low <= effect <= found.high
        seen += found.low > 0
        values.append(found.value)
    assert 0.925 <= covered / 300 <= 0.975
    assert np.mean(values) == pytest.approx(effect, abs=0.008)
    assert seen >= 290 if effect else seen <= 16


def test_without_strata_what_is_not_there_would_be_seen():
    rng = np.random.default_rng(6)
    raw = []
    for _ in range(40):
        stratum, case, person, gone = world(rng, 0.0)
        raw.append(difference(match(np.zeros_like(stratum), case), person, gone).value)
    assert np.mean(raw) > 0.04, "the leaning alone sets them apart"


def test_balance_is_that_of_the_textbook_and_sums_add_up():
    rng = np.random.default_rng(7)
    mine, theirs = rng.normal(1.0, 2.0, 300), rng.normal(0.0, 1.0, 500)
    cases, controls = Moments.of(mine), Moments.of(theirs[:200]) + Moments.of(theirs[200:])
    scale = scale_of(cases, controls)
    expected = (mine.mean() - theirs.mean()) / math.sqrt((mine.var() + theirs.var()) / 2)
    assert standardised(cases, controls, scale) == pytest.approx(expected)
    assert standardised(Moments(), controls, scale) is None
    same = Moments.of(np.ones(3))
    assert standardised(same, same, 0.0) == 0.0
    assert standardised(same, Moments.of(np.zeros(3)), 0.0) is None


def test_too_few_cases_tell_nothing_and_what_never_varies_has_no_interval():
    stratum = np.zeros(100, np.int64)
    case = np.arange(100) < 29
    assert difference(match(stratum, case), np.arange(100), np.ones(100)) is None
    case = np.arange(100) < 30
    found = difference(match(stratum, case), np.arange(100), np.ones(100))
    assert (found.value, found.low, found.p, found.certainty) == (0.0, None, None, 0.0)
