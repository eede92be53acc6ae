from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from userops.errors import DocumentError
from userops.insights.builder.edits import edited
from userops.insights.builder.parameters import Exact, pairs_of, pruned, tree_of
from userops.insights.builder.shapes import to_document, to_form

keys = st.sampled_from(["event", "name", "property", "steps", "value"])
leaves = st.one_of(
    st.text(min_size=1).map(Exact),
    st.integers(),
    st.booleans(),
    st.floats(allow_nan=False),
    st.none(),
)
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=4), st.dictionaries(keys, inner, min_size=1)
    ),
    max_leaves=12,
)


@given(st.dictionaries(keys, trees, min_size=1))
def test_typed_leaves_survive_where_the_type_matters(tree: dict[str, Any]) -> None:
    """Below `value` types are kept; elsewhere every leaf keeps its text."""
    back = tree_of(pairs_of(tree))
    assert texts(back) == texts(tree)
    if "value" in tree and not isinstance(tree["value"], dict | list):
        assert back["value"] == tree["value"]


def texts(tree: Any) -> Any:
    if isinstance(tree, dict):
        return {key: texts(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [texts(each) for each in tree]
    if isinstance(tree, bool):
        return str(tree).lower()
    return str(float(tree)) if isinstance(tree, int | float) else _number(tree)


def _number(text: Any) -> Any:
    try:
        return str(float(text))
    except (TypeError, ValueError):
        return {"true": "true", "false": "false"}.get(text, text)


def test_numbers_order_lists_and_gaps_close() -> None:
    assert tree_of([("steps.2.event", "b"), ("steps.0.event", "a")]) == {
        "steps": [{"event": "a"}, {"event": "b"}]
    }


def test_a_value_with_further_ones_is_their_first() -> None:
    assert tree_of([("value", "a"), ("value.1", "b")]) == {"value": ["a", "b"]}


def test_blanks_are_left_out_but_meant_ones_stay() -> None:
    tree = tree_of([("a.0.event", ""), ("a.1.event", "x"), ("b~", '""'), ("c~", "[]"), ("d", " ")])
    assert pruned(tree) == {"a": [{"event": "x"}], "b": "", "c": []}


def test_names_of_nothing_are_passed_over() -> None:
    assert tree_of([("", "x"), ("a..b", "x"), (".", "x"), ("~", "1"), ("a", "1")]) == {"a": "1"}


@pytest.mark.parametrize(
    "pairs",
    [[(".".join("x" * 80), "1")], [(f"a.{number}", "1") for number in range(4000)]],
    ids=["deep", "many"],
)
def test_hostile_addresses_are_refused(pairs: list[tuple[str, str]]) -> None:
    with pytest.raises(DocumentError):
        tree_of(pairs)


def test_conditions_without_a_value_are_not_applied() -> None:
    form = {"filters": [{"pick": "event:city", "op": "is"}, {"pick": "user:level", "op": "set"}]}
    assert to_document(form) == {"filters": [{"property": "level", "of": "user", "op": "set"}]}


def test_none_of_several_joins_them() -> None:
    rows = [{"pick": "event:a", "value": "1"}, {"pick": "event:b", "value": "2"}]
    form = {"filters": [{"join": "not", "items": rows}]}
    found = to_document(form)["filters"]
    assert list(found[0]) == ["not"] and len(found[0]["not"]["or"]) == 2
    assert to_document(to_form({"filters": found}))["filters"] == found


def test_ranges_in_one_choice() -> None:
    for range_ in (
        {"last": "7", "unit": "day"},
        {"preset": "this_month"},
        {"from": "2026-01-01", "to": "2026-01-31"},
        {"last": "2", "unit": "week", "include_current": "true"},
    ):
        assert to_document(to_form({"range": range_})) == {"range": range_}


def test_edits_add_move_group_and_remove() -> None:
    tree: dict[str, Any] = {"steps": [{"event": "a"}, {"event": "b"}]}
    edited(tree, "add:steps:event")
    edited(tree, "up:steps.1")
    assert tree["steps"] == [{"event": "b"}, {"event": "a"}, {"event": ""}]
    edited(tree, "remove:steps.2")
    edited(tree, "group:steps.0.filters")
    edited(tree, "add:steps.0.filters.0.items:pick")
    assert len(tree["steps"][0]["filters"][0]["items"]) == 3
    edited(tree, "begin:value:property")
    assert tree["value"] == {"property": ""}


@pytest.mark.parametrize(
    "command", ["", "add", "nonsense:steps:event", "remove:steps.9", "up:nothing.here.0", "down:x"]
)
def test_commands_that_fit_nothing_change_nothing(command: str) -> None:
    assert edited({"steps": [{"event": "a"}]}, command) == {"steps": [{"event": "a"}]}
