"""What a segment means, in the words of its product: events, tags and other segments by their names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
    (words,) = all_defined(product, [document])
    return words


def all_defined(product: Product, documents: Iterable[Mapping[str, Any]]) -> list[Words]:
    """Those of several; names are looked up once."""
    with naming(facts.words(product.pk)):
        zh, en = (Choices(product, language).event_labels for language in ("zh-hans", "en"))
        return [
            Words(_described(product, each, zh).zh, _described(product, each, en).en)
            for each in documents
        ]


def _described(product: Product, document: Mapping[str, Any], labels: dict[str, str]) -> Words:
    return describe(actions.read(product, with_event_names(document, labels)))
