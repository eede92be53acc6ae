"""Which language a text is in: by its letters, and for Latin letters by its small words."""

from __future__ import annotations

import re
from typing import Literal

Language = Literal["zh", "en", "other"]
_LINK = re.compile(r"https?://\S+|(?<!\S)\S+@\S+")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_KANA_OR_HANGUL = re.compile(r"[\u3040-\u30ff\uac00-\ud7af]")
_LATIN_WORD = re.compile(r"[a-zA-Z\u00c0-\u024f]+(?:'[a-z]+)?")
_OTHER_LETTER = re.compile(r"[^\W\d_a-zA-Z\u00c0-\u024f\u3400-\u9fff\uf900-\ufaff]")
_HAN_WORTH = 0.4
"""A Chinese character says about as much as this share of a Latin word of average length."""


def _split(words: str) -> frozenset[str]:
    return frozenset(words.split())


_SMALL_WORDS = _split(
    "a about all am an and are as at be been but by can can't cannot could did do does doesn't don't for from get "
    "got had has have he her him his how i i'm if in is isn't it it's its just like me more my no not of on or our "
    "out please she so some than thanks that the their them then there they this to too up us very was we were what "
    "when where which who why will with won't would you your"
)
_OF_OTHERS = _split(
    "ab au aux avec bei che con da das de del den der des di die dos du ein eine el elle em en es est et für het ich "
    "il ist je la las le les los mais mi mit na nicht nous o os ou para pas per por pour que qui se sehr sich sie "
    "son sont sur são te très um una und une uno van von vous wir y zu é"
)


def language_of(text: str) -> Language | None:
    """`zh`, `en`, `other`; None where there is nothing to tell it by (an empty text, digits, a link)."""
    text = _LINK.sub(" ", text)
    han = len(_HAN.findall(text))
    words = [word.lower() for word in _LATIN_WORD.findall(text)]
    foreign = len(_OTHER_LETTER.findall(text))
    if not (han or words or foreign):
        return None
    if _KANA_OR_HANGUL.search(text) or foreign > max(han, sum(map(len, words))):
        return "other"
    if han * _HAN_WORTH >= len(words):
        return "zh"
    return _of_latin(words)


def _of_latin(words: list[str]) -> Language:
    english = sum(word in _SMALL_WORDS for word in words)
    others = sum(word in _OF_OTHERS or not word.isascii() for word in words)
    return "other" if others > english else "en"
