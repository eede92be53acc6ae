"""How channels and spans are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from userops.analyses.attribution.document import EVENT, AttributionDocument
from userops.analyses.attribution.running import NO_TOUCH
from userops.analyses.breakdown import value_words
from userops.query.steps import OTHERS
from userops.words import Words

_WORDS: dict[str, Words] = {
    NO_TOUCH: Words("无触点", "No touch"),
    OTHERS: Words("其他", "Others"),
}
_SCALES = ((86_400, Words("天", "d")), (3_600, Words("小时", "h")))


def channel_words(result: Mapping[str, Any], key: str) -> Words:
    return _WORDS.get(key) or value_words(result["labels"][key])


def named(
    _document: AttributionDocument, result: dict[str, Any], events: Mapping[str, str]
) -> dict[str, Any]:
    """A result whose channels have the display names of their events."""
    found = {
        key: events.get(label, label) if key.startswith(f"{EVENT}:") else label
        for key, label in result["labels"].items()
    }
    return {**result, "labels": found}


def lag_words(row: Mapping[str, Any]) -> Words:
    """`1–2 天`, `≥ 365 d`."""
    if row["to"] is None:
        scale, unit = _scale(row["from"])
        return Words(f"≥ {row['from'] // scale} {unit.zh}", f"≥ {row['from'] // scale} {unit.en}")
    scale, unit = _scale(row["to"])
    low = row["from"] // scale
    if row["from"] % scale:
        inner, small = _scale(row["from"])
        low_words = Words(
            f"{row['from'] // inner} {small.zh}", f"{row['from'] // inner} {small.en}"
        )
    else:
        low_words = Words(str(low), str(low))
    high = row["to"] // scale
    return Words(f"{low_words.zh} – {high} {unit.zh}", f"{low_words.en} – {high} {unit.en}")


def _scale(seconds: int) -> tuple[int, Words]:
    return next((each for each in _SCALES if seconds >= each[0]), _SCALES[-1])


def length_words(touches: int, longest: int) -> Words:
    text = f"≥ {touches}" if touches == longest else str(touches)
    return Words(text, text)
