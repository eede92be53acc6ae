"""How well the desk understands: what it learned, how often members agreed, what it read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q

from userops.events.models import Product
from userops.feedback.sorting.models import Category
from userops.feedback.understanding.learning import lessons_since, state_of
from userops.feedback.understanding.models import (
    BatchRun,
    LearnedModel,
    Lesson,
    Method,
    Reading,
    Target,
    UnderstandingState,
)
from userops.feedback.understanding.suggesting import better_than_rules
from userops.stats.proportions import wilson
from userops.words import Words


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of the suggestions that members then decided about, how many they agreed with, with 95% interval."""

    method: str
    decided: int
    agreed: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class LabelLine:
    """One category as it was measured."""

    name: str
    texts: int
    precision: float | None
    recall: float | None


@dataclass(frozen=True, slots=True)
class Understanding:
    state: UnderstandingState
    category: LearnedModel | None
    sentiment: LearnedModel | None
    by_model: bool
    lessons: int
    fresh: int
    labels: tuple[LabelLine, ...]
    agreements: tuple[Agreement, ...]
    read: int
    run: BatchRun | None

    @property
    def problem(self) -> Words | None:
        """Why nothing was learned the last time."""
        return Words(**self.state.problem) if self.state.problem else None


def understanding_of(product: Product) -> Understanding:
    models = {row.target: row for row in _models(product)}
    category = models.get(Target.CATEGORY)
    lessons = Lesson.objects.filter(ticket__product=product, target=Target.CATEGORY)
    return Understanding(
        state=state_of(product),
        category=category,
        sentiment=models.get(Target.SENTIMENT),
        by_model=category is not None and better_than_rules(category),
        lessons=lessons.count(),
        fresh=lessons_since(product, Target.CATEGORY),
        labels=_labels(product, category),
        agreements=agreements(product),
        read=Reading.objects.filter(ticket__product=product).count(),
        run=BatchRun.objects.filter(product=product).first(),
    )


def _models(product: Product) -> Any:
    return LearnedModel.objects.filter(product=product).defer("data")


def agreements(product: Product) -> tuple[Agreement, ...]:
    """By method, only where something had been suggested before the member decided."""
    decided = Lesson.objects.filter(ticket__product=product, target=Target.CATEGORY).exclude(
        suggested=""
    )
    rows = decided.values("method").annotate(
        decided=Count("pk"), agreed=Count("pk", filter=Q(label=F("suggested")))
    )
    found = []
    for row in rows.order_by("method"):
        low, high = wilson(row["agreed"], row["decided"]) or (0.0, 1.0)
        label = str(Method(row["method"]).label)
        found.append(Agreement(label, row["decided"], row["agreed"], low, high))
    return tuple(found)


def _labels(product: Product, category: LearnedModel | None) -> tuple[LabelLine, ...]:
    if category is None:
        return ()
    names = dict(Category.objects.filter(product=product).values_list("pk", "path"))
    lines = [
        LabelLine(
            names.get(int(each["label"]), "–"), each["texts"], each["precision"], each["recall"]
        )
        for each in category.measured["labels"]
    ]
    return tuple(sorted(lines, key=lambda line: -line.texts))
