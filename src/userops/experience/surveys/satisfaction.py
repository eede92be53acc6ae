"""What persons said last, as facts: `$nps`, `$csat`, `$ces` are properties of users in every question.

Only answers that name a person count: anonymous surveys never become facts. `$csat` is the latest word of a person,
be it an answer to a CSAT question (of whatever scale) or the rating of a closed ticket (1–5): both on 0–100, and the
later one counts. Neither is averaged with the other: a fact says what somebody thinks now.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Max, Q

from userops.events import facts
from userops.events.identity import Forest, chunks
from userops.events.models import Fact, Product
from userops.events.store import Store
from userops.experience.surveys.document import parse
from userops.experience.surveys.models import Response
from userops.feedback.telling.models import Rating
from userops.words import Words

WORDS: dict[str, Words] = {
    "nps": Words("最近一次 NPS 评分", "NPS answer, latest"),
    "csat": Words("最近一次满意度（0–100）", "Satisfaction, latest (0–100)"),
    "ces": Words("最近一次轻松程度（0–100）", "Ease, latest (0–100)"),
}
"""Question kind → the fact `$<kind>`. Satisfaction and ease are (answer − lowest) / (highest − lowest) × 100,
so that scales of different lengths agree."""


def refresh_all(store: Store) -> None:
    """The facts of every product with answers or ratings newer than them."""
    asking = Q(surveys__isnull=False) | Q(tickets__ratings__isnull=False)
    for product in Product.objects.filter(asking).distinct():
        newest = _newest(product)
        fact = Fact.objects.filter(product=product, name="$nps").first()
        if newest is not None and (fact is None or fact.computed < newest):
            refresh(store, product)


def _newest(product: Product) -> datetime | None:
    """When somebody last answered, rated, or changed his rating."""
    answers = Response.objects.filter(survey__product=product, person__isnull=False)
    ratings = Rating.objects.filter(ticket__product=product)
    moments = (
        answers.aggregate(last=Max("completed"))["last"],
        *ratings.aggregate(last=Max("at"), changed=Max("changed")).values(),
    )
    return max((each for each in moments if each is not None), default=None)


def refresh(store: Store, product: Product) -> dict[str, int]:
    """Write the three facts anew; answers how many persons each speaks of."""
    since = datetime.now(UTC)
    found = latest(product)
    for kind, words in WORDS.items():
        values = found[kind]
        about = facts.About(f"${kind}", "computed", words, "number")
        facts.write(store, product, about, list(values), list(values.values()), since=since)
    return {kind: len(values) for kind, values in found.items()}


def latest(product: Product) -> dict[str, dict[int, float]]:
    """Kind → person → what was said last, by a complete answer or, of satisfaction, by rating a ticket."""
    words = sorted([*_answered(product), *_rated(product)], key=lambda each: each.at)
    root_of = _roots(product, {each.uid for each in words})
    found: dict[str, dict[int, float]] = {kind: {} for kind in WORDS}
    for each in words:
        found[each.kind][root_of[each.uid]] = each.value
    return found


@dataclass(frozen=True, slots=True)
class _Word:
    at: datetime
    uid: int
    kind: str
    value: float


def _answered(product: Product) -> Iterator[_Word]:
    rows = Response.objects.filter(
        survey__product=product, person__isnull=False, state=Response.State.COMPLETED
    ).order_by("completed", "pk")
    documents: dict[int, list[Any]] = {}
    for row in rows.select_related("version").iterator(chunk_size=2_000):
        if row.version_id not in documents:
            asked = parse(row.version.document).questions
            documents[row.version_id] = [each for each in asked if each.kind in WORDS]
        for question in documents[row.version_id]:
            answer = row.answers.get(question.key)
            if answer is not None and row.person is not None and row.completed is not None:
                value = _value(question, answer)
                yield _Word(row.completed, row.person, question.kind, value)


def _rated(product: Product) -> Iterator[_Word]:
    """Ratings of tickets whose user is known."""
    rows = Rating.objects.filter(ticket__product=product, ticket__person__isnull=False)
    fields = ("at", "changed", "ticket__person", "score")
    for at, changed, uid, score in rows.order_by("at", "pk").values_list(*fields):
        yield _Word(changed or at, uid, "csat", _to_hundred(score, 1, 5))


def _value(question: Any, answer: int) -> float:
    if question.kind == "nps":
        return float(answer)
    return _to_hundred(answer, question.scale.low, question.scale.high)


def _to_hundred(answer: int, low: int, high: int) -> float:
    return round((answer - low) / (high - low) * 100, 2)


def _roots(product: Product, uids: set[int]) -> dict[int, int]:
    """Who somebody is today: whoever was merged since counts as one."""
    found: dict[int, int] = {}
    for chunk in chunks(sorted(uids)):
        forest = Forest(product.pk)
        forest.load(chunk)
        found |= {uid: forest.root(uid) for uid in chunk}
    return found
