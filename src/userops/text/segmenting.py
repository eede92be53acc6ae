"""A text as the words that say what it is about."""

from __future__ import annotations

import re
from collections.abc import Iterator

from userops.text.language import language_of
from userops.text.lexicon.reading import word_set

_CONTENT = re.compile(r"[\u3400-\u9fff]{2,8}|[a-z\u00df-\u024f][a-z0-9\u00df-\u024f'+-]{2,24}")
_HAN = re.compile(r"[\u3400-\u9fff]")
_ACCENT = re.compile(r"[\u00df-\u024f]")
_PIECE = re.compile(r"[\u3400-\u9fff]+|[a-z\u00df-\u024f][a-z0-9\u00df-\u024f+-]*")
_NO_WORDS = re.compile(r"https?://\S+|(?<!\S)[^\s@]+@[^\s@]+\.\S+|\[[^\[\]]{2,14}\]")
"""Links, mail addresses, and what stands for masked personal data."""
LONGEST_TEXT = 5_000


def words(text: str) -> list[str]:
    """Content words in order, lower case: Chinese of two characters or more, Latin of three letters or more."""
    text = _NO_WORDS.sub(" ", text[:LONGEST_TEXT].lower())
    stopped = word_set("stop_words")
    if not _HAN.search(text) and language_of(text) == "other":
        # only there: "die", "war" and "son" say something in English
        stopped |= word_set("stop_words_other")
    return [word for word in _cut(text) if word not in stopped and _CONTENT.fullmatch(word)]


def _cut(text: str) -> Iterator[str]:
    """The cutter of Chinese splits words at letters with accents: such texts come to it in pieces."""
    import rjieba  # which reads its dictionary then

    if not _ACCENT.search(text):
        yield from rjieba.cut(text)
        return
    for piece in _PIECE.findall(text):
        yield from (piece,) if piece[0] < "\u3400" else rjieba.cut(piece)
