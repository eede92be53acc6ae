"""A tree of values as the parameters of an address, and back: `steps.0.event=cart&window=7d`.

A name ends with `~` when its value is a JSON literal (`filters.0.value~=3`): where text and number
must be told apart, and for texts that an input field of a page would change. All other values are
text; the documents turn them into numbers where a field is one. An empty value is a blank: a control
that is not filled in.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from userops.errors import DocumentError
from userops.words import Words

Tree = Any
"""Dicts and lists of texts, numbers, booleans and None."""

EXACT = "~"
MAX_PAIRS = 3_000
MAX_DEPTH = 60


class Exact(str):
    """A text that is meant, even when it is empty."""

    __slots__ = ()


def pairs_of(tree: Tree, path: str = "") -> list[tuple[str, str]]:
    """The parameters of a tree, in its order."""
    if isinstance(tree, dict) and tree:
        return [pair for key, value in tree.items() for pair in pairs_of(value, _joined(path, key))]
    if isinstance(tree, list | tuple) and tree:
        return [
            pair
            for index, value in enumerate(tree)
            for pair in pairs_of(value, _joined(path, str(index)))
        ]
    return [pair_of(tree, path)] if path else []


def pair_of(leaf: Tree, path: str) -> tuple[str, str]:
    """One leaf as name and text."""
    if isinstance(leaf, str):
        plain = (
            leaf == leaf.strip() and leaf.isprintable() and (leaf or not isinstance(leaf, Exact))
        )
        return (path, leaf) if plain else (path + EXACT, json.dumps(leaf))
    if isinstance(leaf, bool | int | float) and "value" not in path.split(".")[-2:]:
        return path, json.dumps(leaf)
    return path + EXACT, json.dumps(leaf)


def _joined(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def tree_of(pairs: Iterable[tuple[str, str]]) -> dict[str, Tree]:
    """The tree of parameters, blanks kept. The last of two same names counts.

    Raises `DocumentError` when there are too many, or a name nests too deeply.
    """
    root: dict[str, Any] = {}
    for count, (name, text) in enumerate(pairs):
        parts = name.removesuffix(EXACT).split(".")
        if count >= MAX_PAIRS or len(parts) > MAX_DEPTH:
            raise DocumentError(
                Words(
                    "查询参数过多或嵌套过深。", "The address has too many or too deep parameters."
                )
            )
        if "" in parts:
            continue  # no field is named by nothing
        node = root
        for part in parts:
            node = node.setdefault(part, {})
        node[""] = _literal(text) if name.endswith(EXACT) else text.strip()
    return {key: _settled(node) for key, node in root.items()}


def _literal(text: str) -> Tree:
    """A JSON literal; what is none was typed over by a person and is text."""
    try:
        value = json.loads(text)
    except ValueError:
        return text.strip()
    return Exact(value) if isinstance(value, str) else value


def _settled(node: dict[str, Any]) -> Tree:
    """A node of the reader as a leaf, list or dict. A leaf with numbered children is their first."""
    children = {key: value for key, value in node.items() if key}
    if not children:
        return node[""]
    if all(key.isascii() and key.isdigit() for key in children):
        numbered = sorted(children.items(), key=lambda item: int(item[0]))
        listed = [_settled(value) for _key, value in numbered]
        if "" not in node:
            return listed
        # a blank offered beside a single value does not make a list of it
        return [node[""], *listed] if any(_given(each) for each in listed) else node[""]
    return {key: _settled(value) for key, value in children.items()}


def _given(leaf: Tree) -> bool:
    return leaf != "" or isinstance(leaf, Exact)


_BLANK = object()


def pruned(tree: Tree) -> Tree:
    """The tree without blanks, and without what holds nothing but blanks. An empty dict at the top."""
    kept = _pruned(tree)
    return {} if kept is _BLANK else kept


def _pruned(tree: Tree) -> Tree:
    if isinstance(tree, str) and not tree and not isinstance(tree, Exact):
        return _BLANK
    if isinstance(tree, dict) and tree:
        kept = {key: _pruned(value) for key, value in tree.items()}
        return {key: value for key, value in kept.items() if value is not _BLANK} or _BLANK
    if isinstance(tree, list) and tree:
        return [each for each in map(_pruned, tree) if each is not _BLANK] or _BLANK
    return tree
