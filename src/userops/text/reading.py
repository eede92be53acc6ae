"""All that a text says by itself, in one record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from userops.text import severity
from userops.text.keywords import keywords
from userops.text.language import Language, language_of
from userops.text.personal_data import find_personal, mask
from userops.text.sentiment import Sentiment, sentiment_of


@dataclass(frozen=True, slots=True)
class TextReading:
    """`personal`: kinds of personal data met, with how often. `masked`: the text without them."""

    language: Language | None
    sentiment: Sentiment
    severity: severity.Reading
    keywords: tuple[str, ...]
    personal: dict[str, int]
    masked: str

    def as_dict(self) -> dict[str, Any]:
        return {
            "language": self.language,
            "sentiment": self.sentiment.feeling,
            "score": round(self.sentiment.score, 4),
            "severity": self.severity.level,
            "reason": self.severity.reason,
            "intent": self.severity.intent,
            "cues": list(self.severity.cues),
            "keywords": list(self.keywords),
            "personal": self.personal,
            "masked": self.masked,
        }


def read(text: str, rarity: Mapping[str, float] | None = None) -> TextReading:
    """`rarity` of words among the team's own texts makes better keywords."""
    found = find_personal(text)
    personal: dict[str, int] = {}
    for each in found:
        personal[each.kind] = personal.get(each.kind, 0) + 1
    language = language_of(text)
    masked = mask(text, language=language or "en") if found else text
    feeling = sentiment_of(masked)
    return TextReading(
        language=language,
        sentiment=feeling,
        severity=severity.read(masked, feeling),
        keywords=tuple(keywords(masked, rarity)),
        personal=personal,
        masked=masked,
    )
