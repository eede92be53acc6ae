"""How nodes are called: by their property's value, by the name of their step, or by their event."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from userops.analyses.breakdown import value_words
from userops.analyses.paths.document import PathsDocument
from userops.analyses.paths.flow import MORE
from userops.analyses.vocabulary import Source
from userops.query.steps import OTHERS
from userops.words import Words

ENDED = "$ended"
"""Stands in charts and tables where a way goes no further."""
CONTINUED = "$continued"
"""Stands where a way has more steps than are shown."""

DROP_OFF = Words("流失", "Drop-off")
ENTRY = Words("进入", "Entry")
ARRIVED = Words("到达终点", "End reached")
_WORDS: dict[str, Words] = {
    OTHERS: Words("其他", "Others"),
    MORE: Words("中间步骤", "Steps between"),
    CONTINUED: Words("更多步骤", "Further steps"),
}


def labels(document: PathsDocument, result: Mapping[str, Any]) -> dict[str, str]:
    """By the key of each node in a result. A property that is not set is ''."""
    sources = {source.family: source for source in document.sources}
    by_property = sum(source.property is not None for source in document.sources)
    keys = {key for key in _keys(result) if not key.startswith("$")}
    return {key: _label(key, sources, by_property > 1) for key in sorted(keys)}


def _keys(result: Mapping[str, Any]) -> Iterator[str]:
    yield from result.get("matrix", {}).get("nodes", ())
    for step in result.get("steps", ()):
        yield from (each["node"] for each in step["nodes"])
    for way in result.get("common", ()):
        yield from way["nodes"]


def _label(key: str, sources: Mapping[str, Source], several: bool) -> str:
    family, _colon, text = key.partition(":")
    source = sources[family]
    if source.property is None:
        alone = len(source.step.events) == 1
        return source.step.label if alone else text
    return f"{source.step.label} · {text}" if several else text


def named(
    document: PathsDocument, result: dict[str, Any], events: Mapping[str, str]
) -> dict[str, Any]:
    """A result whose nodes have the display names of their events."""
    by_event = {each.family for each in document.sources if each.property is None}
    found = {
        key: events.get(label, label) if key.partition(":")[0] in by_event else label
        for key, label in result["labels"].items()
    }
    return {**result, "labels": found}


def ended_words(document: PathsDocument) -> Words:
    """What it means that a way goes no further."""
    if document.between:
        return ARRIVED
    return ENTRY if document.backward else DROP_OFF


def words_of(document: PathsDocument, result: Mapping[str, Any], key: str) -> Words:
    """A node as it is shown."""
    if key == ENDED:
        return ended_words(document)
    if key in _WORDS:
        return _WORDS[key]
    return value_words(result["labels"][key])
