"""Learning what people label: a linear model on character runs, and how sure it may be.

`LinearSVC` on TF-IDF of `grams`, one label against the rest. Of two labels, such as good and bad, a run weighs besides
by how differently often it stands in the texts of the one and of the other (the log-count ratio of naive Bayes: Wang &
Manning 2012, "Baselines and Bigrams"); then each text has length one again.

What it says of texts it has not seen (five folds) gives three things at once: its accuracy, the curve from scores to
chances (Platt 1999, one for each label), and how sure it must be before its word may stand without a person's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from userops.text.grams import grams
from userops.text.measuring import Measured, measured
from userops.text.problems import TooFewLabels
from userops.words import Words

Floats = npt.NDArray[np.float64]
FOLDS = 5
LEAST_EACH = 5
"""Texts of a label before it is learned."""
LEAST = 30
"""Texts in all before anything is learned."""
_C = 0.25
_BASE = 0.5
"""What every run weighs beside its ratio. Both were chosen on the takeaway and hotel reviews, by other folds."""
_RARE_FROM = 200
"""From so many texts on, runs that stand in one text only are left out."""
Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A label and its chance of being right."""

    label: str
    chance: float


@dataclass(frozen=True, eq=False)
class Plane:
    """One linear score for each label: `weight`, a row for each label, and what is added. `square` of what each run
    was weighed by, one row for all labels, by which a text's length is measured; None where runs were not weighed."""

    weight: npt.NDArray[np.float32]
    constant: Floats
    square: npt.NDArray[np.float32] | None = None

    def scores(self, counts: Any) -> Floats:
        found = np.asarray(counts @ self.weight.T, dtype=np.float64)
        if self.square is not None:
            length = np.sqrt(np.asarray(counts.multiply(counts).tocsr() @ self.square.T))
            found = found / np.maximum(length, 1e-12)
        return found + self.constant


@dataclass(frozen=True, eq=False)
class Learned:
    """A fitted model. `measured`: on texts that it had not seen."""

    labels: tuple[str, ...]
    measured: Measured
    vectorizer: Any
    plane: Plane
    slope: Floats
    shift: Floats

    def suggest(self, texts: Sequence[str], top: int = 3) -> list[list[Suggestion]]:
        """For each text the likeliest labels, likeliest first."""
        if not texts:
            return []
        found = chances(self.plane.scores(self.vectorizer.transform(texts)), self.slope, self.shift)
        best = np.argsort(-found, axis=1, kind="stable")[:, :top]
        return [
            [Suggestion(self.labels[at], float(row[at])) for at in order]
            for row, order in zip(found, best, strict=True)
        ]


def learn(
    texts: Sequence[str], labels: Sequence[str], *, seed: int = 42, progress: Progress | None = None
) -> Learned:
    """Fit and measure. Labels with fewer than `LEAST_EACH` texts are left out.

    Raises `TooFewLabels` where fewer than two labels or `LEAST` texts remain.
    """
    texts, labels = _enough(texts, labels)
    names, target = np.unique(np.asarray(labels), return_inverse=True)
    told = progress or (lambda _: None)
    folds = split(target, seed)
    scores = np.zeros((len(texts), len(names)))
    for fold in range(FOLDS):
        seen = folds != fold
        vectorizer, plane = _fit(
            [t for t, own in zip(texts, seen, strict=True) if own], target[seen]
        )
        unseen = [t for t, own in zip(texts, seen, strict=True) if not own]
        scores[~seen] = plane.scores(vectorizer.transform(unseen))
        told((fold + 1) / (FOLDS + 1))
    vectorizer, plane = _fit(texts, target)
    slope, shift = calibration(scores, target)
    figures = measured(
        target, _unseen_chances(scores, target, folds), folds, tuple(map(str, names))
    )
    told(1.0)
    return Learned(tuple(map(str, names)), figures, vectorizer, plane, slope, shift)


def _enough(texts: Sequence[str], labels: Sequence[str]) -> tuple[list[str], list[str]]:
    counts: dict[str, int] = {}
    for label in labels:
        counts[label] = counts.get(label, 0) + 1
    kept = [(t, own) for t, own in zip(texts, labels, strict=True) if counts[own] >= LEAST_EACH]
    classes = len({label for _, label in kept})
    if classes < 2 or len(kept) < LEAST:
        raise TooFewLabels(
            Words(
                f"需要至少 2 个标签（各 {LEAST_EACH} 条以上）、共 {LEAST} 条文本；"
                f"现有 {classes} 个标签、{len(kept)} 条。",
                f"At least 2 labels with {LEAST_EACH} texts each and {LEAST} texts in all are needed; "
                f"there are {classes} labels and {len(kept)} texts.",
            ),
            labels=classes,
            texts=len(kept),
        )
    return [text for text, _ in kept], [label for _, label in kept]


def split(target: npt.NDArray[Any], seed: int) -> npt.NDArray[Any]:
    """The fold of each text: shares of the labels are the same in all folds."""
    from sklearn.model_selection import StratifiedKFold

    folds = np.zeros(len(target), dtype=int)
    splitter = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
    for number, (_, test) in enumerate(splitter.split(target, target)):
        folds[test] = number
    return folds


def _fit(texts: Sequence[str], target: npt.NDArray[Any]) -> tuple[Any, Plane]:
    vectorizer = counting(min_df=2 if len(texts) >= _RARE_FROM else 1)
    counts = vectorizer.fit_transform(texts)
    if target.max() > 1:
        return vectorizer, _plain(counts, target)
    return vectorizer, _weighed(counts, target == 1)


def _plain(counts: Any, target: npt.NDArray[Any]) -> Plane:
    """More than two labels, each against the rest."""
    from sklearn.svm import LinearSVC

    model = LinearSVC(C=0.5, random_state=0).fit(counts, target)
    return Plane(model.coef_.astype(np.float32), model.intercept_)


def _weighed(counts: Any, own: npt.NDArray[np.bool_]) -> Plane:
    """Two labels, the second of which is `own`: each run weighs by its ratio as well."""
    from scipy.sparse import diags
    from sklearn.preprocessing import normalize
    from sklearn.svm import LinearSVC

    weighed = _BASE + _ratio(counts, own)
    model = LinearSVC(C=_C, random_state=0).fit(normalize(counts @ diags(weighed)), own)
    weight, constant = (model.coef_ * weighed).astype(np.float32), model.intercept_
    square = np.square(weighed)[np.newaxis]
    return Plane(np.vstack([-weight, weight]), np.concatenate([-constant, constant]), square)


def _ratio(counts: Any, own: npt.NDArray[np.bool_]) -> npt.NDArray[np.float32]:
    """|log of (share of a label's texts that hold a run ÷ share of the others)|, one added to each count."""
    held = [np.bincount(counts[at].indices, minlength=counts.shape[1]) + 1.0 for at in (own, ~own)]
    ratio = np.log(held[0] / own.sum() / (held[1] / (~own).sum()))
    return np.asarray(np.abs(ratio), dtype=np.float32)


def counting(**chosen: Any) -> Any:
    """The TF-IDF of runs that all models here are made on."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(analyzer=grams, sublinear_tf=True, dtype=np.float32, **chosen)


def calibration(scores: Floats, target: npt.NDArray[Any]) -> tuple[Floats, Floats]:
    """For each label the slope and shift of the logistic curve from its score to its chance."""
    from sklearn.linear_model import LogisticRegression

    slope, shift = np.ones(scores.shape[1]), np.zeros(scores.shape[1])
    for label in range(scores.shape[1]):
        own = target == label
        if own.any() and not own.all():
            curve = LogisticRegression(C=1e3).fit(scores[:, [label]], own)
            slope[label], shift[label] = curve.coef_[0, 0], curve.intercept_[0]
    return slope, shift


def chances(scores: Floats, slope: Floats, shift: Floats) -> Floats:
    """Each row adds up to one."""
    each = 1 / (1 + np.exp(-(scores * slope + shift)))
    return np.asarray(each / each.sum(axis=1, keepdims=True))


def _unseen_chances(scores: Floats, target: npt.NDArray[Any], folds: npt.NDArray[Any]) -> Floats:
    """Chances of each fold by the curves of the other folds, so that calibration is judged on unseen texts too."""
    found = np.zeros_like(scores)
    for fold in range(FOLDS):
        own = folds == fold
        found[own] = chances(scores[own], *calibration(scores[~own], target[~own]))
    return found
