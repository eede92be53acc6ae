"""Answers in the words of the catalogue: what joins parts of a chart keeps its name."""

from __future__ import annotations

from types import SimpleNamespace

from userops.publishing.content import Fact, Facts
from userops.reports.pages.reading import _block
from userops.reports.views import _axes_in_words, in_words, renamed

LABELS = {"pay": "支付成功", "amount": "金额"}


def test_keys_are_told_by_their_names_but_beside_them():
    text = "A “支付成功” = “pay”的“amount”总和；发生过“pay”的用户"
    assert in_words(text, LABELS) == "A “支付成功” = “pay”的“金额”总和；发生过“支付成功”的用户"


def test_axes_are_called_by_names_and_links_still_meet_their_nodes():
    chart = {
        "yAxis": {"name": "用户数（按 amount 总和）"},
        "xAxis": [{"type": "category"}, {"name": "amounts"}],
        "series": [{"data": [{"name": "pay"}], "links": [{"source": "pay", "target": "pay"}]}],
    }
    found = _axes_in_words(chart, LABELS)
    assert found["yAxis"]["name"] == "用户数（按金额总和）"
    assert (found["xAxis"], found["series"]) == (chart["xAxis"], chart["series"])
    assert _axes_in_words({}, LABELS) == {}


def test_whole_texts_are_renamed():
    chart = {"series": [{"name": "B/A", "data": [1]}, {"name": "B/A/C"}]}
    assert renamed(chart, {"B/A": "每单"})["series"][0]["name"] == "每单"
    assert renamed(chart, {"B/A": "每单"})["series"][1]["name"] == "B/A/C"
    assert (
        renamed("任意事件 · 用户数：去年同期", {"任意事件 · 用户数": "活跃用户"})
        == "活跃用户：去年同期"
    )


def test_a_card_of_the_page_says_its_tone_in_words():
    """Colour alone tells nothing to many, and on paper."""
    facts = Facts((Fact("Satisfaction", "79.6", "missed", tone="weak"), Fact("Received", "338")))
    found = _block(facts, SimpleNamespace(language="en"), {}, {})["facts"]
    assert [toned for _, toned, _ in found] == ["weak evidence", ""]
