"""Segments as tags use them: the people of a rule, and the saved ones to choose from.

A saved segment is a fact of its own, so a rule asks for it as for any property of users.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from userops.audience.people import scope_of
from userops.audience.segments.others import SegmentsOf
from userops.errors import NotFound
from userops.events import facts
from userops.events.models import Fact, Product
from userops.events.store import Store
from userops.query.naming import naming
from userops.segments.describing import describe
from userops.segments.document import Segment, parse
from userops.segments.evaluating import evaluate
from userops.words import Words


def document_of(product: Product, rule: Mapping[str, Any]) -> Segment:
    """The segment of a rule. Raises `DocumentError`."""
    return parse({**rule, "product": product.slug})


def members(store: Store, product: Product, rule: Mapping[str, Any]) -> Iterable[int]:
    """The persons that a rule selects. Raises `DocumentError`."""
    return evaluate(document_of(product, rule), scope_of(store, product), SegmentsOf(product))


def described(store: Store, product: Product, rule: Mapping[str, Any]) -> Words:
    """A rule in a sentence."""
    with naming(store.fact_words(product.pk)):
        return describe(document_of(product, rule))


def segment_choices(product: Product) -> list[tuple[str, Words]]:
    """Keys and names of the saved segments."""
    rows = Fact.objects.filter(product=product, kind="segment").order_by("label_zh")
    return [(fact.name, Words(fact.label_zh, fact.label_en)) for fact in rows]


def segment_rule(key: str) -> dict[str, Any]:
    """The rule that is a saved segment."""
    return {"where": {"who": "user", "property": key, "op": "set"}}


def segment_key(rule: Mapping[str, Any]) -> str:
    """The key of the saved segment that a rule is; empty for any other."""
    where = rule.get("where", {})
    key = str(where.get("property", "")) if where.get("who") == "user" else ""
    return key if segment_rule(key)["where"].items() <= where.items() else ""


def members_of_key(store: Store, product: Product, key: str) -> Iterable[int]:
    """The persons of a saved segment, as it was last refreshed. Raises `NotFound`."""
    if key not in dict(segment_choices(product)):
        raise NotFound(
            Words("没有这个分群。", "There is no such segment."), code="segment_not_found"
        )
    return facts.read(store, product, key)
