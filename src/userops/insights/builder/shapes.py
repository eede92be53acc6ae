"""What a form submits and what a document holds differ in three places; here one becomes the other.

| document | form |
|---|---|
| `{"and": […]}`, `{"or": […]}`, `{"not": …}` | `{"join": "and" \\| "or" \\| "not", "items": […]}` |
| `{"property": "city", "of": "user"}` | `{"pick": "user:city"}` |
| `{"last": 7, "unit": "day"}`, `{"preset": "this_month"}` | `{"when": "last:7:day"}`, `{"when": "preset:this_month"}` |
"""

from __future__ import annotations

from typing import Any

from userops.insights.builder.parameters import Tree, pruned
from userops.query.filters import OPERATOR

JOINS = ("and", "or", "not")
CUSTOM = "custom"

FILTERS = ("filters", "group")
"""Fields that hold filters: of events, and of the people who are looked at."""


def to_form(tree: Tree) -> Tree:
    """A document's tree as the form shows it. Leaves what is in the form's shape already."""
    if isinstance(tree, list):
        return [to_form(each) for each in tree]
    if not isinstance(tree, dict):
        return tree
    result = {key: to_form(value) for key, value in tree.items()}
    for key in (*FILTERS, "items"):
        if isinstance(result.get(key), list):
            result[key] = [_filter_to_form(each) for each in tree[key]]
    if isinstance(tree.get("breakdown"), list):
        result["breakdown"] = [_picked(each) for each in tree["breakdown"]]
    if isinstance(tree.get("range"), dict):
        result["range"] = _range_to_form(tree["range"])
    return result


def _filter_to_form(node: Tree) -> Tree:
    if not isinstance(node, dict) or "join" in node:
        return to_form(node)
    for join in JOINS:
        if join in node:
            inner = node[join] if isinstance(node[join], list) else [node[join]]
            return {"join": join, "items": [_filter_to_form(each) for each in inner]}
    return _picked(node)


def _picked(node: Tree) -> Tree:
    if isinstance(node, str):
        return {"pick": f"event:{node}" if node else ""}
    if not isinstance(node, dict) or "property" not in node:
        return node
    rest = {key: value for key, value in node.items() if key not in ("property", "of")}
    return {"pick": f"{node.get('of', 'event')}:{node['property']}", **rest}


def _range_to_form(node: dict[str, Any]) -> dict[str, Any]:
    if "when" in node:
        return node
    if "preset" in node:
        return {"when": f"preset:{node['preset']}"}
    if "last" in node:
        current = ":current" if str(node.get("include_current", "")).lower() == "true" else ""
        return {"when": f"last:{node['last']}:{node.get('unit', 'day')}{current}"}
    return {"when": CUSTOM, **node}


def to_document(tree: Tree) -> dict[str, Any]:
    """A form's tree as a document's: blanks and conditions without a value left out."""
    document: dict[str, Any] = pruned(_to_document(tree))
    return document


def _to_document(tree: Tree) -> Tree:
    if isinstance(tree, list):
        return ["" if _unfilled(each) else _to_document(each) for each in tree]
    if not isinstance(tree, dict):
        return tree
    result = {key: "" if _unfilled(value) else _to_document(value) for key, value in tree.items()}
    for key in FILTERS:
        if isinstance(tree.get(key), list):
            result[key] = _filters(tree[key])
    if isinstance(tree.get("breakdown"), list):
        result["breakdown"] = [_unpicked(each) for each in tree["breakdown"]]
    if isinstance(tree.get("range"), dict):
        result["range"] = _range_to_document(tree["range"])
    return result


def _unfilled(part: Tree) -> bool:
    """Whether a part's first control is blank: a step without an event is no step yet, whatever its
    other controls say."""
    if not isinstance(part, dict):
        return False
    first = next((key for key in ("event", "formula", "property") if key in part), None)
    return first is not None and pruned({first: part[first]}) == {}


def _filters(nodes: list[Tree]) -> list[Tree] | str:
    found = [each for each in map(_filter_to_document, nodes) if each is not None]
    # a list that was empty from the start is meant; one that lost all its rows is a blank
    return found if found or not nodes else ""


def _filter_to_document(node: Tree) -> Tree:
    if not isinstance(node, dict):
        return node
    node = _grouped(node)
    join = node.get("join")
    if join is None:
        condition = pruned(_unpicked(node))
        return condition if complete(condition) else None
    if not isinstance(join, str):
        return node
    given = node.get("items")
    items = _filters(given) if isinstance(given, list) else []
    if not isinstance(items, list):
        return None
    if join == "not":
        return {"not": items[0] if len(items) == 1 else {"or": items}}
    return {join: items}


def _grouped(node: dict[str, Any]) -> dict[str, Any]:
    """A group in the document's own shape, as in a shared address, in the form's."""
    return _filter_to_form(node) if any(join in node for join in JOINS) else node


def _unpicked(node: Tree) -> Tree:
    if not isinstance(node, dict) or "pick" not in node:
        return node
    of, found, name = str(node["pick"]).partition(":")
    rest = {key: value for key, value in node.items() if key != "pick"}
    return {**rest, "property": name, "of": of} if found else {**rest, "property": ""}


def complete(condition: Tree) -> bool:
    """Whether a pruned condition says enough to be applied. What is wrong in another way is kept, so
    that its error is shown."""
    if not isinstance(condition, dict) or not condition.get("property"):
        return False
    operator = OPERATOR.get(str(condition.get("op", "is")))
    if operator is None or operator.shape == "none":
        return True
    value = condition.get("value")
    count = len(value) if isinstance(value, list) else int(value is not None)
    return count >= (2 if operator.shape == "two_numbers" else 1)


def _range_to_document(node: dict[str, Any]) -> dict[str, Any]:
    when = str(node.get("when", ""))
    if not when:
        return {key: value for key, value in node.items() if key != "when"}
    form, _, rest = when.partition(":")
    if form == "preset":
        return {"preset": rest}
    if form == "last":
        number, _, unit = rest.partition(":")
        unit, _, current = unit.partition(":")
        found = {"last": number, "unit": unit}
        return {**found, "include_current": "true"} if current else found
    return {key: node[key] for key in ("from", "to") if node.get(key)}
