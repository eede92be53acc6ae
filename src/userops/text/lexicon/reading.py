"""A word list in its file: lines of "value: words", and comments."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from types import MappingProxyType


@cache
def weights(name: str) -> MappingProxyType[str, float]:
    """Word → value, of the list of that name. A word that stands twice keeps its first value."""
    found: dict[str, float] = {}
    for value, words in _lines(name):
        for word in words:
            found.setdefault(word, float(value))
    return MappingProxyType(found)


@cache
def groups(name: str) -> MappingProxyType[str, tuple[str, ...]]:
    """Group → its words, of the list of that name."""
    found: dict[str, tuple[str, ...]] = {}
    for group, words in _lines(name):
        found[group] = found.get(group, ()) + tuple(words)
    return MappingProxyType(found)


@cache
def word_set(name: str) -> frozenset[str]:
    """All words of a list, whatever group they stand in."""
    return frozenset(word for words in groups(name).values() for word in words)


def _lines(name: str) -> list[tuple[str, list[str]]]:
    text = (files("userops.text.lexicon") / f"{name}.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(group.strip(), words.split()) for group, _, words in (x.partition(":") for x in lines)]
