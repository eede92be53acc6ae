"""How many answered, by each of the three usual denominators: those sent to, those shown, those who began."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db.models import Sum

from userops.experience.surveys.models import DayCount, Response, Step, Survey
from userops.experience.surveys.results.dataset import Wanted
from userops.stats.proportions import wilson
from userops.words import Words


@dataclass(frozen=True, slots=True)
class Rate:
    """`share` is None where nobody is below the line."""

    words: Words
    hits: int
    total: int

    @property
    def share(self) -> float | None:
        return self.hits / self.total if self.total else None

    @property
    def interval(self) -> tuple[float, float] | None:
        return wilson(min(self.hits, self.total), self.total)


@dataclass(frozen=True, slots=True)
class Reached:
    """Steps of the days and way asked for. An answer that came from a file counts as begun and complete only."""

    sent: int
    shown: int
    dismissed: int
    started: int
    completed: int
    sent_completed: int
    shown_completed: int

    @property
    def rates(self) -> tuple[Rate, Rate, Rate]:
        return (
            Rate(Words("完成 / 发送", "completed / sent"), self.sent_completed, self.sent),
            Rate(Words("完成 / 展示", "completed / shown"), self.shown_completed, self.shown),
            Rate(Words("完成 / 开始", "completed / started"), self.completed, self.started),
        )


def reached(survey: Survey, wanted: Wanted | None = None) -> Reached:
    """Each step as often as it happened. Dismissed ones are told apart and are in no score."""
    wanted = wanted or Wanted()
    steps = DayCount.objects.filter(survey=survey)
    if wanted.way:
        steps = steps.filter(way=wanted.way)
    if wanted.since:
        steps = steps.filter(day__gte=wanted.since)
    if wanted.until:
        steps = steps.filter(day__lte=wanted.until)
    found: Counter[str] = Counter()
    by_mail: Counter[str] = Counter()
    for step, way, count in steps.values_list("step", "way").annotate(Sum("count")):
        found[step] += count
        by_mail[step] += count if way == "mail" else 0
    imported = 0 if wanted.way not in ("", "import") else _imported(survey, wanted)
    return Reached(
        found[Step.SENT], found[Step.SHOWN], found[Step.DISMISSED],
        found[Step.STARTED] + imported, found[Step.COMPLETED] + imported,
        by_mail[Step.COMPLETED], found[Step.COMPLETED],
    )  # fmt: skip


def _imported(survey: Survey, wanted: Wanted) -> int:
    rows = Response.objects.filter(survey=survey, way="import")
    if wanted.since:
        rows = rows.filter(started__date__gte=wanted.since)
    if wanted.until:
        rows = rows.filter(started__date__lte=wanted.until)
    return rows.count()
