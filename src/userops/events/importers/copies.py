"""Which of equal rows a row is: the first, the second … of its content in the file.

Nearly all rows of a file differ, so what was there before is remembered as bits (a Bloom filter); only
contents that the bits do not rule out are looked up among the staged ones.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import polars as pl

from userops.events.texts import byte_rows

Hashes = npt.NDArray[np.uint64]
Earlier = Callable[[pl.Series], pl.DataFrame]
"""Contents → the columns content and earlier: how many staged rows have it; absent ones have none."""
FIRST_ROWS = 1 << 20
_BITS_PER_ROW = 16
_MIX, _PLACE = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)


class Copies:
    """Numbers the rows of a file, chunk after chunk."""

    def __init__(self, earlier: Earlier) -> None:
        self._earlier = earlier
        self._seen = Seen()

    def learn(self, content: pl.Series) -> None:
        """These rows are staged already."""
        self._seen.add(_hashes(content))

    def number(self, content: pl.Series) -> npt.NDArray[np.uint32]:
        """`content`: 16 bytes a row. 1 for the first row of a content, 2 for the next …"""
        hashes = _hashes(content)
        copies = np.ones(len(hashes), np.uint32)
        maybe = self._seen.may_hold(hashes)
        _, places, counts = np.unique(hashes, return_inverse=True, return_counts=True)
        doubtful = np.flatnonzero(maybe | (counts[places] > 1))
        if len(doubtful):
            asked = content.gather(np.flatnonzero(maybe)).unique().alias("content")
            rows = content.gather(doubtful).alias("content").to_frame()
            known = self._earlier(asked) if len(asked) else None
            if known is not None and known.height:
                rows = rows.join(known, on="content", how="left", maintain_order="left")
            else:
                rows = rows.with_columns(earlier=pl.lit(0))
            here = pl.int_range(pl.len()).over("content")
            numbered = rows.select(pl.col("earlier").fill_null(0) + here + 1).to_series()
            copies[doubtful] = numbered.to_numpy()
        self._seen.add(hashes)
        return copies


class Seen:
    """Hashes that were added, told with a few errors to one side: what it does not hold is new."""

    def __init__(self) -> None:
        self._parts: list[Hashes] = []
        self._room = 0

    def add(self, hashes: Hashes) -> None:
        if not len(hashes):
            return
        if len(hashes) > self._room:
            self._room = max(FIRST_ROWS << len(self._parts), len(hashes))
            words = 1 << (self._room * _BITS_PER_ROW // 64 - 1).bit_length()
            self._parts.append(np.zeros(words, np.uint64))
        self._room -= len(hashes)
        part = self._parts[-1]
        np.bitwise_or.at(part, _words(part, hashes), _bits(hashes))

    def may_hold(self, hashes: Hashes) -> npt.NDArray[np.bool_]:
        found = np.zeros(len(hashes), np.bool_)
        bits = _bits(hashes)
        for part in self._parts:
            found |= (part[_words(part, hashes)] & bits) == bits
        return found


def _hashes(content: pl.Series) -> Hashes:
    halves = np.ascontiguousarray(byte_rows(content, 16)).view(np.uint64)
    mixed: Hashes = (halves[:, 0] * _MIX) ^ halves[:, 1]
    mixed = (mixed ^ (mixed >> np.uint64(29))) * _PLACE
    return mixed ^ (mixed >> np.uint64(32))


def _words(part: Hashes, hashes: Hashes) -> npt.NDArray[np.int64]:
    return (hashes & np.uint64(len(part) - 1)).astype(np.int64)


def _bits(hashes: Hashes) -> Hashes:
    """Three of 64 bits, from the end of a hash that does not choose the word."""
    mask = np.zeros(len(hashes), np.uint64)
    for shift in (46, 52, 58):
        mask |= np.uint64(1) << ((hashes >> np.uint64(shift)) & np.uint64(63))
    return mask
