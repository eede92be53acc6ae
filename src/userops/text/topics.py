"""Topics grown from texts: groups of texts of like meaning, with names, and how far they may be trusted.

K-means on the vectors of `embedding.py`. Every number of topics is run from several starts: `stability` is how alike
the runs are (adjusted Rand index), and that of one topic how much of it every run finds again (Jaccard, Hennig 2007).
`coherence` says how much a topic's words go together (normalised pointwise mutual information, Bouma 2009).
Topics are suggestions: whoever reads the texts decides.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from userops.text.embedding import Floats, Meaning, learn_meaning
from userops.text.naming import name_of, top_terms
from userops.text.problems import TooFewTexts
from userops.text.segmenting import words
from userops.words import Words

LEAST_TEXTS = 40
STARTS = 5
COUNTS = (3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30)
_TEXTS_EACH = 12
_ALIKE = 6
"""Decimals by which places are told apart."""
_QUOTES = 5
_AS_GOOD = 0.05
"""Stabilities this near to the best count as equal: then the finer division is taken."""
_FITTED = 20_000
"""At most so many texts, drawn by seed, are clustered; the others join the nearest topic."""
_TRIED = 4_000
"""At most so many of them when the number of topics is looked for."""
Group = npt.NDArray[np.int64]
Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Topic:
    """`quotes`: places of the texts nearest to its middle, no two of the same words. None where a figure is not
    defined."""

    name: str
    terms: tuple[str, ...]
    texts: int
    stability: float
    coherence: float | None
    quotes: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Topics:
    """`group`: the topic of each text, −1 where none of its words is known. `model` places new texts."""

    topics: tuple[Topic, ...]
    group: Group
    stability: float
    model: TopicModel


@dataclass(frozen=True, eq=False)
class TopicModel:
    """Meaning of words and the middle of each topic."""

    meaning: Meaning
    middles: Floats

    def nearest(self, texts: Sequence[str]) -> tuple[Group, Floats]:
        """The topic of each text and its cosine to the topic's middle; −1 and 0 where no word is known."""
        return self.nearest_of(self.meaning.place([words(text) for text in texts]))

    def nearest_of(self, placed: Floats) -> tuple[Group, Floats]:
        near = placed @ self.middles.T
        known = placed.any(axis=1)
        group = np.where(known, near.argmax(axis=1), -1).astype(np.int64)
        return group, np.where(known, near.max(axis=1), 0.0)


def find_topics(
    texts: Sequence[str],
    *,
    count: int | None = None,
    seed: int = 42,
    progress: Progress | None = None,
) -> Topics:
    """`count`: how many; None takes the finest division that is as stable as any.

    `progress` is told the share done and may raise to stop. Raises `TooFewTexts`.
    """
    told = progress or (lambda _: None)
    documents = [words(text) for text in texts]
    told(0.2)
    meaning = _meaning(documents)
    placed = meaning.place(documents)
    told(0.4)
    known = np.flatnonzero(placed.any(axis=1))
    _enough(len(known))
    drawn = _drawn(known, seed, _FITTED)
    groups = _divided(placed[drawn], count, seed, told)
    stability = _agreement(groups)
    middles = _middles(placed[drawn], groups[0])
    model = TopicModel(meaning, middles)
    group, near = model.nearest_of(placed)
    told(0.9)
    return Topics(_described(documents, group, near, groups), group, stability, model)


def _meaning(documents: Sequence[Sequence[str]]) -> Meaning:
    total = len(documents)
    meaning = learn_meaning(documents, least=2 if total < 1_000 else max(5, total // 5_000))
    _enough(total if meaning else 0)
    assert meaning is not None
    return meaning


def _enough(texts: int) -> None:
    if texts < LEAST_TEXTS:
        raise TooFewTexts(
            Words(
                f"发现话题需要至少 {LEAST_TEXTS} 条有内容的文本，现有 {texts} 条。",
                f"At least {LEAST_TEXTS} texts with content are needed to find topics; there are {texts}.",
            ),
            texts=texts,
        )


def _drawn(known: Group, seed: int, most: int) -> Group:
    if len(known) <= most:
        return known
    return np.sort(np.random.default_rng(seed).choice(known, most, replace=False))


def _divided(placed: Floats, count: int | None, seed: int, told: Progress) -> list[Group]:
    """The runs of the number of topics that is taken; the first run is the best of them."""
    if count is None:
        count = _finest_of_the_stable(placed, seed, told)
    return _runs(placed, max(2, min(count, len(placed) // 2)), seed)


def _finest_of_the_stable(placed: Floats, seed: int, told: Progress) -> int:
    placed = placed[_drawn(np.arange(len(placed)), seed, _TRIED)]
    most = len(placed) // _TEXTS_EACH
    stability: dict[int, float] = {}
    counts = [each for each in COUNTS if each <= most] or [2]
    for done, each in enumerate(counts):
        stability[each] = _agreement(_runs(placed, each, seed))
        told(0.4 + 0.4 * (done + 1) / len(counts))
    best = max(stability.values())
    return max(each for each, found in stability.items() if found >= best - _AS_GOOD)


def _runs(placed: Floats, count: int, seed: int) -> list[Group]:
    from sklearn.cluster import KMeans
    from threadpoolctl import threadpool_limits

    # texts that stand at one place, but for the last digits, are never parted, and the library complains when asked to
    count = min(count, len(np.unique(placed.round(_ALIKE), axis=0)))
    found: list[tuple[float, Group]] = []
    with threadpool_limits(1):
        for start in range(STARTS):
            run = KMeans(count, n_init=2, random_state=seed + start).fit(placed)
            found.append((float(run.inertia_), run.labels_.astype(np.int64)))
    return [group for _, group in sorted(found, key=lambda each: each[0])]


def _agreement(groups: Sequence[Group]) -> float:
    from sklearn.metrics import adjusted_rand_score

    return float(np.mean([adjusted_rand_score(a, b) for a, b in combinations(groups, 2)]))


def _middles(placed: Floats, group: Group) -> Floats:
    found = np.array([placed[group == at].mean(axis=0) for at in range(group.max() + 1)])
    return np.asarray(found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-12))


def _described(
    documents: Sequence[Sequence[str]], group: Group, near: Floats, groups: Sequence[Group]
) -> tuple[Topic, ...]:
    count = int(groups[0].max()) + 1
    terms = top_terms(documents, group, count)
    sets = _documents_of(documents, {term for own in terms for term in own[:8]})
    found = []
    for at in range(count):
        own = np.flatnonzero(group == at)
        quotes: dict[tuple[str, ...], int] = {}
        for place in own[np.argsort(-near[own], kind="stable")]:
            quotes.setdefault(tuple(documents[place]), int(place))
        found.append(
            Topic(
                name=name_of(terms[at]),
                terms=tuple(terms[at]),
                texts=len(own),
                stability=_found_again(groups, at),
                coherence=coherence(terms[at][:8], sets, len(documents)),
                quotes=tuple(quotes.values())[:_QUOTES],
            )
        )
    return tuple(found)


def _found_again(groups: Sequence[Group], at: int) -> float:
    """Mean over the other runs of the best Jaccard likeness of a topic with any of theirs."""
    own = groups[0] == at
    likeness = []
    for other in groups[1:]:
        both = np.bincount(other[own], minlength=int(other.max()) + 1)
        either = own.sum() + np.bincount(other) - both
        likeness.append(float((both / either).max()))
    return float(np.mean(likeness))


def _documents_of(documents: Sequence[Sequence[str]], terms: set[str]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {term: set() for term in terms}
    for at, document in enumerate(documents):
        for word in document:
            if word in found:
                found[word].add(at)
    return found


def coherence(terms: Sequence[str], sets: dict[str, set[int]], total: int) -> float | None:
    """Mean normalised pointwise mutual information of pairs of words in the same text, from −1 to 1."""
    single = [term for term in terms if sets.get(term)]
    values = [_npmi(sets[a], sets[b], total) for a, b in combinations(single, 2)]
    return float(np.mean(values)) if values else None


def _npmi(one: set[int], other: set[int], total: int) -> float:
    both = len(one & other) / total
    if not both:
        return -1.0
    if both == 1:
        return 1.0
    return math.log(both / (len(one) * len(other) / total**2)) / -math.log(both)
