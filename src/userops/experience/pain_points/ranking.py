"""The order of pain points: a score whose terms stand beside it.

score = reach × severity × impact × value
- reach = log10(1 + users hit), or users who complained where there is no behaviour evidence
- severity = 0.5 + mean weight of its tickets (low 0.25, normal 0.5, high 0.75, urgent 1); 1 without tickets
- impact = 1 + 10 × max(0, d) × d² / (d² + se²): d is how many more of those hit left than of others alike, shrunk
  by how sure that is; 1 where it is not known
- value = 1 + log10(1 + paid before by those hit / paid before by others, per person); 1 where it is not known
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from userops.experience.pain_points.models import PainPoint, Run
from userops.stats.multiplicity import holm
from userops.words import Words

LEAST_SHARE = 0.5
"""Of the cases that can be followed at least so many are matched, …"""
WORST = 0.25
"""… and no trait differs by more than so many standard deviations, or nothing is called clear."""
ALPHA = 0.05

FORMULA = Words(
    "得分 = 影响面 × 严重度 × 流失影响 × 价值。影响面 = lg(1 + 受影响用户)，没有行为证据时用投诉用户；"
    "严重度 = 0.5 + 工单严重程度的平均权重（低 0.25、普通 0.5、高 0.75、紧急 1），没有工单时为 1；"
    "流失影响 = 1 + 10 × max(0, d) × d² / (d² + se²)，d 为受影响者比匹配的其他用户多流失的比例，"
    "按把握程度向 0 收缩，无法比较时为 1；价值 = 1 + lg(1 + 受影响者此前人均消费 / 其他用户此前人均消费)，未知时为 1。",
    "Score = reach × severity × impact × value. Reach = log10(1 + users hit), or users who complained where there "
    "is no behaviour evidence; severity = 0.5 + mean weight of its tickets (low 0.25, normal 0.5, high 0.75, urgent "
    "1), 1 without tickets; impact = 1 + 10 × max(0, d) × d² / (d² + se²), where d is how many more of those hit left "
    "than of matched others, shrunk by how sure that is, 1 where nothing can be compared; value = 1 + log10(1 + paid "
    "before by those hit / by others, per person), 1 where unknown.",
)
VERDICTS = {
    "clear": Words("差异明确", "Clear difference"),
    "unclear": Words("差异不明确", "No clear difference"),
    "weak": Words("证据弱", "Weak evidence"),
    "few": Words("样本不足", "Too few"),
    "none": Words("未计算", "Not computed"),
}
VERDICT_NOTES = Words(
    "“差异明确”要求：多流失的差异在全部痛点一起检验（Holm 校正）后 p < 0.05，至少一半可跟踪的用户匹配成功，"
    "且匹配后没有特征相差 0.25 个标准差以上。未经校正才显著、或匹配不足的记为“证据弱”。匹配比较不是因果证明。",
    "“Clear difference” asks for: more of those hit left, with p < 0.05 after correcting for all pain points together "
    "(Holm); at least half of those who can be followed matched; and no trait apart by more than 0.25 standard "
    "deviations after matching. What is significant only without the correction, or badly matched, is “weak "
    "evidence”. A matched comparison is no proof of a cause.",
)


@dataclass(frozen=True, slots=True)
class Terms:
    reach: float
    severity: float
    impact: float
    value: float

    @property
    def score(self) -> float:
        return self.reach * self.severity * self.impact * self.value


@dataclass(frozen=True, slots=True)
class Ranked:
    """A pain point with its newest figures; `run` and `terms` are None before the first run."""

    point: PainPoint
    run: Run | None
    terms: Terms | None
    verdict: str

    @property
    def verdict_words(self) -> Words:
        return VERDICTS[self.verdict]

    @property
    def figures(self) -> dict[str, Any]:
        return self.run.told() if self.run else {}

    @property
    def left(self) -> dict[str, Any] | None:
        return left_more(self.figures)


def main(figures: dict[str, Any]) -> dict[str, Any] | None:
    """The comparison that counts: of those hit where there is evidence, else of those who complained."""
    impact = figures.get("impact") or {}
    found: dict[str, Any] | None = impact.get("hit") or impact.get("complaint")
    return found


def left_more(figures: dict[str, Any]) -> dict[str, Any] | None:
    """The difference in leaving of the comparison that counts."""
    comparison = main(figures)
    rows = comparison["outcomes"] if comparison else []
    return next((row for row in rows if row["name"] == "gone"), None)


def terms_of(figures: dict[str, Any]) -> Terms:
    hit, said, left = figures["hit"], figures["tickets"], left_more(figures)
    users = said["speakers"] if hit is None else hit["users"]
    severity = said["severity"]
    per_person = (hit or {}).get("per_person")
    others = (hit or {}).get("others_per_person")
    return Terms(
        reach=math.log10(1 + users),
        severity=1.0 if severity is None else 0.5 + severity,
        impact=1.0 if left is None else 1 + 10 * max(0.0, left["value"]) * left["certainty"],
        value=1.0
        if per_person is None or not others or others <= 0
        else 1 + math.log10(1 + max(0.0, per_person) / others),
    )


def newest(points: Iterable[PainPoint]) -> dict[int, Run]:
    """The last run of each that is done."""
    found: dict[int, Run] = {}
    rows = Run.objects.filter(point__in=points, state=Run.State.DONE).order_by("pk")
    for run in rows:
        found[run.point_id] = run
    return found


def ranked(points: Iterable[PainPoint]) -> list[Ranked]:
    """The highest score first; those without figures last, in the order of their numbers. The correction is over
    all that are given."""
    given = list(points)
    runs = newest(given)
    p_values = {}
    for key, run in runs.items():
        left = left_more(run.told())
        if left is not None and left["p"] is not None:
            p_values[key] = left["p"]
    corrected = dict(zip(p_values, holm(list(p_values.values())), strict=True))
    rows = [
        Ranked(
            point, run, terms_of(run.told()) if run else None,
            verdict_of(run.told() if run else {}, corrected.get(point.pk)),
        )
        for point in given
        for run in [runs.get(point.pk)]
    ]  # fmt: skip
    return sorted(
        rows, key=lambda each: (-(each.terms.score if each.terms else -1.0), each.point.number)
    )


def verdict_of(figures: dict[str, Any], corrected: float | None) -> str:
    """`corrected`: the p value of leaving, corrected for all that were tested."""
    if not figures:
        return "none"
    comparison, left = main(figures), left_more(figures)
    if comparison is None or left is None:
        return "few"
    if left["p"] is None or left["low"] is None or left["low"] <= 0:
        return "unclear"
    well = comparison["matched"] >= LEAST_SHARE * comparison["eligible"]
    alike = comparison["worst"] is not None and comparison["worst"] <= WORST
    return "clear" if well and alike and (corrected or 0.0) < ALPHA else "weak"
