"""The score of a question by its stated convention: value, interval, number of answers, printed formula."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import sqrt
from typing import Any

from userops.stats import nps as promoters
from userops.stats import ratings
from userops.stats.comparisons import Difference, Sample, of_means, of_shares
from userops.words import Words

Interval = tuple[float, float]
CONVENTIONS: dict[str, Words] = {
    "rescaled": Words(
        "（均值 − 最低）/（最高 − 最低）× 100", "(mean − lowest) / (highest − lowest) × 100"
    ),
    "of_highest": Words("均值 / 最高 × 100", "mean / highest × 100"),
    "top": Words("高分占比", "share of the top answers"),
    "mean": Words("均值", "mean"),
}
"""How answers on a scale become one score. The first is the default for satisfaction."""


@dataclass(frozen=True, slots=True)
class Score:
    """`value` and `interval` are None where nobody answered or where too few did to be told (`few`).
    `groups`: of an NPS, how many promoters, passives and detractors."""

    kind: str
    convention: str
    value: float | None
    interval: Interval | None
    answered: int
    formula: Words
    hits: int | None = None
    groups: promoters.Nps | None = None
    counts: dict[int, int] = field(default_factory=dict)
    few: bool = False

    @property
    def unit(self) -> str:
        return "%" if self.convention == "top" and self.value is not None else ""

    @property
    def digits(self) -> int:
        """Decimals that are shown: a mean of few points has two, all others one."""
        return 2 if self.convention == "mean" else 1


def conventions_of(kind: str) -> tuple[str, ...]:
    """Those that a kind of question can be read by, the default first."""
    if kind == "nps":
        return ("nps",)
    return ("mean", "top") if kind == "ces" else ("rescaled", "of_highest", "top", "mean")


def score(question: Any, answers: Iterable[int], convention: str = "") -> Score:
    """Of the answers to one question; who skipped or dismissed it is not among them."""
    counts = Counter(answers)
    known = conventions_of(question.kind)
    chosen = convention if convention in known else known[0]
    if question.kind == "nps":
        return _nps(counts)
    rated = _rated(counts, question.scale, chosen, top_of(question))
    return Score(
        question.kind, chosen, rated.value, rated.interval, rated.answered,
        formula(question, chosen), rated.hits, None, dict(counts),
    )  # fmt: skip


def top_of(question: Any) -> int:
    """How many of the highest answers count as satisfied, or easy: of effort 1–7 it is 5 to 7."""
    return 3 if question.kind == "ces" and question.scale.high == 7 else int(question.scale.top)


def _nps(counts: Counter[int]) -> Score:
    nps = promoters.counted(counts.elements())
    words = Words(
        "推荐者（9–10）占比 − 贬损者（0–6）占比；95% 区间：调整 Wald",
        "% promoters (9–10) − % detractors (0–6); 95% interval: adjusted Wald",
    )
    return Score(
        "nps",
        "nps",
        nps.score,
        promoters.interval(nps),
        nps.answered,
        words,
        None,
        nps,
        dict(counts),
    )


def _rated(counts: Counter[int], scale: Any, convention: str, top: int) -> ratings.Rated:
    if convention == "mean":
        return ratings.mean(counts, scale)
    if convention == "top":
        return ratings.top_share(counts, scale, top)
    return (ratings.rescaled if convention == "rescaled" else ratings.of_highest)(counts, scale)


def formula(question: Any, convention: str) -> Words:
    """The convention with this question's numbers in it."""
    low, high = question.scale.low, question.scale.high
    if convention == "rescaled":
        span = f"(x̄ − {low}) / {high - low} × 100"
        return Words(f"{span}；95% 区间：t 分布", f"{span}; 95% interval: Student’s t")
    if convention == "of_highest":
        return Words(
            f"x̄ / {high} × 100；95% 区间：t 分布", f"x̄ / {high} × 100; 95% interval: Student’s t"
        )
    if convention == "top":
        first = high - top_of(question) + 1
        span = f"{first}–{high}" if first < high else str(high)
        return Words(
            f"回答 {span} 的占比；95% 区间：Wilson",
            f"share of answers {span}; 95% interval: Wilson",
        )
    return Words(
        f"均值（{low}–{high}）；95% 区间：t 分布",
        f"mean ({low}–{high}); 95% interval: Student’s t",
    )


def difference(question: Any, later: Score, earlier: Score) -> Difference | None:
    """Later less earlier by the test that fits the convention; None where it cannot be told."""
    if later.value is None or earlier.value is None:
        return None
    if later.groups is not None and earlier.groups is not None:
        return promoters.difference(later.groups, earlier.groups)
    if later.convention == "top":
        hits1, hits2 = later.hits or 0, earlier.hits or 0
        found = of_shares(hits1, later.answered, hits2, earlier.answered)
        if found is None:
            return None
        return Difference(100 * found.value, 100 * found.low, 100 * found.high, found.p, found.size)
    factor = _factor(question, later.convention)
    found = of_means(_sample(later.counts), _sample(earlier.counts))
    if found is None:
        return None
    return Difference(
        found.value * factor, found.low * factor, found.high * factor, found.p, found.size
    )


def _factor(question: Any, convention: str) -> float:
    """Points of the score for one point of the scale."""
    scale = question.scale
    spans = {"rescaled": 100 / (scale.high - scale.low), "of_highest": 100 / scale.high}
    return float(spans.get(convention, 1.0))


def _sample(counts: dict[int, int]) -> Sample:
    count = sum(counts.values())
    mean = sum(answer * times for answer, times in counts.items()) / count if count else 0.0
    squares = sum(times * (answer - mean) ** 2 for answer, times in counts.items())
    return Sample(count, mean, squares / (count - 1) if count > 1 else 0.0)


def weighted(
    question: Any, answers: list[int], weights: list[float], convention: str = ""
) -> Score:
    """The score of weighted answers, with the interval of as many as they are in effect (Kish)."""
    plain = score(question, answers, convention)
    whole = sum(weights)
    if plain.value is None or not whole:
        return plain
    effective = whole**2 / sum(weight * weight for weight in weights)
    values = [_points(question, answer, plain.convention) for answer in answers]
    value = sum(w * v for w, v in zip(weights, values, strict=True)) / whole
    if plain.groups is not None:
        up = sum(w for w, v in zip(weights, values, strict=True) if v > 0) / whole
        down = sum(w for w, v in zip(weights, values, strict=True) if v < 0) / whole
        interval: Interval | None = promoters.weighted_interval(up, down, effective)
    else:
        variance = sum(w * (v - value) ** 2 for w, v in zip(weights, values, strict=True)) / whole
        half = 1.959963984540054 * sqrt(variance / effective)
        interval = (value - half, value + half) if variance else None
    return Score(
        plain.kind, plain.convention, value, interval, plain.answered, plain.formula,
        None, plain.groups, plain.counts,
    )  # fmt: skip


def _points(question: Any, answer: int, convention: str) -> float:
    """What one answer adds to the score."""
    scale = question.scale
    if convention == "nps":
        up, down = answer >= promoters.PROMOTER_FROM, answer < promoters.PASSIVE_FROM
        return 100.0 * (int(up) - int(down))
    if convention == "top":
        return 100.0 * int(answer > scale.high - top_of(question))
    if convention == "rescaled":
        return float((answer - scale.low) / (scale.high - scale.low) * 100)
    return float(answer / scale.high * 100) if convention == "of_highest" else float(answer)
