"""How a writer feels, before anybody has labelled anything: word lists and rules.

Chinese: the list of `lexicon/`, the longest word at each place, turned by negation and raised by degree inside its
clause. English: VADER (Hutto & Gilbert 2014, MIT) with words of the software trade. Both end in a score from −1 to 1;
what lies between ±`CLEAR` is called neutral. The accuracies measured stand in `README.md`.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from userops.text.language import language_of
from userops.text.lexicon.reading import weights

Feeling = Literal["positive", "neutral", "negative"]
CLEAR = 0.05
_CLAUSE = re.compile(r"[，。！？；、,.!?;:：~～…\s]+")
_TURN = re.compile(r"但是?|可是|不过|然而|就是|只是|可惜")
_REACH = 4
"""So many characters before a word, a negation or degree still bears on it."""
_ALPHA = 15.0
"""VADER's normalisation: score = sum / √(sum² + 15)."""
_TRADE_EN = {
    "crash": -2.5, "crashes": -2.5, "crashed": -2.5, "crashing": -2.5, "freezes": -2.0, "freezing": -1.5,
    "frozen": -1.2, "bug": -2.0, "bugs": -2.0, "buggy": -2.5, "glitch": -1.8, "glitchy": -2.2, "laggy": -2.0,
    "lag": -1.5, "slow": -1.5, "refund": -1.6, "refunded": -0.8, "broken": -2.2, "unusable": -3.0,
    "useless": -2.6, "overcharged": -2.6, "unresponsive": -2.0, "scammed": -3.2, "spam": -1.8,
    "uninstall": -2.0, "uninstalled": -2.2, "expired": -1.0, "missing": -1.5, "delayed": -1.5, "late": -1.0,
    "defective": -2.6, "damaged": -2.0, "fast": 1.5, "smooth": 1.7, "intuitive": 2.0, "responsive": 1.6,
    "reliable": 2.0, "affordable": 1.6, "works": 0.9, "seamless": 2.2, "refreshing": 1.5,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sentiment:
    """`score` from −1 to 1. `known`: whether any word of feeling was met at all."""

    score: float
    known: bool

    @property
    def feeling(self) -> Feeling:
        if self.score >= CLEAR:
            return "positive"
        return "negative" if self.score <= -CLEAR else "neutral"


def sentiment_of(text: str) -> Sentiment:
    """By the lists alone; for learned sentiment see `classifying.py`."""
    if language_of(text) == "zh":
        total, known = _sum_of_chinese(text)
        return Sentiment(total / math.sqrt(total * total + _ALPHA), known)
    found = _vader().polarity_scores(text)
    return Sentiment(float(found["compound"]), found["pos"] > 0 or found["neg"] > 0)


def _sum_of_chinese(text: str) -> tuple[float, bool]:
    """What comes after "but" weighs half as much again, what came before it half."""
    turns = list(_TURN.finditer(text))
    turn = turns[-1] if turns else None
    if turn is None or turn.start() == 0:
        return _sum_of_clauses(text)
    before, one = _sum_of_clauses(text[: turn.start()])
    after, other = _sum_of_clauses(text[turn.end() :])
    return (before / 2 + after * 1.5 if other else before), one or other


def _sum_of_clauses(text: str) -> tuple[float, bool]:
    hits = [hit for clause in _CLAUSE.split(text) if clause for hit in _hits(clause)]
    return sum(hits), bool(hits)


def _hits(clause: str) -> list[float]:
    """The weight of each word of feeling in a clause, with what stands before it."""
    words, longest = weights("sentiment_zh"), _longest_from()
    found, at, free_from = [], 0, 0
    while at < len(clause):
        for length in range(longest.get(clause[at], 0), 0, -1):
            weight = words.get(clause[at : at + length])
            if weight is not None:
                before = clause[max(free_from, at - _REACH) : at]
                found.append(weight * _bearing(before))
                at += length
                free_from = at
                break
        else:
            at += 1
    return found


def _bearing(before: str) -> float:
    """The product of the words of degree and negation in the few characters before a word."""
    words, factor, at = weights("degree_zh"), 1.0, 0
    while at < len(before):
        for length in range(min(4, len(before) - at), 0, -1):
            own = words.get(before[at : at + length])
            if own is not None:
                factor *= own
                at += length
                break
        else:
            at += 1
    return factor


@cache
def _longest_from() -> dict[str, int]:
    """First character → how long a word of feeling that begins with it may be."""
    found: dict[str, int] = {}
    for word in weights("sentiment_zh"):
        found[word[0]] = max(found.get(word[0], 0), len(word))
    return found


@cache
def _vader() -> Any:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    analyser = SentimentIntensityAnalyzer()
    analyser.lexicon.update(_TRADE_EN)
    return analyser
