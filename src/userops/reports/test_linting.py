"""The linter, one line for each rule: what it refuses and what it lets pass."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from userops.reports.linting import lint_sentence
from userops.reports.models import Sentence

VALUES = {
    "f": {
        "users": {"value": 1200, "type": "whole"},
        "rate": {"value": 0.3, "type": "share", "k": 30, "n": 100},
        "small": {"value": 0.25, "type": "share", "k": 3, "n": 12},
        "gap": {"value": 0.05, "type": "points", "low": 0.01, "high": 0.09},
        "unsure": {"value": 0.02, "type": "points", "low": -0.01, "high": 0.05},
        "grown": {"value": 0.2, "type": "change", "base": "previous", "low": 0.1, "high": 0.3},
        "score": {"value": 81, "type": "number", "low": 78, "high": 84, "target": 80},
        "channel": {"value": "抖音", "type": "text"},
    }
}


def said(zh="", *, en="", style="finding", edited=False, months=0, **fields):
    row = Sentence(key="s", zh=zh or en, en=en or zh, style=style, **fields)
    row.edited = datetime(2026, 9, 1, tzinfo=UTC) if edited else None
    language = "en" if en else "zh"
    told = lint_sentence(row, VALUES, months)
    return {(each.code, each.level) for each in told if each.language == language}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{{f.users}} 人，较上期更多", set()),
        ("活动取得一定成效，较上期更好 {{f.channel}}", {"vague"}),
        ("留存明显高于其他：{{f.rate|kn}}，高 {{f.gap|size}}", set()),
        ("留存 {{f.rate}}，较其他更高", {"share_without_counts"}),
        ("留存 {{f.rate|kn}}，较其他更高", set()),
        ("留存为 {{f.rate|kn}}", {"no_comparison"}),
        ("没有数字但比上期好", {"no_number"}),
        ("因为改版，留存 {{f.rate|kn}} 高于其他", {"causal"}),
        ("{{f.nothing}} 人，较上期更多", {"unknown_figure"}),
        ("{{f.users} 人，较上期的 {{f.users}} 更多", {"unknown_figure"}),
        ("只有 {{f.small|kn}}，低于其他", {"few"}),
        ("数据不足：只有 {{f.small|kn}}，低于其他", set()),
        ("高 {{f.unsure}}", {"straddles"}),
        ("高 {{f.unsure}}（证据弱）", set()),
        ("得分 {{f.score}}，比目标高", {"straddles"}),
    ],
)
def test_findings(text, found):
    assert {code for code, level in said(text) if level == "block"} == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{{f.users}} users, more than before", set()),
        ("{{f.channel}} improved significantly against others", {"vague"}),
        ("{{f.rate|kn}} against others, because of the new page", {"causal"}),
        ("{{f.rate|kn}} stayed", {"no_comparison"}),
    ],
)
def test_findings_in_english(text, found):
    assert {code for code, _ in said(en=text)} == found


def test_a_cause_may_be_told_from_an_experiment():
    text = "改版导致留存 {{f.rate|kn}} 高于其他"
    assert said(text, claim="experiment") == set()
    assert said(text, claim="quasi") == {("causal", "block")}


@pytest.mark.parametrize(
    ("text", "flagged"),
    [
        ("比上期多 {{f.users}} 人，7 日留存，95% 区间，第 2 步，2026-09-01", False),
        ("Android 3.2.0 比其他版本多 {{f.users}} 次", False),
        ("比上期多 300 人，共 {{f.users}} 人", True),
        ("比上期高 12.5%，共 {{f.users}} 人", True),
    ],
)
def test_a_typed_number_is_bound_to_nothing(text, flagged):
    assert (("bare_number", "block") in said(text, edited=True)) == flagged
    assert said(text) == set()  # only what people typed is asked


def test_an_action_needs_somebody_and_a_day():
    assert said("做 A/B 测试", style="action") == {("unassigned", "block"), ("untracked", "warn")}
    named = {"assignee": "王芳", "due": date(2026, 10, 31)}
    assert said("做 A/B 测试", style="action", **named) == {("untracked", "warn")}
    assert said("做 A/B 测试", style="action", task="OPS-12", **named) == set()


def test_with_a_year_of_history_both_framings_are_told():
    text = "比上期 {{f.grown}}"
    assert said(text, style="lead", months=13) == {("one_framing", "warn")}
    assert said(text, style="lead", months=5) == set()
