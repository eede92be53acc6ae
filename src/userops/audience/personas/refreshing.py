"""Running a persona set: groups are found, matched to the cards that are there, and published as a fact."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from django.db import transaction

from userops.analyses.answering import parse
from userops.analyses.personas.assigning import Assigned, assigned
from userops.analyses.personas.document import Personas
from userops.analyses.personas.running import result_of
from userops.analyses.personas.wording import REASONS
from userops.audience.facts import days
from userops.audience.people import scope_of
from userops.audience.personas.models import Card, PersonaSet, Run, Schedule
from userops.audience.personas.naming import event_labels, language, suggested
from userops.errors import UserOpsError
from userops.events import facts
from userops.events.facts import About
from userops.events.store import Store
from userops.stats.agreement import jaccards, matched
from userops.words import Words

LEAST_LIKENESS = 0.1
"""Persons in both over persons in either: below, a group is not the former one."""
LONGEST = 90
FIGURES = ("users", "grouped", "light", "number", "agreement", "criterion", "features", "value")


def refresh(
    store: Store, found: PersonaSet, asked_by: str = "", until: datetime | None = None
) -> bool:
    """Run it now, or as of the moment `until`. Where no groups are found, the former ones stay and the set says why;
    answers whether there are some."""
    try:
        question, each = _asked(store, found, until)
        result = result_of(question, each)
        if not result["found"]:
            return _failed(found, REASONS[result["reason"]])
    except UserOpsError as wrong:
        return _failed(found, wrong.words)
    begun = datetime.now(UTC)
    before = facts.read(store, found.product, found.fact)
    with transaction.atomic():
        names = _matched(found, result["groups"], each, before)
        moves = _moves(before, each, names) if before else []
        Run.objects.create(
            persona_set=found,
            asked_by=asked_by,
            first=question.range.first,
            last=question.range.last_day,
            figures={name: result[name] for name in FIGURES},
            sizes={
                name: group["users"] for name, group in zip(names, result["groups"], strict=True)
            },
            moves=moves,
        )
        found.refreshed, found.problem = datetime.now(UTC), None
        found.asked = found.asked if until else None  # one as of then is followed by one as of now
        found.save(update_fields=["refreshed", "asked", "problem"])
    values = [names[place] for place in each.group.tolist()]
    facts.write(store, found.product, about(found), each.person, values, since=begun)
    said = dict(zip(each.person.tolist(), values, strict=True))
    days.keep(found.product, found.fact, said, until)
    return True


def about(found: PersonaSet) -> About:
    """Its fact; documents ask for a card by its name, people read it in their language."""
    words = Words(f"画像：{found.name}", f"Persona: {found.name}")
    return About(found.fact, "persona", words, values={c.name: c.words for c in found.cards.all()})


def _failed(found: PersonaSet, words: Words) -> bool:
    found.problem, found.asked, found.refreshed = words.as_dict(), None, datetime.now(UTC)
    found.save(update_fields=["problem", "asked", "refreshed"])
    return False


def _asked(store: Store, found: PersonaSet, until: datetime | None) -> tuple[Personas, Assigned]:
    _analysis, document = parse({**found.document, "product": found.product.slug})
    assert isinstance(document, Personas)
    scope = scope_of(store, found.product)
    if until is not None:
        document = document.model_copy(update={"until": until})
    scope = replace(scope, now=document.as_of(scope.now))
    first = store.first_time(scope.product)
    question = document.resolve(scope, first.astimezone(scope.zone).date() if first else None)
    return question, assigned(question, scope)


def _matched(
    found: PersonaSet, groups: Sequence[dict[str, Any]], each: Assigned, before: Mapping[int, str]
) -> list[str]:
    """The card of each group, by name, the light last: that of the former group with which it shares most
    people, which keeps its name; or a new one."""
    cards = list(found.cards.all())
    former = [card for card in cards if not card.light and not card.gone]
    pairs = matched(_likeness(former, len(groups) - 1, each, before)) if former else {}
    chosen: list[Card | None] = [None] * len(groups)
    for row, column in pairs.items():
        chosen[column] = former[row]
    chosen[-1] = next((card for card in cards if card.light), None)
    gone = [card.pk for card in cards if card not in chosen]
    found.cards.filter(pk__in=gone).update(gone=True)
    taken = {card.name for card in cards}
    names = suggested(groups, event_labels(found.product))
    for place, card in enumerate(chosen):
        if card is None:
            words = _free(names[place], taken)
            card = Card(persona_set=found, light=place == len(groups) - 1)
            card.name, card.name_zh, card.name_en = words.text(language()), words.zh, words.en
            taken.add(card.name)
        elif not card.name_zh or not card.name_en:
            card.name_zh, card.name_en = names[place].zh, names[place].en
            setattr(card, f"name_{language()}", card.name)
        card.group, card.place, card.gone = groups[place], place, False
        card.save()
        chosen[place] = card
    return [card.name for card in chosen if card is not None]


def _likeness(
    former: Sequence[Card], groups: int, each: Assigned, before: Mapping[int, str]
) -> np.ndarray[Any, np.dtype[np.float64]]:
    table = np.zeros((len(former) + 1, groups + 1), np.int64)
    row = {card.name: place for place, card in enumerate(former)}
    for person, group in zip(each.person.tolist(), each.group.tolist(), strict=True):
        table[row.get(before.get(person, ""), len(former)), group] += 1
    likeness = jaccards(table)[:-1, :-1]
    return np.where(likeness >= LEAST_LIKENESS, likeness, 0.0)


def _free(words: Words, taken: set[str]) -> Words:
    zh, en = words.zh[:LONGEST], words.en[:LONGEST]
    number, free = 1, Words(zh, en)
    while free.text(language()) in taken:
        number += 1
        free = Words(f"{zh}（{number}）", f"{en} ({number})")
    return free


def _moves(before: Mapping[int, str], each: Assigned, names: Sequence[str]) -> list[list[Any]]:
    """Persons by persona before and now."""
    now = {
        person: names[group]
        for person, group in zip(each.person.tolist(), each.group.tolist(), strict=True)
    }
    counts = Counter((before.get(p, ""), now.get(p, "")) for p in before.keys() | now.keys())
    return [[was, is_, users] for (was, is_), users in sorted(counts.items())]


def due(found: PersonaSet, now: datetime) -> bool:
    """Whether its schedule asks for a run on this day of the product that was not made yet."""
    if found.refreshed is None or found.asked is not None:
        return found.asked is not None
    zone = ZoneInfo(found.product.timezone)
    today, last = now.astimezone(zone).date(), found.refreshed.astimezone(zone).date()
    if found.schedule == Schedule.WEEKLY:
        return last < today - timedelta(days=today.weekday())
    if found.schedule == Schedule.MONTHLY:
        return last < today.replace(day=1)
    return False


def refresh_due(store: Store) -> None:
    now = datetime.now(UTC)
    for found in PersonaSet.objects.select_related("product"):
        if due(found, now):
            refresh(store, found)
