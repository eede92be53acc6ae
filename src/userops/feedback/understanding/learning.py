"""From members' decisions to a model, with its accuracy stated; and that model, kept at hand."""

from __future__ import annotations

from datetime import UTC, datetime

from userops.events.models import Product
from userops.feedback.sorting.models import Category
from userops.feedback.understanding.models import LearnedModel, Lesson, Target, UnderstandingState
from userops.feedback.understanding.words_of import masked_words
from userops.text.classifying import Learned, Progress, learn
from userops.text.duplicates import different
from userops.text.problems import TooFewLabels
from userops.text.rules import KeywordRules, measure_rules
from userops.text.storing import learned_from_bytes, learned_to_bytes

EVERY = 25
"""After so many new lessons the desk learns again; in the night in any case."""
MOST = 20_000
"""The newest lessons that are learned from."""
_held: dict[tuple[int, str], tuple[datetime, Learned]] = {}


def state_of(product: Product) -> UnderstandingState:
    return UnderstandingState.objects.get_or_create(product=product)[0]


def rules_of(product: Product) -> KeywordRules:
    """The keywords of the active categories."""
    rows = Category.objects.filter(product=product, active=True).exclude(keywords=[])
    return KeywordRules({str(row.pk): [str(word) for word in row.keywords] for row in rows})


def learn_target(
    product: Product, target: str, *, progress: Progress | None = None
) -> LearnedModel | None:
    """Learn and measure anew. None, with the reason in the product's state, where there are too few lessons.

    Of lessons whose texts say the same only the newest counts: otherwise what is learned from and what it is measured
    on would hold the same words.
    """
    rows = Lesson.objects.filter(ticket__product=product, target=target).exclude(label="")
    lessons = list(rows.select_related("ticket").order_by("-at", "-pk")[:MOST])
    words = [masked_words(each.ticket) for each in lessons]
    kept = different(words)
    texts, labels = [words[at] for at in kept], [lessons[at].label for at in kept]
    state = state_of(product)
    try:
        learned = learn(texts, labels, progress=progress)
    except TooFewLabels as few:
        if target == Target.CATEGORY:
            state.problem = few.words.as_dict()
            state.save(update_fields=["problem"])
        return None
    keywords = rules_of(product)
    measured = target == Target.CATEGORY and keywords.keywords
    rules = measure_rules(keywords, texts, labels) if measured else None
    row, _made = LearnedModel.objects.update_or_create(
        product=product,
        target=target,
        defaults={
            "at": datetime.now(UTC),
            "lessons": len(lessons),
            "measured": learned.measured.as_dict(),
            "rules": {"texts": rules.texts, "said": rules.said, "right": rules.right}
            if rules
            else {},
            "data": learned_to_bytes(learned),
        },
    )
    if target == Target.CATEGORY and state.problem:
        state.problem = None
        state.save(update_fields=["problem"])
    return row


def learned_of(product: Product, target: str) -> Learned | None:
    """The newest model of this target, read from the database once."""
    row = LearnedModel.objects.filter(product=product, target=target).values("pk", "at").first()
    if row is None:
        return None
    held = _held.get((product.pk, target))
    if held is None or held[0] != row["at"]:
        data = LearnedModel.objects.values_list("data", flat=True).get(pk=row["pk"])
        held = (row["at"], learned_from_bytes(bytes(data)))
        _held[product.pk, target] = held
    return held[1]


def lessons_since(product: Product, target: str) -> int:
    """Lessons that the newest model has not seen."""
    rows = Lesson.objects.filter(ticket__product=product, target=target)
    newest = LearnedModel.objects.filter(product=product, target=target).first()
    return rows.filter(at__gt=newest.at).count() if newest else rows.count()
