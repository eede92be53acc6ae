"""What cards are called before a person names them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from userops.analyses.personas.naming import LIGHT, by_key, names_of
from userops.config import current
from userops.events.models import EventDefinition, Product
from userops.words import Words


def language() -> str:
    """Of the workspace: in which documents name a persona."""
    return "zh" if current().language.startswith("zh") else "en"


def event_labels(product: Product) -> dict[str, Words]:
    """The display names of each event that has any."""
    rows = EventDefinition.objects.filter(product=product)
    found = rows.values_list("name", "label_zh", "label_en")
    return {name: Words(zh or name, en or name) for name, zh, en in found if zh or en}


def suggested(groups: Sequence[dict[str, Any]], labels: Mapping[str, Words]) -> list[Words]:
    """A name for each group in both languages, the light last."""
    return [*names_of(groups[:-1], (), lambda event: labels.get(event) or by_key(event)), LIGHT]
