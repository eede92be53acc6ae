"""Measures learning on labelled texts of one's own: duplicates out, five folds, nothing tuned on what is tested."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from userops.text.classifying import Learned, Progress, learn
from userops.text.sentiment import CLEAR, sentiment_of

_POSITIVE = frozenset({"1", "positive", "pos", "好评", "正面", "积极"})
_NEGATIVE = frozenset({"0", "-1", "negative", "neg", "差评", "负面", "消极"})


@dataclass(frozen=True, slots=True)
class ColdStart:
    """The word lists, without a label: `known`, texts on which they take a side; `right` of them."""

    texts: int
    known: int
    right: int

    def as_dict(self) -> dict[str, float | int | None]:
        accuracy = self.right / self.known if self.known else None
        return {"texts": self.texts, "known": self.known, "right": self.right, "accuracy": accuracy}


@dataclass(frozen=True, eq=False)
class Evaluation:
    """`rows` given; of them `empty` and `duplicates` left out, and all of the `disputed` texts, which stand there
    with more than one label. Speeds in texts a second: learning with all folds, and suggesting."""

    rows: int
    empty: int
    duplicates: int
    disputed: int
    learned: Learned
    seconds: float
    speed: float
    cold_start: ColdStart | None

    def as_dict(self) -> dict[str, Any]:
        return {
            "rows": self.rows,
            "empty": self.empty,
            "duplicates": self.duplicates,
            "disputed": self.disputed,
            **self.learned.measured.as_dict(),
            "seconds": self.seconds,
            "texts_per_second": self.speed,
            "cold_start": self.cold_start and self.cold_start.as_dict(),
        }


def evaluate(
    texts: Sequence[str], labels: Sequence[str], *, seed: int = 42, progress: Progress | None = None
) -> Evaluation:
    kept, empty, duplicates, disputed = distinct(texts, labels)
    began = time.perf_counter()
    learned = learn(list(kept), list(kept.values()), seed=seed, progress=progress)
    seconds = time.perf_counter() - began
    sample = list(kept)[:5_000]
    began = time.perf_counter()
    learned.suggest(sample)
    speed = len(sample) / (time.perf_counter() - began)
    cold = _cold_start(kept)
    return Evaluation(len(texts), empty, duplicates, disputed, learned, seconds, speed, cold)


def distinct(texts: Sequence[str], labels: Sequence[str]) -> tuple[dict[str, str], int, int, int]:
    """Each text once with its label; how many were empty, repeated, or given more than one label."""
    kept: dict[str, str] = {}
    disputed: set[str] = set()
    empty = repeated = 0
    for text, label in zip((each.strip() for each in texts), labels, strict=True):
        if not text or not label:
            empty += 1
        elif text not in kept:
            kept[text] = label
        else:
            repeated += 1
            if kept[text] != label:
                disputed.add(text)
    for text in disputed:
        del kept[text]
    return kept, empty, repeated, len(disputed)


def _cold_start(kept: dict[str, str]) -> ColdStart | None:
    """Only where the labels are a sentiment."""
    names = {label.lower() for label in kept.values()}
    if not (names & _POSITIVE and names & _NEGATIVE and names <= _POSITIVE | _NEGATIVE):
        return None
    known = right = 0
    for text, label in kept.items():
        score = sentiment_of(text).score
        if abs(score) >= CLEAR:
            known += 1
            right += (score > 0) == (label.lower() in _POSITIVE)
    return ColdStart(len(kept), known, right)
