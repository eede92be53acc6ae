"""Which category a ticket belongs to: by keywords at first, by what was learned as soon as that is righter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from userops.events.models import Product
from userops.feedback.sorting.models import Category
from userops.feedback.understanding.learning import learned_of, rules_of, state_of
from userops.feedback.understanding.models import LearnedModel, Method, Target
from userops.stats.proportions import wilson
from userops.text.classifying import Learned, Suggestion
from userops.text.measuring import TRUSTED
from userops.text.rules import KeywordRules


@dataclass(frozen=True, slots=True)
class Suggested:
    """The likeliest category and the next ones. `chance` is None where nobody has measured it."""

    category: int | None = None
    chance: float | None = None
    method: str = Method.NONE
    others: tuple[tuple[int, float], ...] = ()
    sure: bool = False
    """May stand without a person."""


@dataclass(frozen=True, slots=True)
class Suggesting:
    """How this product's tickets are sorted now. `threshold`: the chance from which a model's word may stand."""

    rules: KeywordRules
    learned: Learned | None = None
    threshold: float | None = None
    rules_trusted: bool = False
    auto_apply: bool = False
    active: frozenset[int] = field(default_factory=frozenset)

    def suggest(self, texts: Sequence[str]) -> list[Suggested]:
        if self.learned is None:
            return [self._by_rules(text) for text in texts]
        return [self._by_model(found) for found in self.learned.suggest(texts, top=4)]

    def _by_rules(self, text: str) -> Suggested:
        found = self.rules.suggest(text)
        if not found:
            return Suggested()
        others = tuple((int(each.label), each.chance) for each in found[1:])
        # two categories named by keywords are no certainty, however right keywords are elsewhere
        sure = self.auto_apply and self.rules_trusted and not others
        return Suggested(int(found[0].label), None, Method.RULES, others, sure)

    def _by_model(self, found: Sequence[Suggestion]) -> Suggested:
        kept = [(int(each.label), each.chance) for each in found if int(each.label) in self.active]
        if not kept:
            return Suggested()
        category, chance = kept[0]
        sure = self.auto_apply and self.threshold is not None and chance >= self.threshold
        return Suggested(category, chance, Method.MODEL, tuple(kept[1:3]), sure)


def suggesting_for(product: Product) -> Suggesting:
    rules, auto = rules_of(product), state_of(product).auto_apply
    row = LearnedModel.objects.filter(product=product, target=Target.CATEGORY).defer("data").first()
    if row is None:
        return Suggesting(rules)
    if not better_than_rules(row):
        return Suggesting(rules, rules_trusted=_trusted(row), auto_apply=auto)
    surest = row.measured["auto"]
    active = frozenset(
        Category.objects.filter(product=product, active=True).values_list("pk", flat=True)
    )
    return Suggesting(
        rules,
        learned_of(product, Target.CATEGORY),
        surest["threshold"] if surest else None,
        auto_apply=auto,
        active=active,
    )


def better_than_rules(row: LearnedModel) -> bool:
    """Of the same tickets, which method gets more right; silence of the keywords is not right."""
    return bool(row.measured["right"] >= row.rules.get("right", 0))


def _trusted(row: LearnedModel) -> bool:
    interval = wilson(row.rules.get("right", 0), row.rules.get("said", 0))
    return interval is not None and interval[0] >= TRUSTED
