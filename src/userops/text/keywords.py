"""The words that a text is about, by how often it says them and how rare they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from userops.text.segmenting import words


def keywords(text: str, rarity: Mapping[str, float] | None = None, top: int = 5) -> list[str]:
    """The most telling words. `rarity`: the inverse document frequency of words among the team's own texts; without
    it longer words count as rarer, as they are in both languages."""
    counts = Counter(words(text))
    order = list(counts)

    def weight(word: str) -> float:
        known = rarity.get(word) if rarity else None
        return counts[word] * (known if known is not None else _guess(word))

    return sorted(order, key=lambda word: (-weight(word), order.index(word)))[:top]


def _guess(word: str) -> float:
    return 1 + min(len(word) / (8 if word.isascii() else 3), 1.5)
