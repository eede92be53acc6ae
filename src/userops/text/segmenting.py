"""A text as the words that say what it is about."""

from __future__ import annotations

import re

import rjieba

from userops.text.lexicon.reading import word_set

_CONTENT = re.compile(r"[\u3400-\u9fff]{2,8}|[a-z][a-z0-9'+-]{2,24}")
_NO_WORDS = re.compile(r"https?://\S+|\S+@\S+\.\S+|\[[^\[\]]{2,14}\]")
"""Links, mail addresses, and what stands for masked personal data."""
LONGEST_TEXT = 5_000


def words(text: str) -> list[str]:
    """Content words in order, lower case: Chinese of two characters or more, Latin of three letters or more."""
    stopped = word_set("stop_words")
    text = _NO_WORDS.sub(" ", text[:LONGEST_TEXT].lower())
    return [word for word in rjieba.cut(text) if word not in stopped and _CONTENT.fullmatch(word)]
