"""What the pages of personas show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse

from userops.analyses.answering import parse
from userops.analyses.needs.asking import subject_of
from userops.analyses.needs.document import Needs
from userops.analyses.personas.naming import is_more
from userops.analyses.personas.wording import trait_words
from userops.audience.people import described, scope_of
from userops.audience.personas.advising import advice
from userops.audience.personas.models import Card, PersonaSet, Run
from userops.audience.personas.parts import BY_NAME, Document, Seen, needs_of, seen
from userops.events import facts
from userops.events.models import Product
from userops.events.store import Store, current
from userops.insights.builder.choices import Choices
from userops.insights.builder.naming import named_answer
from userops.insights.builder.question import query_of
from userops.insights.builder.shown import shown_answer
from userops.query.document import Document as Question
from userops.words import Words
from userops.workspace.language import reader_language

TRAITS, REPRESENTATIVES = 12, 6
_FIGURES: tuple[tuple[str, Words, str], ...] = (
    ("users", Words("人数", "Users"), "whole"),
    ("share", Words("占比", "Share"), "share"),
    ("active_days", Words("人均活跃天数", "Active days per user"), "average"),
    ("events_per_day", Words("每活跃日事件数", "Events per active day"), "average"),
    ("recency", Words("距上次活跃（天）", "Days since last active"), "average"),
    ("buyers", Words("购买人数", "Buyers"), "whole"),
    ("value_per_user", Words("人均金额", "Value per user"), "money"),
    ("value_share", Words("金额占比", "Share of value"), "share"),
    ("stability", Words("稳定性", "Stability"), "share"),
)


def cards_of(found: PersonaSet) -> list[Card]:
    """Those of the newest run; without the light where everybody could be placed."""
    return [each for each in found.cards.filter(gone=False) if each.users or not each.light]


def document_of(given: Mapping[str, Any]) -> dict[str, Any]:
    """What the short form asks: the length of the range and the least active days."""
    days, least = given.get("days", ""), given.get("min_days", "")
    document: dict[str, Any] = {}
    if str(days).isdigit():
        document["range"] = {"last": int(days)}
    if str(least).isdigit():
        document["min_days"] = int(least)
    return document


def address(found: PersonaSet) -> str:
    """The page of the analysis with the question of a set."""
    _analysis, question = parse({**found.document, "product": found.product.slug})
    path = reverse("insights:personas", kwargs={"product": found.product.slug})
    return f"{path}?{query_of(question)}"


def traits(card: Card, labels: Mapping[str, str]) -> list[dict[str, Any]]:
    """The telling ones with their words; those that the group has less of, too."""
    found = [each for each in card.group.get("traits", []) if each["telling"]][:TRAITS]
    return [
        {
            **each,
            "words": trait_words({**each, "label": _label(each, labels)}),
            "more": is_more(each),
        }
        for each in found
    ]


def _label(trait: Mapping[str, Any], labels: Mapping[str, str]) -> str | None:
    return labels.get(trait["value"]) if trait["feature"] == "events" else None


def compared(
    product: Product, cards: Sequence[Card], labels: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Figures of all cards beside each other, then the shares of what sets any of them apart."""
    rows = [
        {
            "title": words,
            "type": f"money:{product.currency}" if kind == "money" else kind,
            "cells": [(card.group.get(name), False) for card in cards],
        }
        for name, words, kind in _FIGURES
        if any(card.group.get(name) is not None for card in cards)
    ]
    named: dict[tuple[str, str], Words] = {}
    for card in cards:
        above = [t for t in card.group.get("traits", []) if t["telling"] and is_more(t, 1.25)]
        for trait in above[:5]:
            named.setdefault(
                (trait["feature"], trait["value"]),
                trait_words({**trait, "label": _label(trait, labels)}),
            )
    for key, words in named.items():
        cells = []
        for card in cards:
            own = _trait(card, key)
            marked = own is not None and own["telling"] and is_more(own, 1.25)
            cells.append((own["group"] if own else None, marked))
        rows.append({"title": words, "type": "share", "cells": cells})
    return rows


def _trait(card: Card, key: tuple[str, str]) -> dict[str, Any] | None:
    found = (t for t in card.group.get("traits", []) if (t["feature"], t["value"]) == key)
    return next(found, None)


def moves_of(found: PersonaSet, run: Run, language: str) -> list[list[Any]]:
    """The movement with the names of cards as the reader knows them."""
    names = {card.name: card.words.text(language) for card in found.cards.all()}
    return [[names.get(was, was), names.get(now, now), users] for was, now, users in run.moves]


def moved(run: Run) -> dict[str, int] | None:
    """How many kept their persona, changed it, came and went; nothing on a first run."""
    if not run.moves:
        return None
    result = {"stayed": 0, "changed": 0, "came": 0, "went": 0}
    for was, now, users in run.moves:
        what = "came" if not was else "went" if not now else "stayed" if was == now else "changed"
        result[what] += users
    return result


def masked(text: str) -> str:
    """An id that one may recognise and not read: its ends."""
    return f"{text[:2]}…{text[-2:]}" if len(text) > 4 else "…"


def representatives(store: Store, card: Card) -> list[tuple[int, str, int, Any]]:
    """Some people of a card, spread over all of it: uid, masked id, events, last seen."""
    product = card.persona_set.product
    chosen = facts.spread(store, product, card.persona_set.fact, card.name, REPRESENTATIVES)
    found = described(store, product, chosen)
    return [(each.uid, masked(each.id), each.events, each.last) for each in found]


def document_for(store: Store, card: Card, part: str) -> Document | None:
    """The question of a part; None where the product has nothing for it, or there was no run yet."""
    run = card.persona_set.newest()
    if run is None:
        return None
    if part == "needs":
        return needs_of(card, run)
    found = seen(store, card, run)
    if part == "funnel":
        question = Needs.model_validate({**needs_of(card, run)})
        steps = subject_of(question, scope_of(store, card.persona_set.product)).steps
        found = Seen(card, run, found.product, found.meaning, steps)
    return BY_NAME[part].document(found)


def answered(product: Product, question: Question, asker: str) -> dict[str, Any]:
    choices = Choices(product, reader_language())
    found = named_answer(question, choices, current(), asker=asker)
    path = reverse(f"insights:{found.analysis.kind}", kwargs={"product": product.slug})
    return {
        **shown_answer(found, choices, query_of(question), who_allowed=False),
        "href": f"{path}?{query_of(question)}",
    }


def advised(card: Card, needs: Mapping[str, Any]) -> list[Words]:
    return advice(card.group, needs["needs"], light=card.light)
