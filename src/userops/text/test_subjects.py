"""Subjects of texts: shares add up, examples are masked and different, the order changes nothing."""

from __future__ import annotations

import numpy as np
import pytest

from userops.text.planted import SUBJECTS, planted
from userops.text.problems import TooFewTexts
from userops.text.subjects import find_subjects


def test_planted_subjects_with_their_shares():
    texts, labels = planted(80)
    found = find_subjects([*texts, "", "!!!"], count=3)
    assert (found.texts, len(found.subjects)) == (241, len(SUBJECTS))
    placed = sorted(at for each in found.subjects for at in each.places)
    assert len(placed) == len(set(placed)) == 241 - found.unclear and placed[-1] < 240
    assert sum(each.share for each in found.subjects) == pytest.approx(1)
    for each in found.subjects:
        assert each.low < each.share < each.high
        assert each.positive + each.neutral + each.negative == each.texts == len(each.places)
        assert len({labels[at] for at in each.places}) == 1


def test_examples_hold_no_personal_data_and_do_not_repeat():
    texts, _ = planted(30)
    texts += ["登录不上，验证码收不到，电话13812345678，邮箱 li@example.com"] * 30
    found = find_subjects(texts, count=3)
    shown = [text for each in found.subjects for text in (*each.examples, each.name, *each.terms)]
    assert not any("13812345678" in text or "example.com" in text for text in shown)
    for each in found.subjects:
        assert 1 <= len(each.examples) == len(set(each.examples)) <= 3


def test_feelings_that_are_known_better():
    texts, labels = planted(20)
    felt = ["negative" if label == "登录" else "positive" for label in labels]
    found = find_subjects(texts, count=3, feelings=felt)
    for each in found.subjects:
        expected = sum(felt[at] == "negative" for at in each.places)
        assert (each.negative, each.positive) == (expected, each.texts - expected)


def test_the_order_of_texts_changes_no_subject():
    texts, _ = planted(30)
    order = np.random.default_rng(5).permutation(len(texts))
    one, other = find_subjects(texts, count=3), find_subjects([texts[at] for at in order], count=3)
    assert {(s.name, s.texts) for s in one.subjects} == {(s.name, s.texts) for s in other.subjects}


def test_too_few_texts_say_so():
    with pytest.raises(TooFewTexts):
        find_subjects(["登录不上"] * 10)
