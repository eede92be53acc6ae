"""The same question of both segments: an analysis with a filter for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from userops.analyses.answering import Answer
from userops.analyses.registry import BY_KIND, EVENTS
from userops.audience.segments.models import Segment
from userops.errors import UserOpsError
from userops.events.models import Product
from userops.events.store import Store
from userops.insights.builder import drawing
from userops.insights.builder.choices import Choices
from userops.insights.builder.naming import named_answer
from userops.insights.builder.question import address_of
from userops.insights.builder.shown import readable
from userops.insights.models import SavedAnalysis
from userops.query.personal import Sight
from userops.words import Words
from userops.workspace.models import User

KINDS = frozenset(analysis.kind for analysis in EVENTS)
ROWS = 12
_ANY = {"event": "*"}
QUICK: dict[str, tuple[Any, dict[str, Any]]] = {
    "active": (
        _("Active users by day"),
        {"kind": "trend", "unit": "day", "series": [{"event": "*", "measure": "users"}]},
    ),
    "events": (
        _("Events per user by week"),
        {"kind": "trend", "unit": "week", "series": [{"event": "*", "measure": "per_user"}]},
    ),
    "retention": (
        _("Weekly retention"),
        {"kind": "retention", "unit": "week", "start": _ANY, "return": _ANY, "periods": 6,
         "range": {"last": 7, "unit": "week"}},
    ),
    "lifecycle": (_("Lifecycle by week"), {"kind": "lifecycle", "range": {"last": 8, "unit": "week"}}),
    "sessions": (_("Sessions"), {"kind": "sessions"}),
}  # fmt: skip
"""Questions that need no saved analysis."""


@dataclass(frozen=True, slots=True)
class Side:
    """One segment's answer for the template; `failed` in its place where there is none."""

    name: Words
    id: str
    href: str = ""
    chart: dict[str, Any] | None = None
    definition: Words | None = None
    columns: tuple[Any, ...] = ()
    rows: tuple[tuple[Any, ...], ...] = ()
    cut: bool = False
    failed: UserOpsError | None = None


def questions(product: Product, user: User) -> list[tuple[str, Any]]:
    """Keys and names of what may be asked: the quick ones, then the saved analyses that the reader sees."""
    seen = Q(shared=True) | Q(owner=user)
    saved = SavedAnalysis.objects.filter(seen, product=product, kind__in=KINDS).order_by("name")
    return [(key, words) for key, (words, _document) in QUICK.items()] + [
        (f"saved-{row.pk}", row.name) for row in saved
    ]


def document_of(product: Product, user: User, key: str) -> dict[str, Any] | None:
    """The document of a key of `questions`; None for any other."""
    if key in QUICK:
        return {**QUICK[key][1], "product": product.slug}
    number = key.removeprefix("saved-")
    if not number.isdecimal() or len(number) > 17:
        return None
    seen = Q(shared=True) | Q(owner=user)
    row = SavedAnalysis.objects.filter(seen, product=product, pk=int(number)).first()
    return row.document if row is not None and row.kind in KINDS else None


def condition(segment: Segment) -> dict[str, Any]:
    """Being in a segment, as a filter."""
    return {"property": segment.fact, "of": "user", "op": "set"}


def sides(
    store: Store,
    product: Product,
    question: dict[str, Any],
    first: Segment,
    second: Segment | None,
    names: tuple[Words, Words],
    *,
    language: str,
    asker: str,
    sight: Sight = Sight.FILTERED,
) -> list[Side]:
    """Both answers, each of the whole segment; everyone else is who is not in the first."""
    other = condition(second) if second else {"not": condition(first)}
    choices = Choices(product, language)
    return [
        _side(store, {**question, "filters": [*question.get("filters", []), each]}, name, at, choices, asker, sight)
        for at, (each, name) in enumerate(zip((condition(first), other), names, strict=True))
    ]  # fmt: skip


def _side(
    store: Store,
    document: dict[str, Any],
    name: Words,
    at: int,
    choices: Choices,
    asker: str,
    sight: Sight,
) -> Side:
    analysis = BY_KIND[document["kind"]]
    try:
        parsed = analysis.document.model_validate(document)
        found = named_answer(parsed, choices, store, asker=asker, sight=sight)
    except UserOpsError as wrong:
        return Side(name, f"side-{at}", failed=wrong)
    return _shown(found, name, at, choices, address_of(parsed))


def _shown(found: Answer, name: Words, at: int, choices: Choices, href: str) -> Side:
    table = readable(found, choices)
    shown = tuple(
        tuple(
            (column.shown(cell, choices.language), column.type)
            for column, cell in zip(table.columns, row, strict=True)
        )
        for row in table.rows[:ROWS]
    )
    return Side(
        name,
        f"side-{at}",
        href,
        drawing.option(found, choices.language, choices.product),
        found.definition,
        table.columns,
        shown,
        len(table.rows) > ROWS,
    )
