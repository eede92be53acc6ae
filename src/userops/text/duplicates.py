"""Texts that say nearly the same: found by MinHash (Broder 1997) in bands, judged by Jaccard likeness of their runs.

A signature is the same on every machine, so it may be stored; two texts that share a band are candidates.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

BANDS, ROWS = 20, 3
"""Texts of likeness 0.6 share a band with a chance of 99%, of 0.3 with one of 42%."""
ALIKE = 0.5
SAME = 0.8
"""From this likeness on two texts say the same but for a few characters."""
_LEAST_RUNS = 4
_PRIME = np.uint64((1 << 31) - 1)
_random = np.random.default_rng(20_240_601)
_FACTOR = _random.integers(1, 1 << 31, BANDS * ROWS, dtype=np.uint64)[:, None]
_SHIFT = _random.integers(0, 1 << 31, BANDS * ROWS, dtype=np.uint64)[:, None]
_MEANINGLESS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Pair:
    """Places of two texts, the first smaller; their likeness from `ALIKE` to 1."""

    one: int
    other: int
    likeness: float


def runs(text: str) -> frozenset[str]:
    """Pairs of characters of what is written, without blanks and punctuation; of Latin words runs of four."""
    written = _MEANINGLESS.sub("", text.lower())[:2_000]
    length = 4 if written.isascii() else 2
    return frozenset(written[at : at + length] for at in range(len(written) - length + 1))


def bands(text_runs: frozenset[str]) -> tuple[int, ...]:
    """One number for each band, below 2⁶³; none for a text that is too short to compare."""
    if len(text_runs) < _LEAST_RUNS:
        return ()
    hashed = np.fromiter((zlib.crc32(each.encode()) for each in text_runs), dtype=np.uint64)
    least = ((hashed % _PRIME * _FACTOR + _SHIFT) % _PRIME).min(axis=1).reshape(BANDS, ROWS)
    return tuple(
        zlib.crc32(row.tobytes(), at) << 5 | at for at, row in enumerate(least.astype("<u8"))
    )


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Jaccard: runs in both ÷ runs in either. 0 for two without any."""
    either = len(one | other)
    return len(one & other) / either if either else 0.0


def near_duplicates(texts: Sequence[str], alike: float = ALIKE) -> list[Pair]:
    """All pairs at least so alike. Of a band shared by very many, each is compared with the first of them."""
    own = [runs(text) for text in texts]
    held: dict[int, list[int]] = {}
    for at, each in enumerate(own):
        for band in bands(each):
            held.setdefault(band, []).append(at)
    found: dict[tuple[int, int], float] = {}
    for places in held.values():
        for pair in _candidates(places):
            if pair not in found:
                found[pair] = likeness(own[pair[0]], own[pair[1]])
    return [Pair(*pair, score) for pair, score in sorted(found.items()) if score >= alike]


def groups(texts: Sequence[str], alike: float = ALIKE) -> npt.NDArray[np.int64]:
    """For each text the place of the first one that it repeats, over any number of steps; else its own."""
    first = np.arange(len(texts))
    for pair in near_duplicates(texts, alike):
        one, other = _root(first, pair.one), _root(first, pair.other)
        first[max(one, other)] = min(one, other)
    return np.array([_root(first, at) for at in range(len(texts))], dtype=np.int64)


def different(texts: Sequence[str]) -> list[int]:
    """Places of the texts that say something new: what says the same as an earlier one is left out."""
    written: dict[str, int] = {}
    for at, text in enumerate(texts):
        written.setdefault(_MEANINGLESS.sub("", text.lower()), at)
    first = list(written.values())
    alike = groups([texts[at] for at in first], SAME)
    return [first[at] for at in sorted(set(alike.tolist()))]


def _candidates(places: list[int]) -> Iterable[tuple[int, int]]:
    if len(places) <= 50:
        return ((a, b) for i, a in enumerate(places) for b in places[i + 1 :])
    return ((places[0], other) for other in places[1:])


def _root(first: npt.NDArray[np.int64], at: int) -> int:
    while first[at] != at:
        first[at] = first[first[at]]
        at = int(first[at])
    return at
