"""What a segment means, in the words of its product: events, tags and other segments by their names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from userops.audience.segments import actions
from userops.events import facts
from userops.events.models import Product
from userops.insights.builder.choices import Choices
from userops.insights.builder.naming import with_event_names
from userops.query.naming import naming
from userops.segments.describing import describe
from userops.words import Words


def defined(product: Product, document: Mapping[str, Any]) -> Words:
    """The sentence of a definition, in each language with the names of that language. Raises `DocumentError`."""
    with naming(facts.words(product.pk)):
        zh, en = (_described(product, document, language) for language in ("zh-hans", "en"))
    return Words(zh.zh, en.en)


def _described(product: Product, document: Mapping[str, Any], language: str) -> Words:
    labels = Choices(product, language).event_labels
    return describe(actions.read(product, with_event_names(document, labels)))
