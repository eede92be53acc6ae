"""The buttons of a builder form: each names one change of the form's tree, `add:steps:event`.

They are submit buttons, so that a page without scripts works the same.
"""

from __future__ import annotations

from typing import Any

from userops.insights.builder.parameters import Tree


def edited(tree: dict[str, Tree], command: str) -> dict[str, Tree]:
    """The tree after a command; unchanged when the command fits nothing in it."""
    verb, _, rest = command.partition(":")
    path, _, argument = rest.partition(":")
    change = _CHANGES.get(verb)
    if change is None or not path:
        return tree
    holder, key = _place(tree, path.split("."), make=verb in ("add", "group", "nest", "begin"))
    if holder is not None:
        change(holder, key, argument)
    return tree


def _place(tree: Any, parts: list[str], *, make: bool) -> tuple[Any, Any]:
    """The dict or list that holds the last part of a path, and its key there."""
    node = tree
    for part in parts[:-1]:
        if isinstance(node, list):
            node = node[int(part)] if part.isdecimal() and int(part) < len(node) else None
        elif isinstance(node, dict):
            node = node.setdefault(part, {}) if make else node.get(part)
    last = parts[-1]
    if isinstance(node, list):
        return (node, int(last)) if last.isdecimal() and int(last) < len(node) else (None, None)
    return (node, last) if isinstance(node, dict) else (None, None)


def _add(holder: Any, key: Any, field: str) -> None:
    """A blank row at the end of a list; `field` is the one to fill in, nothing for plain values."""
    present = holder.get(key) if isinstance(holder, dict) else holder[key]
    rows = present if isinstance(present, list) else [present] if present else []
    holder[key] = [*rows, {field: ""} if field else ""]


def _group(holder: Any, key: Any, _argument: str) -> None:
    rows = holder.get(key) if isinstance(holder, dict) else holder[key]
    group = {"join": "or", "items": [{"pick": ""}, {"pick": ""}]}
    holder[key] = [*(rows if isinstance(rows, list) else []), group]


def _nest(holder: Any, key: Any, field: str) -> None:
    """A group of parts of another kind than conditions, with its first one to fill in."""
    rows = holder.get(key) if isinstance(holder, dict) else holder[key]
    group = {"join": "or", "items": [{field: ""}]}
    holder[key] = [*(rows if isinstance(rows, list) else []), group]


def _begin(holder: Any, key: Any, field: str) -> None:
    """An optional part, with its field to fill in."""
    holder[key] = {field: ""}


def _remove(holder: Any, key: Any, _argument: str) -> None:
    if isinstance(holder, list):
        del holder[key]
    else:
        holder.pop(key, None)


def _up(holder: Any, key: Any, _argument: str) -> None:
    if isinstance(holder, list) and key > 0:
        holder[key - 1], holder[key] = holder[key], holder[key - 1]


def _down(holder: Any, key: Any, _argument: str) -> None:
    if isinstance(holder, list) and key + 1 < len(holder):
        holder[key + 1], holder[key] = holder[key], holder[key + 1]


_CHANGES = {
    "add": _add,
    "group": _group,
    "nest": _nest,
    "begin": _begin,
    "remove": _remove,
    "up": _up,
    "down": _down,
}
