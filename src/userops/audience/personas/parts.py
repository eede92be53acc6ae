"""What a card asks of its people: questions of the analyses, filtered by the persona."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from userops.analyses.meaning import Meaning, meaning
from userops.audience.people import scope_of
from userops.audience.personas.models import Card, Run
from userops.events.store import Store
from userops.words import Words

Document = dict[str, Any]
TEXTS = 8
"""Feedback texts shown of a persona."""


@dataclass(frozen=True, slots=True)
class Part:
    """One section of a card. `document` is None where the product has nothing for it."""

    name: str
    words: Words
    document: Callable[[Seen], Document | None]


@dataclass(frozen=True)
class Seen:
    """A card, the range of its run, and what the product's events mean."""

    card: Card
    run: Run
    product: str
    meaning: Meaning
    steps: tuple[str, ...] = ()

    def document(self, kind: str, **more: Any) -> Document:
        range_ = {"from": self.run.first.isoformat(), "to": self.run.last.isoformat()}
        filters = [self.card.filter]
        return {"kind": kind, "product": self.product, "range": range_, "filters": filters, **more}

    @property
    def likeliest(self) -> str:
        """The event of most people: where ways begin."""
        return self.meaning.events[0].name if self.meaning.events else "*"


def seen(store: Store, card: Card, run: Run) -> Seen:
    product = card.persona_set.product
    scope = scope_of(store, product)
    from userops.query.dates import absolute

    bounds = absolute(run.first, run.last).bounds(scope.zone)
    return Seen(card, run, product.slug, meaning(scope, bounds, ()))


def needs_of(card: Card, run: Run) -> Document:
    return {
        "kind": "needs",
        "product": card.persona_set.product.slug,
        "range": {"from": run.first.isoformat(), "to": run.last.isoformat()},
        "group": [card.filter],
        "limit": 5,
    }


def _retention(found: Seen) -> Document:
    return found.document(
        "retention", unit="week", periods=6, start={"event": "*"}, **{"return": {"event": "*"}}
    )


def _paths(found: Seen) -> Document:
    return found.document("paths", start={"event": found.likeliest}, max_steps=4, top=5)


def _funnel(found: Seen) -> Document | None:
    if not found.steps:
        return None
    return found.document("funnel", steps=[{"event": step} for step in found.steps])


def _profile(found: Seen) -> Document:
    question = found.document("trend", series=[{"event": "*", "measure": "users"}])
    range_ = question.pop("range")
    return {
        "kind": "traits",
        "product": question.pop("product"),
        "range": range_,
        "question": question,
        "selection": {"series": 0},
    }


def _satisfaction(found: Seen) -> Document | None:
    score = found.meaning.score()
    if score is None:
        return None
    event, name = score
    return found.document(
        "trend", unit="week", series=[{"event": event, "measure": "avg", "property": name}]
    )


def _feedback(found: Seen) -> Document | None:
    text = found.meaning.feedback()
    if text is None:
        return None
    event, name = text
    return found.document(
        "trend", unit="month", limit=TEXTS, breakdown=[name],
        series=[{"event": event, "measure": "users"}],
    )  # fmt: skip


PARTS: tuple[Part, ...] = (
    Part("funnel", Words("主要流程", "Main funnel"), _funnel),
    Part("retention", Words("留存", "Retention"), _retention),
    Part("paths", Words("主要路径", "Key paths"), _paths),
    Part("profile", Words("与其他人的差别", "How they differ from others"), _profile),
    Part("satisfaction", Words("满意度", "Satisfaction"), _satisfaction),
    Part("feedback", Words("反馈", "Feedback"), _feedback),
)
BY_NAME: Mapping[str, Part] = {part.name: part for part in PARTS}
