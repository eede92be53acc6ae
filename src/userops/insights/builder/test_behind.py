"""Selections as parameters of addresses: short, and read back as they were."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from userops.analyses.answering import parse
from userops.analyses.registry import ANALYSES
from userops.insights.builder.behind import asked, selected
from userops.insights.builder.naming import with_event_names

texts = st.one_of(
    st.sampled_from(["2026-11-02", "上海", "", "1", "true", "a,b", "a=b", 'say "x"', "{", "a:b", "x.y"]),
    st.text(max_size=6),
)  # fmt: skip
values = st.one_of(
    texts, st.integers(), st.booleans(), st.none(), st.floats(allow_nan=False), st.lists(texts)
)
names = st.one_of(st.sampled_from(["cohort", "period", "user.level", "省份"]), st.text(min_size=1))
selections = st.dictionaries(
    names, st.one_of(values, st.dictionaries(names, values, max_size=2)), min_size=1, max_size=4
)


@given(selections)
def test_a_selection_is_read_back(selection):
    assert selected(asked(selection)) == selection


@pytest.mark.parametrize(
    ("selection", "text"),
    [
        ({"cohort": "2026-11-02", "period": 1}, "cohort=2026-11-02,period:1"),
        ({"series": 0, "breakdown": {"city": "上海"}}, "series:0,breakdown.city=上海"),
        ({"step": 2, "what": "dropped", "deep": True}, "step:2,what=dropped,deep:true"),
        ({"breakdown": {"user.level": "a,b"}}, '{"breakdown":{"user.level":"a,b"}}'),
        ({"n": "1"}, "n=1"),
        ({"step": 1, "node": "0:a=b"}, "step:1,node=0:a=b"),
    ],
)
def test_it_is_short_and_can_be_read(selection, text):
    assert asked(selection) == text and selected(text) == selection


def test_json_is_read_too():
    assert selected('{"step": 2}') == {"step": 2}


@pytest.mark.parametrize("text", ["", "x", "a:", "a:x", "[1]", "{", "a=1,", "a=1,a.b=2", "1"])
def test_nonsense_is_none(text):
    assert selected(text) is None


def test_display_names_stand_only_where_a_document_takes_them():
    """Every part of the examples that has an event, and a search, which has no name of its own."""
    search = {"event": "search", "word": "keyword", "results": "n"}
    document = {"kind": "needs", "product": "p", "search": search, "steps": ["a", "b"]}
    named = with_event_names(document, {"search": "搜索", "a": "甲"})
    assert parse(named)[1] == parse(document)[1]


@pytest.mark.parametrize("analysis", ANALYSES, ids=lambda each: each.kind)
def test_examples_can_be_named(analysis):
    def names(node):
        if isinstance(node, dict):
            event = node.get("event", [])
            yield from [event] if isinstance(event, str) else event
        for each in node.values() if isinstance(node, dict) else node:
            if isinstance(each, dict | list):
                yield from names(each)

    example = analysis.example
    parse(with_event_names(example, {name: f"“{name}”" for name in names(example)}))
