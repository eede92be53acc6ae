"""Breakdown: the value that each counted attempt stands under."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from userops.analyses.funnel.choosing import Chosen
from userops.analyses.funnel.document import FunnelDocument
from userops.analyses.funnel.finding import Found
from userops.analyses.funnel.rows import Ints
from userops.analyses.funnel.timeline import Timeline
from userops.analyses.profile_texts import Profiles, Texts, profiles
from userops.query.scope import Scope
from userops.query.steps import OTHERS

UNREACHED = "$unreached"
"""The value of those who did not get to the step at which an event property is taken."""

Key = tuple[str, ...]


Coded = tuple[Ints, list[str]]
"""A number for each entry, and the texts that the numbers stand for."""


def keys(document: FunnelDocument, scope: Scope, found: Found, chosen: Chosen) -> list[Key]:
    """The values of each entry, one per property of the breakdown."""
    numbers, names = numbered(document, profiles(document.breakdown, scope), found, chosen)
    return [names[number] for number in numbers.tolist()]


def numbered(
    document: FunnelDocument, known: Profiles, found: Found, chosen: Chosen
) -> tuple[Ints, list[Key]]:
    """A number for the values of each entry, and the values that the numbers stand for."""
    coded = [
        known.of(found.person(chosen), place)
        if place in known.columns
        else _at_step(document, found.line, chosen, found.line.rows.breakdowns[place])
        for place in range(len(document.breakdown))
    ]
    if not coded:
        return np.zeros(len(chosen), np.int64), [()]
    numbers = coded[0][0]
    names: list[Key] = [(text,) for text in coded[0][1]]
    for codes, texts in coded[1:]:
        held, numbers = np.unique(numbers * len(texts) + codes, return_inverse=True)
        names = [(*names[at // len(texts)], texts[at % len(texts)]) for at in held.tolist()]
    return numbers, names


def _at_step(document: FunnelDocument, line: Timeline, chosen: Chosen, column: Texts) -> Coded:
    """The value on the event of the step; of simultaneous ones the last in the order of text."""
    texts = [UNREACHED, *column.values]
    if not len(chosen):
        return np.zeros(0, np.int64), texts
    place = document.breakdown_at
    if place == "last":
        step = len(chosen.done) - 1 - np.argmax(chosen.done[::-1] >= 0, axis=0)
    else:
        step = np.full(len(chosen), 0 if place == "first" else place - 1)
    group = chosen.done[step, np.arange(len(chosen))]
    held = np.flatnonzero(group >= 0)
    sizes = line.size[group[held]]
    owner = np.repeat(held, sizes)
    offset = np.arange(len(owner)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    row = line.first[group[owner]] + offset
    any_step = document.order == "any_order"
    wanted = line.rows.steps[row] if any_step else line.rows.steps[row] >> step[owner] & 1
    owner, row = owner[wanted > 0], row[wanted > 0]
    code = np.zeros(len(chosen), np.int64)
    np.maximum.at(code, owner, column.codes[row] + 1)
    return code, texts


def top(found_keys: list[Key], limit: int) -> tuple[list[Key], bool]:
    """The most frequent keys (then by text), and whether there are others."""
    ranked = sorted(Counter(found_keys).items(), key=lambda each: (-each[1], each[0]))
    return [key for key, _ in ranked[:limit]], len(ranked) > limit


def others(document: FunnelDocument) -> Key:
    return (OTHERS,) * len(document.breakdown)


def named(document: FunnelDocument, key: Key) -> dict[str, str]:
    """A key as in JSON: property → value."""
    return {each.property: value for each, value in zip(document.breakdown, key, strict=True)}


def groups(document: FunnelDocument, found_keys: list[Key]) -> list[tuple[Key, Ints]]:
    """Each shown key with the positions of its entries, the others last."""
    shown, more = top(found_keys, document.breakdown_limit)
    number = {key: at for at, key in enumerate(shown)}
    place = np.array([number.get(key, len(shown)) for key in found_keys], np.int64)
    result: list[tuple[Key, Ints]] = [
        (key, np.flatnonzero(place == at)) for at, key in enumerate(shown)
    ]
    if more:
        result.append((others(document), np.flatnonzero(place == len(shown))))
    return result


def chosen_key(document: FunnelDocument, wanted: Any) -> Key:
    """The key that a selection names."""
    return tuple(str(wanted.get(each.property, "")) for each in document.breakdown)
