"""Names of groups of texts: the words and phrases that set each group apart (class-based TF-IDF, Grootendorst 2022)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from math import log

import numpy as np
import numpy.typing as npt

WORDS_IN_NAME = 3
_PHRASE_LEAST = 3
_SETS_APART = 1.5
"""A term belongs into a name when its share in the group is this many times its share everywhere."""
_PHRASE_TIES = 0.3
"""Two words in a row are a phrase when they do so in this share of the texts of the rarer one."""


def top_terms(
    documents: Sequence[Sequence[str]], group: npt.NDArray[np.int64], count: int, top: int = 12
) -> list[list[str]]:
    """For each of `count` groups its words and phrases, the most telling first. Groups below 0 are nobody's."""
    held: list[Counter[str]] = [Counter() for _ in range(count)]
    sizes = [0] * count
    phrases = _phrases(documents)
    for document, own in zip(documents, group, strict=True):
        if own >= 0:
            held[own].update(_terms(document, phrases))
            sizes[own] += 1
    everywhere: Counter[str] = Counter()
    for each in held:
        everywhere.update(each)
    total = max(1, sum(sizes))
    share = {term: seen / total for term, seen in everywhere.items()}
    return [_telling(own, size, share, top) for own, size in zip(held, sizes, strict=True)]


def name_of(terms: Sequence[str]) -> str:
    """The first terms that do not repeat one another."""
    chosen: list[str] = []
    for term in terms:
        parts = {term, *term.split()}
        if not any(term in old or old in term or parts & set(old.split()) for old in chosen):
            chosen.append(term)
        if len(chosen) == WORDS_IN_NAME:
            break
    return " · ".join(chosen)


def _terms(document: Sequence[str], phrases: frozenset[tuple[str, str]]) -> set[str]:
    found = set(document)
    for pair in pairwise(document):
        if pair in phrases:
            found.add(joined(*pair))
    return found


def joined(one: str, other: str) -> str:
    """As they are written: with a blank where either is Latin."""
    return f"{one} {other}" if one[-1].isascii() or other[0].isascii() else one + other


def _phrases(documents: Sequence[Sequence[str]]) -> frozenset[tuple[str, str]]:
    single: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    for document in documents:
        single.update(set(document))
        pairs.update(set(pairwise(document)))
    return frozenset(
        pair
        for pair, count in pairs.items()
        if count >= _PHRASE_LEAST
        and pair[0] != pair[1]
        and count >= _PHRASE_TIES * min(single[pair[0]], single[pair[1]])
    )


def _telling(own: Counter[str], size: int, everywhere: dict[str, float], top: int) -> list[str]:
    """By share in the group × logarithm of how rare the term is; at first those that set the group apart."""
    weight = {
        term: count / size * log(1 + 1 / everywhere[term])
        for term, count in own.items()
        if count > 1 or size < 20
    }
    apart = [term for term in weight if own[term] / size >= _SETS_APART * everywhere[term]]
    return sorted(apart or weight, key=lambda term: (-weight[term], term))[:top]
