"""Groups that a machine found beside groups that are known."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt


def balanced(
    texts: Sequence[str], labels: Sequence[str] | None, each: int | None, seed: int
) -> tuple[list[str], list[str] | None]:
    """Every text once, empty ones left out; of each label at most so many, drawn by seed."""
    first: dict[str, str] = {}
    for text, label in zip(texts, labels or [""] * len(texts), strict=True):
        if text.strip():
            first.setdefault(text.strip(), label)
    if labels is None:
        return list(first), None
    if each is not None:
        first = _drawn(first, each, seed)
    return list(first), list(first.values())


def _drawn(first: dict[str, str], each: int, seed: int) -> dict[str, str]:
    random = np.random.default_rng(seed)
    own: dict[str, list[str]] = {}
    for text, label in first.items():
        own.setdefault(label, []).append(text)
    return {
        held[at]: label
        for label, held in own.items()
        for at in random.permutation(len(held))[:each]
    }


def compared(labels: Sequence[str], group: npt.NDArray[np.int64]) -> dict[str, float]:
    """Normalised mutual information and adjusted Rand index, 1 for the same groups."""
    from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

    return {
        "nmi": float(normalized_mutual_info_score(labels, group)),
        "ari": float(adjusted_rand_score(labels, group)),
    }
