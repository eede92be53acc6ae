"""A text in both languages: what every definition, label and error below the web layer is made of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """One text in Chinese and in English. `str()` is the English one, for logs and tracebacks."""

    zh: str
    en: str

    def text(self, language: str) -> str:
        """The text for a language code such as `zh-hans`, `zh`, `en`, `en-gb`."""
        return self.zh if language.lower().startswith("zh") else self.en

    def as_dict(self) -> dict[str, str]:
        return {"zh": self.zh, "en": self.en}

    def __str__(self) -> str:
        return self.en


def minus(text: str) -> str:
    """A number's text with the sign of mathematics: as wide as a plus, and lines do not break at it as at a hyphen."""
    return text.replace("-", "−")
