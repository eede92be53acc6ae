"""Totals: the sums that all figures of an answer follow from, added up block by block."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from userops.analyses.attribution.document import AttributionDocument
from userops.analyses.attribution.journeys import Asked, Journeys, Touches, followed, prepare
from userops.analyses.attribution.models import MODELS
from userops.analyses.timelines import Ints
from userops.query.scope import Scope

FEW_MOVES = 1_000_000
"""So many can be counted in a table of all."""
MAX_LENGTH = 10_000
"""Journeys with more touches count as this long."""


@dataclass(frozen=True)
class Totals:
    """By group and channel (codes; 0 for no touch). `moves`: of the chain, by group (one more than groups:
    journeys without goal that belong to all), from and to: 0 the start, the channels, conversion, null."""

    asked: Asked
    touches: Ints
    users: Ints
    assisted: Ints
    credits: dict[str, Ints]
    values: dict[str, Ints]
    goals: Ints
    worth: Ints
    reached: Ints
    reached_worth: Ints
    lengths: Ints
    persons: list[Ints] = field(default_factory=list)
    lags: list[Ints] = field(default_factory=list)
    moves: list[tuple[Ints, Ints]] = field(default_factory=list)

    @property
    def groups(self) -> int:
        return len(self.asked.groups.values)

    @property
    def channels(self) -> int:
        """One more than the highest code."""
        return self.asked.channels.rest + 1

    @property
    def states(self) -> int:
        return self.channels + 2


def totals(document: AttributionDocument, scope: Scope) -> Totals:
    asked = prepare(document, scope)
    found = _empty(asked)
    direct = is_direct(document, asked)
    for touches, journeys in followed(document, asked):
        _add_touches(found, document, touches)
        for each in journeys:
            _add_journeys(found, document, each, direct)
    return found


def is_direct(document: AttributionDocument, asked: Asked) -> Ints:
    """By code, whether a channel is direct."""
    texts = ["-", *(name.text for name in asked.channels.names), "-"]
    direct = np.array([not text or text in document.direct for text in texts])
    direct[[0, -1]] = False
    return direct


def _empty(asked: Asked) -> Totals:
    groups, channels = len(asked.groups.values), asked.channels.rest + 1

    def both() -> Ints:
        return np.zeros((groups, channels))

    def whole() -> Ints:
        return np.zeros(groups)

    named = [model.name for model in MODELS if model.weights is not None]
    return Totals(
        asked, both(), both(), both(),
        {name: both() for name in named}, {name: both() for name in named},
        whole(), whole(), whole(), whole(), np.zeros((2, MAX_LENGTH + 1)),
    )  # fmt: skip


def _add_touches(found: Totals, document: AttributionDocument, touches: Touches) -> None:
    group, channel = touches.group[touches.in_range], touches.channel[touches.in_range]
    place = group * found.channels + channel
    found.touches[...] += _counted(found, place)
    # a person has one group, so each of their channels is one place
    places = found.groups * found.channels
    pairs = distinct(touches.person[touches.in_range] * places + place)
    found.users[...] += _counted(found, pairs % places)
    _add_lost(found, document, touches)


def _add_lost(found: Totals, document: AttributionDocument, touches: Touches) -> None:
    """Of each person one journey without goal: the touches that led to none."""
    person, channel = touches.person[touches.lost], touches.channel[touches.lost]
    if not len(person):
        return
    everyone = np.full(len(person), found.groups)
    group = everyone if document.by_goal else touches.group[touches.lost]
    new = np.append(True, person[1:] != person[:-1])
    first = np.append(np.flatnonzero(new), len(person))
    _add_moves(found, group[first[:-1]], first, channel, found.channels + 1)


def _add_moves(found: Totals, group: Ints, first: Ints, channel: Ints, end: int) -> None:
    """From the start through the channels of each journey to its end."""
    held = first[:-1] < first[1:]
    owner = np.repeat(np.arange(len(group)), np.diff(first))
    source = np.append(0, channel)[:-1].copy()
    source[first[:-1][held]] = 0
    final = first[1:][held] - 1
    size = found.states
    inner = (group[owner] * size + source) * size + channel
    outer = (group[held] * size + channel[final]) * size + end
    found.moves.append(_counts(np.append(inner, outer), (found.groups + 1) * size * size))


def _counts(numbers: Ints, below: int) -> tuple[Ints, Ints]:
    """The distinct ones in order, and how often each is there."""
    if below > FEW_MOVES:
        return np.unique(numbers, return_counts=True)
    counts = np.bincount(numbers, minlength=below)
    held = np.flatnonzero(counts)
    return held, counts[held]


def _add_journeys(
    found: Totals, document: AttributionDocument, journeys: Journeys, direct: Ints
) -> None:
    length, owner, size = journeys.length, journeys.owner, found.groups
    reached = length > 0
    for counts, worth, part in (
        (found.goals, found.worth, slice(None)),
        (found.reached, found.reached_worth, reached),
    ):
        counts += np.bincount(journeys.group[part], minlength=size)
        worth += np.bincount(journeys.group[part], weights=journeys.value[part], minlength=size)
    capped = np.minimum(length, MAX_LENGTH)
    found.lengths[0] += np.bincount(capped, minlength=MAX_LENGTH + 1)
    found.lengths[1] += np.bincount(capped, weights=journeys.value, minlength=MAX_LENGTH + 1)
    found.persons.append(distinct(journeys.person))
    found.lags.append(journeys.before[journeys.first[:-1][reached]])
    place = journeys.group[owner] * found.channels + journeys.channel
    pairs = distinct(owner * found.channels + journeys.channel)
    assisting = journeys.group[pairs // found.channels] * found.channels + pairs % found.channels
    found.assisted[...] += _counted(found, assisting)
    for model in MODELS:
        if model.weights is not None:
            weight = model.weights(document, journeys, direct)
            found.credits[model.name][...] += _counted(found, place, weight)
            found.values[model.name][...] += _counted(found, place, weight * journeys.value[owner])
    _add_moves(found, journeys.group, journeys.first, journeys.channel, found.channels)


def distinct(numbers: Ints) -> Ints:
    """The different ones, in order. They come nearly so, which this way of sorting makes use of."""
    ordered: Ints = np.sort(numbers, kind="stable")
    new = np.ones(len(ordered), bool)
    new[1:] = ordered[1:] != ordered[:-1]
    return ordered[new]


def _counted(found: Totals, place: Ints, weight: Ints | None = None) -> Ints:
    size = found.groups * found.channels
    counts = np.bincount(place, weights=weight, minlength=size)
    shaped: Ints = counts.reshape(found.groups, found.channels)
    return shaped


def moves_of(found: Totals, chosen: Ints) -> Ints:
    """The moves of some groups as a matrix, journeys without goal that belong to all included."""
    size = found.states
    matrix = np.zeros(size * size, np.int64)
    wanted = np.zeros(found.groups + 1, bool)
    wanted[chosen] = True
    wanted[found.groups] = True
    for keys, counts in found.moves:
        inside = wanted[keys // (size * size)]
        np.add.at(matrix, keys[inside] % (size * size), counts[inside])
    return matrix.reshape(size, size)
