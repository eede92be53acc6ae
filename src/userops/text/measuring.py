"""How good labels given by a machine are, on texts it had not seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from userops.stats.proportions import wilson

Numbers = npt.NDArray[Any]
TRUSTED = 0.95
"""The share that must be right, at the lower end of its 95% interval, for a label to stand by itself."""
_SHARES = (0.5, 0.7, 0.8, 0.9, 1.0)


@dataclass(frozen=True, slots=True)
class Surest:
    """The surest `share` of the texts: those with a chance of at least `threshold`; how many labels are right."""

    share: float
    threshold: float
    right: int
    texts: int

    @property
    def accuracy(self) -> float:
        return self.right / self.texts


@dataclass(frozen=True, slots=True)
class OfLabel:
    """One label: its texts, precision, recall and their harmonic mean. None where undefined."""

    label: str
    texts: int
    precision: float | None
    recall: float | None
    f1: float | None


@dataclass(frozen=True, slots=True)
class Measured:
    """- `accuracy`: share right, `right` of `texts`, with its 95% interval; `spread`: standard deviation over folds.
    - `majority`: the share right of who always says the commonest label.
    - `ece`: expected calibration error over ten parts of equal width.
    - `auto`: the chance from which on at least `TRUSTED` are right, and the share of texts that reaches it;
      None where none does.
    """

    texts: int
    right: int
    low: float
    high: float
    spread: float
    majority: float
    macro_f1: float
    ece: float
    auto: Surest | None
    surest: tuple[Surest, ...]
    labels: tuple[OfLabel, ...]
    confused: tuple[tuple[str, str, int], ...]

    @property
    def accuracy(self) -> float:
        return self.right / self.texts

    def as_dict(self) -> dict[str, Any]:
        found = asdict(self)
        found["accuracy"] = self.accuracy
        surest = [{**asdict(each), "accuracy": each.accuracy} for each in self.surest]
        auto = self.auto and {**asdict(self.auto), "accuracy": self.auto.accuracy}
        return found | {"surest": surest, "auto": auto}


def measured(target: Numbers, chance: Numbers, folds: Numbers, names: Sequence[str]) -> Measured:
    """From the true label of each text (a number), its chances by label, its fold, and the labels' names."""
    from userops.stats.scoring import calibration_error

    said = chance.argmax(axis=1)
    right, top = said == target, chance.max(axis=1)
    low, high = wilson(int(right.sum()), len(target)) or (0.0, 1.0)
    labels = tuple(_of_label(at, name, target, said) for at, name in enumerate(names))
    by_fold = [right[folds == fold].mean() for fold in np.unique(folds)]
    return Measured(
        texts=len(target),
        right=int(right.sum()),
        low=low,
        high=high,
        spread=float(np.std(by_fold)),
        majority=float(np.bincount(target).max() / len(target)),
        macro_f1=float(np.mean([each.f1 or 0.0 for each in labels])),
        ece=calibration_error(right.astype(float), top, 10),
        auto=_auto(right, top),
        surest=tuple(_surest(right, top, share) for share in _SHARES),
        labels=labels,
        confused=_confused(target, said, names),
    )


def _of_label(at: int, name: str, target: Numbers, said: Numbers) -> OfLabel:
    hit = int(((target == at) & (said == at)).sum())
    own, given = int((target == at).sum()), int((said == at).sum())
    f1 = 2 * hit / (own + given) if own + given else None
    return OfLabel(name, own, hit / given if given else None, hit / own if own else None, f1)


def _surest(right: Numbers, chance: Numbers, share: float) -> Surest:
    count = max(1, round(len(chance) * share))
    best = np.argsort(-chance, kind="stable")[:count]
    return Surest(share, float(chance[best[-1]]), int(right[best].sum()), count)


def _auto(right: Numbers, chance: Numbers) -> Surest | None:
    """The lowest chance from which on the lower end of the interval is trusted. Ties stay together."""
    order = np.argsort(-chance, kind="stable")
    sorted_chance, hits = chance[order], right[order].cumsum()
    last = np.flatnonzero(np.append(sorted_chance[:-1] != sorted_chance[1:], True))
    for at in reversed(last):
        low, _ = wilson(int(hits[at]), int(at) + 1) or (0.0, 1.0)
        if low >= TRUSTED:
            return Surest(
                (at + 1) / len(right), float(sorted_chance[at]), int(hits[at]), int(at) + 1
            )
    return None


def _confused(
    target: Numbers, said: Numbers, names: Sequence[str]
) -> tuple[tuple[str, str, int], ...]:
    """The ten commonest mistakes: true label, label given, how often."""
    wrong = target != said
    pairs, counts = np.unique(
        np.column_stack([target[wrong], said[wrong]]), axis=0, return_counts=True
    )
    order = np.argsort(-counts, kind="stable")[:10]
    return tuple((names[pairs[i][0]], names[pairs[i][1]], int(counts[i])) for i in order)
