"""What a question itself names: that its people have it says nothing new of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from userops.analyses.traits.document import Traits


def names_of(document: Traits) -> frozenset[str]:
    """Its events and properties, and the properties by which the number was chosen."""
    return frozenset(named_in(document.asked().as_json())) | frozenset(_chosen(document))


def named_in(node: Any) -> Iterator[str]:
    """The events and properties that a question names: that its people have them says nothing new."""
    if isinstance(node, dict):
        for key, each in node.items():
            if key not in ("event", "property"):
                yield from named_in(each)
            elif isinstance(each, str):
                yield each
            elif isinstance(each, list):
                yield from (name for name in each if isinstance(name, str))
    elif isinstance(node, list):
        for each in node:
            yield from named_in(each)


def _chosen(document: Traits) -> Iterator[str]:
    """The properties by which the number itself was chosen."""
    for selection in (document.selection, document.other or {}):
        yield from selection.get("breakdown") or {}
        if selection.get("property"):
            yield str(selection["property"])
