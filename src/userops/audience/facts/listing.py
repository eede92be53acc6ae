"""The facts of a product for programs."""

from __future__ import annotations

from typing import Any

from userops.audience.facts.definitions import FACTS, sentence_of
from userops.audience.facts.refreshing import state_of
from userops.events.models import Product


def listing(product: Product) -> dict[str, Any]:
    """JSON-ready: as-of day, people, and of each fact its definition, coverage and spread."""
    state = state_of(product)
    found = []
    for fact in FACTS:
        summary = dict(state.summaries.get(fact.name, {}))
        people, sentence = summary.pop("people", 0), sentence_of(fact, state.lifecycle_days)
        found.append(
            {
                "name": fact.name,
                "label_zh": fact.words.zh,
                "label_en": fact.words.en,
                "definition_zh": sentence.zh,
                "definition_en": sentence.en,
                "type": fact.type,
                "people": people,
                "coverage": people / state.people if state.people else None,
                "summary": summary,
            }
        )
    return {
        "as_of": state.as_of,
        "refreshed": state.refreshed,
        "people": state.people,
        "facts": found,
    }
