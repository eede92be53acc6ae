"""A chosen number in words."""

from __future__ import annotations

import pytest

from userops.analyses.selecting import selection_words


@pytest.mark.parametrize(
    ("selection", "zh", "en"),
    [
        ({}, "全部", "all"),
        ({"step": 2, "what": "dropped"}, "第 2 步 · 流失的人", "step 2 · dropped off"),
        ({"series": 1, "start": "2026-11-01"}, "指标 B · 2026-11-01", "figure B · 2026-11-01"),
        (
            {"series": 0, "breakdown": {"city": "上海"}},
            "指标 A · 上海",
            "figure A · 上海",
        ),
        (
            {"cohort": "2026-11-01", "period": 3},
            "2026-11-01 开始的一批 · 第 3 期",
            "cohort of 2026-11-01 · period 3",
        ),
        (
            {"period": "base", "odd": [1, True]},
            "基期 · odd = 1、true",
            "the base period · odd = 1, true",
        ),
        ({"name": "{}", "value": "{name}"}, "{} · 取值 {name}", "{} · value {name}"),
    ],
)
def test_each_part_in_its_order(selection: dict[str, object], zh: str, en: str) -> None:
    words = selection_words(selection)
    assert (words.zh, words.en) == (zh, en)
