"""What persons said last, as facts: `$nps`, `$csat`, `$ces` are properties of users in every question.

Only answers that name a person count: anonymous surveys never become facts.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from userops.events import facts
from userops.events.identity import Forest
from userops.events.models import Fact, Product
from userops.events.store import Store
from userops.experience.surveys.document import parse
from userops.experience.surveys.models import Response
from userops.words import Words

WORDS: dict[str, Words] = {
    "nps": Words("最近一次 NPS 评分", "NPS answer, latest"),
    "csat": Words("最近一次满意度（0–100）", "Satisfaction, latest (0–100)"),
    "ces": Words("最近一次轻松程度（0–100）", "Ease, latest (0–100)"),
}
"""Question kind → the fact `$<kind>`. Satisfaction and ease are (answer − lowest) / (highest − lowest) × 100,
so that scales of different lengths agree."""


def refresh_all(store: Store) -> None:
    """The facts of every product with answers newer than them."""
    for product in Product.objects.filter(surveys__isnull=False).distinct():
        done = Response.objects.filter(survey__product=product, person__isnull=False)
        newest = done.order_by("-completed").values_list("completed", flat=True).first()
        fact = Fact.objects.filter(product=product, name="$nps").first()
        if newest is not None and (fact is None or fact.computed < newest):
            refresh(store, product)


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
    """Kind → person → the last complete answer to a question of that kind."""
    rows = Response.objects.filter(
        survey__product=product, person__isnull=False, state=Response.State.COMPLETED
    ).order_by("completed", "pk")
    documents: dict[int, list[Any]] = {}
    persons = _Persons(product.pk)
    found: dict[str, dict[int, float]] = {kind: {} for kind in WORDS}
    for row in rows.select_related("version").iterator(chunk_size=2_000):
        if row.version_id not in documents:
            asked = parse(row.version.document).questions
            documents[row.version_id] = [each for each in asked if each.kind in WORDS]
        for question in documents[row.version_id]:
            answer = row.answers.get(question.key)
            if answer is not None and row.person is not None:
                found[question.kind][persons.root(row.person)] = _value(question, answer)
    return found


def _value(question: Any, answer: int) -> float:
    if question.kind == "nps":
        return float(answer)
    scale = question.scale
    return round(float((answer - scale.low) / (scale.high - scale.low) * 100), 2)


class _Persons:
    """Who somebody is today: whoever was merged since counts as one."""

    def __init__(self, product: int):
        self._forest = Forest(product)

    def root(self, uid: int) -> int:
        self._forest.load([uid])
        return self._forest.root(uid)
