from __future__ import annotations

import csv
import gzip

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from userops.text.classifying import learn
from userops.text.duplicates import bands, different, groups, likeness, near_duplicates, runs
from userops.text.evaluating import distinct, evaluate
from userops.text.measuring import measured
from userops.text.planted import SUBJECTS, planted
from userops.text.problems import TooFewLabels, TooFewTexts
from userops.text.rules import KeywordRules, measure_rules
from userops.text.storing import (
    learned_from_bytes,
    learned_to_bytes,
    topics_from_bytes,
    topics_to_bytes,
)
from userops.text.topics import find_topics


def test_learning_finds_planted_subjects_and_says_so():
    texts, labels = planted()
    learned = learn(texts, labels)
    assert learned.measured.accuracy > 0.97
    assert learned.measured.low < learned.measured.accuracy <= learned.measured.high
    found = learned.suggest(["一直收不到验证码，登录不了", "快递包裹还没到"])
    assert [each[0].label for each in found] == ["登录", "物流"]
    assert all(abs(sum(s.chance for s in each) - 1) < 1e-9 for each in found)


def test_noise_is_measured_as_noise():
    texts, labels = planted()
    shuffled = list(np.random.default_rng(3).permutation(labels))
    found = learn(texts, shuffled).measured
    assert found.accuracy < 0.5
    assert found.auto is None


def test_the_same_labels_teach_the_same():
    texts, labels = planted(30)
    one, other = (learn(texts, labels) for _ in range(2))
    assert one.measured == other.measured
    assert (one.plane.weight == other.plane.weight).all()


def test_a_stored_model_says_the_same():
    texts, labels = planted(30)
    learned = learn(texts, labels)
    again = learned_from_bytes(learned_to_bytes(learned))
    assert again.measured == learned.measured
    assert again.suggest(texts[:9]) == learned.suggest(texts[:9])


def test_two_labels_weigh_runs_by_their_ratio():
    texts, subjects = planted(40)
    labels = ["bad" if subject == "登录" else "good" for subject in subjects]
    learned = learn(texts, labels)
    assert learned.plane.square is not None and learned.measured.accuracy > 0.97
    scores = learned.plane.scores(learned.vectorizer.transform(texts))
    assert np.allclose(scores[:, 0], -scores[:, 1])
    again = learned_from_bytes(learned_to_bytes(learned))
    assert again.suggest(texts) == learned.suggest(texts)
    # a text's length does not count: the same words said twice score the same
    twice = learned.plane.scores(learned.vectorizer.transform(texts) * 7)
    assert np.allclose(scores, twice)


@pytest.mark.parametrize(
    ("texts", "labels"), [([], []), (["好"] * 40, ["a"] * 40), (list("abcdefgh"), list("xyxyxyxy"))]
)
def test_too_few_labels_are_refused(texts, labels):
    with pytest.raises(TooFewLabels):
        learn(texts, labels)


@given(st.integers(0, 10_000))
@settings(max_examples=25)
def test_measured_by_hand(seed):
    random = np.random.default_rng(seed)
    target = random.integers(0, 3, 60)
    chance = random.dirichlet([1, 1, 1], 60)
    found = measured(target, chance, np.arange(60) % 5, ("a", "b", "c"))
    said = [max(range(3), key=lambda label: row[label]) for row in chance]
    right = sum(a == b for a, b in zip(said, target, strict=True))
    assert found.right == right
    for at, each in enumerate(found.labels):
        hit = sum(a == b == at for a, b in zip(said, target, strict=True))
        assert each.texts == sum(target == at)
        assert each.recall == (hit / each.texts if each.texts else None)
    tops = sorted((max(row) for row in chance), reverse=True)
    assert [s.threshold for s in found.surest] == [tops[n - 1] for n in (30, 42, 48, 54, 60)]
    assert sum(n for *_, n in found.confused) == 60 - right


def test_repeated_empty_and_disputed_texts_are_left_out():
    texts = ["好", "好 ", "", "差", "差", "行"]
    assert distinct(texts, ["1", "1", "1", "0", "1", ""]) == ({"好": "1"}, 2, 2, 1)


def test_rules_and_how_often_they_are_right():
    rules = KeywordRules({"登录": ["登录", "验证码"], "物流": ["快递", "物流"], "支付": ["退款"]})
    assert [s.label for s in rules.suggest("快递丢了，验证码")] == ["登录", "物流"]
    assert rules.suggest("你好") == []
    found = measure_rules(rules, ["快递慢", "退款", "你好"], ["物流", "登录", "支付"])
    assert (found.texts, found.said, found.right, found.accuracy) == (3, 2, 1, 0.5)


def test_topics_are_the_planted_subjects():
    texts, labels = planted(80)
    found = find_topics(texts, count=3)
    assert found.stability > 0.95
    by_topic = {}
    for own, label in zip(found.group, labels, strict=True):
        by_topic.setdefault(int(own), set()).add(label)
    assert sorted(map(tuple, by_topic.values())) == sorted((s,) for s in SUBJECTS)
    assert all(each.name and each.stability > 0.95 for each in found.topics)
    again = topics_from_bytes(topics_to_bytes(found.model))
    assert (again.nearest(texts)[0] == found.group).all()


def test_the_order_of_texts_changes_no_topic():
    texts, _ = planted(50)
    order = np.random.default_rng(5).permutation(len(texts))
    one, other = find_topics(texts, count=3), find_topics([texts[at] for at in order], count=3)
    assert sorted(t.name for t in one.topics) == sorted(t.name for t in other.topics)


def test_what_many_say_in_the_same_words_is_quoted_once():
    texts, _ = planted(20)
    texts = [text for text in texts for _again in range(3)]
    for topic in find_topics(texts, count=3).topics:
        quoted = [texts[place] for place in topic.quotes]
        assert len(set(quoted)) == len(quoted) == 5


def test_texts_without_words_have_no_topic():
    texts, _ = planted(30)
    found = find_topics([*texts, "!!!", ""], count=3)
    assert list(found.group[-2:]) == [-1, -1]
    with pytest.raises(TooFewTexts):
        find_topics(texts[:20])


@given(st.lists(st.text(alphabet="登录不上快递慢ab ，", min_size=1, max_size=20), max_size=20))
@settings(max_examples=40)
def test_near_duplicates_are_alike_and_equal_ones_are_found(texts):
    pairs = near_duplicates(texts)
    for pair in pairs:
        assert likeness(runs(texts[pair.one]), runs(texts[pair.other])) == pair.likeness >= 0.5
    found = {(pair.one, pair.other) for pair in pairs}
    for one, text in enumerate(texts):
        for other in range(one + 1, len(texts)):
            if runs(text) == runs(texts[other]) and bands(runs(text)):
                assert (one, other) in found


def test_a_group_of_duplicates_has_one_first():
    texts = [
        "登录不上，验证码收不到！",
        "今天天气不错适合出门",
        "登录不上,验证码收不到",
        "登录不上  验证码收不到呢",
    ]
    assert list(groups(texts)) == [0, 1, 0, 0]


def test_what_says_the_same_is_left_out():
    texts = [
        "登录不上，验证码收不到！",
        "好",
        "登录不上,验证码收不到",
        "好！",
        "登录不上，密码不对",
        "",
    ]
    assert different(texts) == [0, 1, 4, 5]


@pytest.mark.realdata
def test_reviews_are_learned_as_well_as_published(real_data):
    """Takeaway, a third of it, so that it takes seconds; the whole is measured by the command."""
    with (real_data / "waimai_10k.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))[::3]
    found = evaluate([row["review"] for row in rows], [row["label"] for row in rows]).as_dict()
    assert found["accuracy"] > 0.87
    assert found["ece"] < 0.05
    assert found["cold_start"]["accuracy"] > 0.84


@pytest.mark.realdata
def test_topics_of_ten_categories(real_data):
    from userops.text.comparing import balanced, compared

    with gzip.open(real_data / "online_shopping_10_cats.csv.gz", "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    texts, labels = balanced([r["review"] for r in rows], [r["cat"] for r in rows], 300, 42)
    found = compared(labels, find_topics(texts, count=10).group)
    assert found["nmi"] >= 0.5
