"""How segments overlap: every combination of them, counted exactly. Sets in, figures out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pyroaring import BitMap

MOST = 6
"""Segments that one picture tells apart: 2⁶ − 1 parts."""


@dataclass(frozen=True, slots=True)
class Part:
    """Those who are in all the segments of `inside` (places, rising) and in none of the others."""

    inside: tuple[int, ...]
    persons: BitMap

    @property
    def key(self) -> str:
        """`0-2`: the part as an address names it."""
        return "-".join(map(str, self.inside))


@dataclass(frozen=True, slots=True)
class Pair:
    """Two segments: those in both, those in either, and the share of each that is in the other."""

    first: int
    second: int
    both: int
    either: int
    of_first: float | None
    of_second: float | None

    @property
    def jaccard(self) -> float | None:
        """Both of either, from 0 (nobody in common) to 1 (the same people)."""
        return self.both / self.either if self.either else None


def parts(sets: Sequence[BitMap]) -> list[Part]:
    """All 2ⁿ − 1 parts, those of more segments last; together they are everybody in any segment, once."""
    found = []
    for code in range(1, 2 ** len(sets)):
        inside = tuple(place for place in range(len(sets)) if code >> place & 1)
        persons = BitMap.intersection(*(sets[place] for place in inside))
        outside = [each for place, each in enumerate(sets) if place not in inside]
        found.append(Part(inside, persons.difference(*outside) if outside else persons))
    return sorted(found, key=lambda part: (len(part.inside), part.inside))


def pairs(sets: Sequence[BitMap]) -> list[Pair]:
    found = []
    for first in range(len(sets)):
        for second in range(first + 1, len(sets)):
            both = sets[first].intersection_cardinality(sets[second])
            sizes = len(sets[first]), len(sets[second])
            found.append(
                Pair(
                    first,
                    second,
                    both,
                    sizes[0] + sizes[1] - both,
                    both / sizes[0] if sizes[0] else None,
                    both / sizes[1] if sizes[1] else None,
                )
            )
    return found
