"""How grave a report is and what its writer wants, by lists of phrases; what was met is said with it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from userops.text.lexicon.reading import groups
from userops.text.sentiment import Sentiment

Level = Literal["urgent", "high", "normal", "low"]
Intent = Literal["complaint", "question", "wish", "praise", "other"]
LEVELS: tuple[Level, ...] = ("urgent", "high", "normal", "low")
_NEGATED = re.compile(r"(不会|没有|没|不|未|从不|从没|never|no|not|without)\s*$")
_VERY_BAD = -0.6
_CLEARLY_GOOD = 0.4


@dataclass(frozen=True, slots=True)
class Reading:
    """`reason`: which list decided the level; `cues`: the phrases met."""

    level: Level
    reason: str
    intent: Intent
    cues: tuple[str, ...]


def read(text: str, sentiment: Sentiment) -> Reading:
    text = text.lower()
    intent, wanted = _intent(text, sentiment)
    level, reason, cues = _level(text)
    if level == "normal" and intent in ("question", "wish", "praise"):
        level = "low"
    return Reading(level, reason, intent, (*cues, *(each for each in wanted if each not in cues)))


def _level(text: str) -> tuple[Level, str, tuple[str, ...]]:
    for level in ("urgent", "high"):
        for group, pattern in _patterns("severity").items():
            if group.startswith(f"{level}."):
                cues = _met(pattern, text)
                if cues:
                    return level, group.partition(".")[2], cues
    return "normal", "", ()


def _intent(text: str, sentiment: Sentiment) -> tuple[Intent, tuple[str, ...]]:
    """A complaint goes before all else; praise needs a good feeling, and a complaint none that is clearly good."""
    met = {group: _met(pattern, text) for group, pattern in _patterns("intent").items()}
    if met["complaint"] and sentiment.score < _CLEARLY_GOOD:
        return "complaint", met["complaint"]
    if sentiment.score <= _VERY_BAD:
        return "complaint", ()
    for intent in ("wish", "question"):
        if met[intent]:
            return intent, met[intent]
    if sentiment.feeling == "negative":
        return "complaint", ()
    if met["praise"] and sentiment.feeling == "positive":
        return "praise", met["praise"]
    return "other", ()


def _met(pattern: re.Pattern[str], text: str) -> tuple[str, ...]:
    found = [
        hit for hit in pattern.finditer(text) if not _NEGATED.search(text[: hit.start()][-12:])
    ]
    return tuple(dict.fromkeys(hit.group(0) for hit in found))[:5]


@cache
def _patterns(name: str) -> dict[str, re.Pattern[str]]:
    return {group: _pattern(phrases) for group, phrases in groups(name).items()}


def _pattern(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """Latin phrases as whole words, the longest first."""
    longest = sorted(phrases, key=len, reverse=True)
    return re.compile("|".join(_written(phrase.replace("_", " ")) for phrase in longest))


def _written(phrase: str) -> str:
    # every alternative begins with a letter, so that `re` skips at once to where one can begin
    if phrase[0].isascii() and phrase[0].isalpha():
        return rf"{phrase[0]}(?<=\b{phrase[0]}){re.escape(phrase[1:])}\b"
    return re.escape(phrase)
