"""A text as the pieces that models of it count: runs of characters, and words where words are written apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

_HAN = re.compile(r"[\u3400-\u9fff]")
_SPACE = re.compile(r"\s+")
_WORD = re.compile(r"[^\W_][\w'+-]*")
LONGEST_TEXT = 5_000
"""Characters of a text that are read: what a complaint is about stands before that."""


def grams(text: str) -> list[str]:
    """Where there is Chinese, runs of one to three characters; else words, pairs of
    words, and runs of three to five characters inside words."""
    text = _SPACE.sub(" ", text[:LONGEST_TEXT].lower()).strip()
    if _HAN.search(text):
        found = list(text)
        found += [text[at : at + 2] for at in range(len(text) - 1)]
        found += [text[at : at + 3] for at in range(len(text) - 2)]
        return found
    words = _WORD.findall(text)
    found = [f"{word} " for word in words]
    found += [f"{one} {other} " for one, other in pairwise(words)]
    for word in words:
        found += _inside(f" {word} ")
    return found


def _inside(word: str) -> Iterator[str]:
    for length in (3, 4, 5):
        for at in range(len(word) - length + 1):
            yield word[at : at + length]
