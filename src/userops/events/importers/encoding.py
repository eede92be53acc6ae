"""Which text encoding a file is in, and a stream that reads it as UTF-8 past any bad byte."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

import charset_normalizer

ENCODINGS: tuple[str, ...] = ("utf-8", "gb18030", "big5", "cp1252", "utf-16")
"""Offered in the form; any codec that Python knows is accepted."""

_BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SURROGATE = re.compile("[\udc80-\udcff]")
_PAIR = re.compile(rb"[\x81-\xfe][\x30-\xfe]")
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
# accented letters of CP850 read as CP1252 become these signs, inside a word
_CP850_IN_WORD = re.compile("(?<=[a-zà-ÿ])[‚ƒ„…†‡ˆ‰Š‹“”•–—˜](?=[a-zà-ÿ])")
_MIXED_ENCODINGS = frozenset({"cp1252", "windows-1252", "latin-1", "iso-8859-1", "iso8859-1"})
_SURE = 0.6


@dataclass(frozen=True, slots=True)
class EncodingGuess:
    """`encoding` is "" when the sample is pure ASCII: then it is decided at the first other byte.
    `confidence` is from 0 to 1."""

    encoding: str
    confidence: float


def is_known_encoding(name: str) -> bool:
    """Whether Python has a text codec of this name."""
    try:
        return codecs.lookup(name)._is_text_encoding
    except LookupError:
        return False


def detect_encoding(sample: bytes) -> EncodingGuess:
    """The most likely encoding of a sample that may be cut in the middle of a character."""
    for mark, name in _BOMS:
        if sample.startswith(mark):
            return EncodingGuess(name, 1.0)
    if sample.isascii() and b"\0" not in sample:
        return EncodingGuess("", 1.0)
    wide = _wide(sample)
    if wide is not None:
        return wide
    text = codecs.getincrementaldecoder("utf-8")("surrogateescape").decode(sample)
    bad = len(_SURROGATE.findall(text))
    if bad == 0:
        return EncodingGuess("utf-8", 0.99)
    good = sum(1 for character in text if ord(character) > 0x7F) - bad
    if good > 20 * bad:
        return EncodingGuess("utf-8", 0.8)
    guesses = [EncodingGuess(name, score(sample)) for name, score in _SCORES]
    best = max(guesses, key=lambda guess: guess.confidence)
    return best if best.confidence >= _SURE else _by_library(sample, best)


def _wide(sample: bytes) -> EncodingGuess | None:
    """UTF-16 without a mark: nearly every second byte of Latin text is zero."""
    half = max(len(sample) // 2, 1)
    for encoding, zeros in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[0::2])):
        if zeros.count(0) / half > 0.4:
            return EncodingGuess(encoding, 0.9)
    return None


def _score_gb18030(sample: bytes) -> float:
    """Share of double bytes that are level-1 hanzi or punctuation of GB 2312."""
    pairs = _PAIR.findall(sample)
    common = sum(
        1
        for lead, trail in pairs
        if trail >= 0xA1 and (0xB0 <= lead <= 0xD7 or 0xA1 <= lead <= 0xA3)
    )
    return _share(common, len(pairs)) * _paired(sample)


def _score_big5(sample: bytes) -> float:
    """Share of double bytes that are frequent hanzi or punctuation of Big5."""
    pairs = _PAIR.findall(sample)
    common = sum(
        1
        for lead, trail in pairs
        if 0xA1 <= lead <= 0xC6 and (0x40 <= trail <= 0x7E or trail >= 0xA1)
    )
    # simplified text also falls here in part: one step below an equal score for GB 2312
    return _share(common, len(pairs)) * _paired(sample) - 0.02


def _score_cp1252(sample: bytes) -> float:
    """Share of high bytes that stand alone or in twos between ASCII, as accents do."""
    runs = _HIGH_RUN.findall(sample)
    return _share(sum(1 for run in runs if len(run) == 1), len(runs))


def _paired(sample: bytes) -> float:
    """Share of runs of high bytes that are not single: double-byte text has hardly any."""
    runs = _HIGH_RUN.findall(sample)
    return _share(sum(1 for run in runs if len(run) > 1), len(runs))


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


_SCORES: tuple[tuple[str, Callable[[bytes], float]], ...] = (
    ("gb18030", _score_gb18030),
    ("big5", _score_big5),
    ("cp1252", _score_cp1252),
)


def _by_library(sample: bytes, fallback: EncodingGuess) -> EncodingGuess:
    found = charset_normalizer.from_bytes(sample[: 1 << 17]).best()
    if found is None:
        return fallback
    return EncodingGuess(found.encoding, max(0.0, round(0.8 - found.chaos, 3)))


class Utf8Stream(io.RawIOBase):
    """Reads a byte stream of any encoding as UTF-8.

    A byte that the encoding does not know becomes U+FFFD and is counted in `bad_bytes`; signs that
    point to a second encoding in the same file are counted in `suspect_characters`. An encoding of
    "" is decided at the first block that is not ASCII.
    """

    def __init__(self, source: BinaryIO, encoding: str) -> None:
        self._source = source
        self._decoder: codecs.IncrementalDecoder | None = None
        self._wide = False
        self._ended = False
        self._rest = b""
        self.encoding = encoding
        self.bad_bytes = 0
        self.suspect_characters = 0
        self.bytes_given = 0
        self.quote_marks = 0
        """Of `"`, so far: an odd number at the end hints at one that never closes."""
        if encoding:
            self._decide(encoding)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """At most about `size` bytes more than asked when the encoding widens; b"" at the end."""
        if size is None or size < 0:
            parts = list(iter(lambda: self.read(1 << 20), b""))
            return b"".join(parts)
        while len(self._rest) < size and not self._ended:
            block = self._source.read(max(size, 1 << 16))
            self._ended = not block
            self._rest += self._as_utf8(block, self._ended)
        out, self._rest = self._rest[:size], self._rest[size:]
        self.bytes_given += len(out)
        self.quote_marks += out.count(b'"')
        return out

    def close(self) -> None:
        if not self.closed:
            self._source.close()
        super().close()

    def _decide(self, encoding: str) -> None:
        self.encoding = encoding
        self._wide = encoding.lower().startswith(("utf-16", "utf_16", "utf-32", "utf_32"))
        errors = "replace" if self._wide else "surrogateescape"
        self._decoder = codecs.getincrementaldecoder(encoding)(errors)

    def _as_utf8(self, block: bytes, final: bool) -> bytes:
        if self._decoder is None:
            guess = detect_encoding(block)
            if not guess.encoding:
                return block
            self._decide(guess.encoding)
        assert self._decoder is not None
        text = self._decoder.decode(block, final)
        if text.isascii():
            return text.encode()
        if self.encoding in _MIXED_ENCODINGS:
            self.suspect_characters += len(_CP850_IN_WORD.findall(text))
        if self._wide:
            self.bad_bytes += text.count("\ufffd")
            return text.encode("utf-8", "replace")
        try:
            return text.encode()
        except UnicodeEncodeError:
            text, count = _SURROGATE.subn("\ufffd", text)
            self.bad_bytes += count
            return text.encode("utf-8", "replace")
