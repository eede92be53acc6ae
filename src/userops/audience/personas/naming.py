"""What cards are called before a person names them, in the language of the workspace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from userops.analyses.personas.naming import LIGHT, names_of
from userops.config import current
from userops.events.models import EventDefinition, Product


def language() -> str:
    return "zh" if current().language.startswith("zh") else "en"


def event_labels(product: Product) -> dict[str, str]:
    """The display name of each event that has one."""
    field = f"label_{language()}"
    rows = EventDefinition.objects.filter(product=product).values_list("name", field)
    return {name: label for name, label in rows if label}


def suggested(groups: Sequence[dict[str, Any]], labels: Mapping[str, str]) -> list[str]:
    """A name for each group, the light last."""
    names = names_of(groups[:-1], (), lambda event: labels.get(event, event))
    return [*(name.text(language()) for name in names), light_name()]


def light_name() -> str:
    return LIGHT.text(language())
