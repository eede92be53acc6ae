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
        ({"group": "key_value"}, "分组 重要价值", "group Key · core"),
        (
            {"from": "absent", "to": "key_win_back"},
            "从 期内未购买 · 到 重要挽留",
            "from no purchase in the range · to Key · win back",
        ),
        ({"recency": 5, "frequency": 3}, "R 5 分 · F 3 分", "R score 5 · F score 3"),
        ({"name": "{}", "value": "{name}"}, "{} · 取值 {name}", "{} · value {name}"),
    ],
)
def test_each_part_in_its_order(selection: dict[str, object], zh: str, en: str) -> None:
    words = selection_words(selection)
    assert (words.zh, words.en) == (zh, en)
