"""What words mean in a set of texts: words are near that stand near the same words.

Positive pointwise mutual information of words within ten words of one another (context counts to the power of 0.75),
its singular vectors weighted by the square root of the singular values (Levy, Goldberg & Dagan 2015). A text is the
mean of its words, rarer words weighing more, without the direction that all texts share (Arora, Liang & Ma 2017).
The same texts give the same vectors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[Any]
WINDOW = 10
DIMENSIONS = 100
_SMOOTHING = 0.75


@dataclass(frozen=True, eq=False)
class Meaning:
    """`vocabulary`: word → row of `vectors`; `idf` of each; `shared`: the direction that is taken out of texts."""

    vocabulary: dict[str, int]
    idf: Floats
    vectors: Floats
    shared: Floats

    def place(self, documents: Sequence[Sequence[str]]) -> Floats:
        """A vector of length 1 for each document of words; zeros where none of its words is known."""
        counts = _counts(documents, self.vocabulary)
        return _without(self._mean(counts), self.shared)

    def _mean(self, counts: Any) -> Floats:
        weighted = counts.astype(np.float64)
        weighted.data = 1 + np.log(weighted.data)
        return _unit(weighted.multiply(self.idf).tocsr() @ self.vectors)


def learn_meaning(
    documents: Sequence[Sequence[str]], least: int, most: float = 0.2
) -> Meaning | None:
    """From documents of words. Words in fewer than `least` documents or in more than a share of `most` are
    left out. None where fewer than three words remain."""
    vocabulary, idf = _vocabulary(documents, least, most)
    if len(vocabulary) < 3:
        return None
    vectors = _singular(_information(documents, vocabulary))
    meaning = Meaning(vocabulary, idf, vectors, np.zeros(vectors.shape[1]))
    placed = meaning._mean(_counts(documents, vocabulary))
    return Meaning(vocabulary, idf, vectors, _common(placed))


def _vocabulary(
    documents: Sequence[Sequence[str]], least: int, most: float
) -> tuple[dict[str, int], Floats]:
    found: dict[str, int] = {}
    for document in documents:
        for word in set(document):
            found[word] = found.get(word, 0) + 1
    total = len(documents)
    kept = sorted(w for w, count in found.items() if least <= count <= max(most * total, least))
    idf = np.log((1 + total) / (1 + np.array([found[word] for word in kept], dtype=float))) + 1
    return {word: at for at, word in enumerate(kept)}, idf


def _counts(documents: Sequence[Sequence[str]], vocabulary: dict[str, int]) -> Any:
    from sklearn.feature_extraction.text import CountVectorizer

    counting = CountVectorizer(analyzer=_as_it_is, vocabulary=vocabulary)
    return counting.transform(documents)


def _as_it_is(document: Sequence[str]) -> Sequence[str]:
    return document


def _information(documents: Sequence[Sequence[str]], vocabulary: dict[str, int]) -> Any:
    """Positive pointwise mutual information, words × words."""
    from scipy import sparse

    size = len(vocabulary)
    together = sparse.csr_matrix((size, size))
    for start in range(0, len(documents), 20_000):
        one, other = _pairs(documents[start : start + 20_000], vocabulary)
        ones = np.ones(len(one), dtype=np.float64)
        together += sparse.csr_matrix((ones, (one, other)), shape=(size, size))
    found = (together + together.T).tocoo()
    row = np.asarray(found.tocsr().sum(axis=1)).ravel()
    context = row**_SMOOTHING
    context /= context.sum()
    value = np.log(found.data / (row[found.row] * context[found.col]))
    kept = value > 0
    return sparse.csr_matrix((value[kept], (found.row[kept], found.col[kept])), shape=(size, size))


def _pairs(
    documents: Sequence[Sequence[str]], vocabulary: dict[str, int]
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Words within `WINDOW` of one another in the same document."""
    own = [[vocabulary[word] for word in doc if word in vocabulary] for doc in documents]
    length = [len(doc) for doc in own]
    flat = np.fromiter((at for doc in own for at in doc), dtype=np.int32, count=sum(length))
    document = np.repeat(np.arange(len(own), dtype=np.int32), length)
    one, other = [], []
    for step in range(1, WINDOW + 1):
        same = document[:-step] == document[step:]
        one.append(flat[:-step][same])
        other.append(flat[step:][same])
    return np.concatenate(one), np.concatenate(other)


def _singular(information: Any) -> Floats:
    from sklearn.decomposition import TruncatedSVD

    reduction = TruncatedSVD(min(DIMENSIONS, information.shape[0] - 1), random_state=0)
    scaled = reduction.fit_transform(information)
    return _unit(scaled / np.sqrt(np.maximum(reduction.singular_values_, 1e-12)))


def _common(placed: Floats) -> Floats:
    from sklearn.decomposition import TruncatedSVD

    return np.asarray(TruncatedSVD(1, random_state=0).fit(placed).components_[0])


def _without(placed: Floats, shared: Floats) -> Floats:
    return _unit(placed - np.outer(placed @ shared, shared))


def _unit(rows: Floats) -> Floats:
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(np.divide(rows, length, out=np.zeros_like(rows), where=length > 1e-12))
