"""Categories by their keywords: what sorts texts before there is anything to learn from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from userops.text.classifying import Suggestion


@dataclass(frozen=True)
class KeywordRules:
    """Label → its keywords. A text belongs where most of its keywords stand, longer ones counting more."""

    keywords: Mapping[str, Sequence[str]]

    def suggest(self, text: str, top: int = 3) -> list[Suggestion]:
        """Nothing where no keyword stands. The chance is the label's share of all keywords met, not yet measured."""
        text = text.lower()
        met = {label: self._weight(text, own) for label, own in self.keywords.items()}
        total = sum(met.values())
        order = sorted((label for label in met if met[label]), key=lambda each: (-met[each], each))
        return [Suggestion(label, met[label] / total) for label in order[:top]]

    def cues(self, text: str, label: str) -> list[str]:
        """The keywords of a label that stand in a text."""
        text = text.lower()
        return [word for word in self.keywords.get(label, ()) if word.lower() in text]

    @staticmethod
    def _weight(text: str, own: Sequence[str]) -> int:
        return sum(len(word) for word in set(own) if word and word.lower() in text)


@dataclass(frozen=True, slots=True)
class RulesMeasured:
    """Of `texts` with a label, on how many a rule said anything, and how many of those were right."""

    texts: int
    said: int
    right: int

    @property
    def accuracy(self) -> float | None:
        return self.right / self.said if self.said else None


def measure_rules(
    rules: KeywordRules, texts: Sequence[str], labels: Sequence[str]
) -> RulesMeasured:
    said = right = 0
    for text, label in zip(texts, labels, strict=True):
        found = rules.suggest(text, top=1)
        if found:
            said += 1
            right += found[0].label == label
    return RulesMeasured(len(texts), said, right)
