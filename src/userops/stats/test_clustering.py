"""Planted groups are found, shuffled ones refused; what is found is stable and the same each time."""

from __future__ import annotations

import numpy as np
import pytest

from userops.stats.agreement import adjusted_rand, crossed, jaccards, matched
from userops.stats.clustering import Grouping, NoGroups, grouping
from userops.stats.mixture import Counts, Numbers, fitted, scaled


def tastes(seed: int, persons: int = 600, groups: int = 3):
    """Persons of three groups with their own hours and tastes, seen from one to forty times."""
    random = np.random.default_rng(seed)
    group = random.integers(0, groups, persons)
    hours = random.dirichlet(np.full(24, 0.4), groups)
    goods = random.dirichlet(np.full(8, 0.4), groups)
    seen = 1 + random.poisson(random.gamma(1.0, 8.0, persons))
    blocks = [
        Counts("hours", random.multinomial(seen, hours[group])),
        Counts("goods", random.multinomial(seen, goods[group])),
    ]
    return group, blocks


def blobs(seed: int, centres=((0, 0, 0), (5, 5, 0), (0, 5, 5), (5, 0, 5)), each: int = 120):
    random = np.random.default_rng(seed)
    group = np.repeat(np.arange(len(centres)), each)
    values = np.array(centres)[group] + random.normal(size=(len(group), 3))
    return group, [Numbers(str(n), scaled(values[:, n])) for n in range(3)]


def shuffled(blocks, seed: int):
    random = np.random.default_rng(seed)
    return [block.taken(random.permutation(len(block.values))) for block in blocks]


def agreed(found: Grouping, group) -> float:
    return adjusted_rand(crossed(found.group, group, found.mixture.groups, int(group.max()) + 1))


@pytest.mark.parametrize("seed", range(3))
def test_planted_tastes_are_found(seed):
    group, blocks = tastes(seed)
    found = grouping(blocks, seed=seed)
    assert isinstance(found, Grouping) and found.mixture.groups == 3
    assert agreed(found, group) > 0.8 and found.agreement > 0.8
    assert min(found.stability) > 0.7


@pytest.mark.parametrize("seed", range(3))
def test_blobs_are_found(seed):
    group, blocks = blobs(seed)
    found = grouping(blocks, seed=seed)
    assert isinstance(found, Grouping) and found.mixture.groups == 4
    assert agreed(found, group) > 0.95


@pytest.mark.parametrize("make", [tastes, blobs])
@pytest.mark.parametrize("seed", range(4))
def test_shuffled_features_are_refused(make, seed):
    _, blocks = make(seed)
    found = grouping(shuffled(blocks, seed), seed=seed)
    assert isinstance(found, NoGroups) and found.reason in ("no_structure", "unstable")
    assert found.curve


def test_the_same_seed_gives_the_same_groups():
    _, blocks = tastes(7, 300)
    first, second = grouping(blocks, seed=3), grouping(blocks, seed=3)
    assert isinstance(first, Grouping) and isinstance(second, Grouping)
    assert (first.group == second.group).all() and first.curve == second.curve


def test_groups_do_not_depend_on_the_order_of_persons():
    group, blocks = tastes(4)
    order = np.random.default_rng(0).permutation(len(group))
    one, other = grouping(blocks), grouping([block.taken(order) for block in blocks])
    assert isinstance(one, Grouping) and isinstance(other, Grouping)
    assert adjusted_rand(crossed(one.group[order], other.group, 8, 8)) > 0.95


def test_more_persons_than_are_fitted_are_all_assigned(monkeypatch):
    monkeypatch.setattr("userops.stats.clustering.CHOOSING", 400)
    monkeypatch.setattr("userops.stats.clustering.FITTING", 500)
    group, blocks = tastes(5, 2_000)
    found = grouping(blocks)
    assert isinstance(found, Grouping) and len(found.group) == 2_000
    assert agreed(found, group) > 0.75


def test_who_was_not_seen_in_a_block_is_still_grouped():
    group, blocks = tastes(6)
    hours = blocks[0].values.copy()
    hours[::4] = 0
    numbers = np.where(np.arange(len(group)) % 3 == 0, np.nan, group * 3.0)
    random = np.random.default_rng(1)
    noisy = numbers + random.normal(size=len(group))
    found = grouping([Counts("hours", hours), blocks[1], Numbers("n", scaled(noisy))])
    assert isinstance(found, Grouping) and agreed(found, group) > 0.7
    assert np.isfinite(found.certainty).all()


def test_too_little_to_group():
    _, blocks = tastes(1, 59)
    assert grouping(blocks) == NoGroups("few_persons")
    assert grouping([]) == NoGroups("few_persons")
    _, blocks = tastes(1, 80)
    assert grouping(blocks[:1]) == NoGroups("few_features")
    same = Numbers("same", np.zeros(80))
    assert grouping([blocks[0], same]) == NoGroups("few_features")


def test_likelihood_never_falls_with_more_groups():
    _, blocks = tastes(2, 300)
    totals = [fitted(blocks, groups, np.random.default_rng(0))[1] for groups in (1, 2, 3)]
    assert totals == sorted(totals)


def test_scaling_of_heavy_tails_and_missing_values():
    random = np.random.default_rng(0)
    heavy = np.exp(random.normal(3, 2, 1_000))
    heavy[:10] = np.nan
    values = scaled(heavy)
    known = values[np.isfinite(values)]
    assert len(known) == 990 and abs(np.median(known)) < 1e-9 and 0.8 < known.std() < 1.2
    assert np.isnan(scaled(np.array([np.nan, np.inf]))).all()
    assert (scaled(np.full(5, 3.0)) == 0).all()


def test_adjusted_rand_by_hand():
    """Hubert and Arabie's index on the table of Yeung and Ruzzo (2001): 0.313."""
    table = np.array([[1, 1, 0], [1, 2, 1], [0, 0, 4]])
    assert adjusted_rand(table) == pytest.approx(0.313, abs=5e-4)
    assert adjusted_rand(np.diag([3, 4, 5])) == 1.0
    assert adjusted_rand(np.array([[4]])) is None
    assert adjusted_rand(np.array([[1, 0]])) is None


def test_groups_are_matched_one_to_one():
    table = crossed(np.array([0, 0, 1, 1, 2]), np.array([1, 1, 0, 2, 2]), 3, 3)
    alike = jaccards(table)
    assert alike[0, 1] == 1.0 and alike[1, 0] == 0.5 and alike[2, 2] == 0.5
    assert matched(alike) == {0: 1, 1: 0, 2: 2}
    assert matched(np.zeros((2, 2))) == {}
