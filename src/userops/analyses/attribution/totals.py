"""Totals: the sums that all figures of an answer follow from, added up block by block."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from userops.analyses.attribution.document import AttributionDocument
from userops.analyses.attribution.journeys import Asked, Journeys, Touches, of_block, prepare
from userops.analyses.attribution.models import MODELS
from userops.analyses.side_by_side import side_by_side
from userops.analyses.timelines import Block, Ints, blocks
from userops.query.scope import Scope
from userops.stats.runs import begins

FEW_MOVES = 1_000_000
"""So many can be counted in a table of all."""
FEW_PAIRS = 50_000_000
"""So many can be told apart by a mark for each that could be."""
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

    def add(self, other: Totals) -> None:
        """Those of further persons."""
        for own, its in zip(self._sums(), other._sums(), strict=True):
            own += its
        for mine, theirs in ((self.persons, other.persons), (self.lags, other.lags)):
            mine += theirs
        self.moves.extend(other.moves)

    def _sums(self) -> list[Ints]:
        plain = [self.touches, self.users, self.assisted, self.goals, self.worth, self.reached]
        owed = [*self.credits.values(), *self.values.values()]
        return [*plain, self.reached_worth, self.lengths, *owed]

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
    direct = is_direct(document, asked)

    def of(block: Block) -> Totals:
        part = _empty(asked)
        touches, journeys = of_block(document, asked, block)
        _add_touches(part, document, touches)
        for each in journeys:
            _add_journeys(part, document, each, direct)
        return part

    found = _empty(asked)
    for part in side_by_side(of, blocks(asked.reading), scope):
        found.add(part)
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
    inside = np.flatnonzero(touches.in_range)
    person, group, channel = touches.person[inside], touches.group[inside], touches.channel[inside]
    found.touches[...] += _counted(found, group * found.channels + channel)
    new = begins(person)
    found.users[...] += _holding(found, group[new], np.cumsum(new) - 1, channel)
    _add_lost(found, document, touches)


def _add_lost(found: Totals, document: AttributionDocument, touches: Touches) -> None:
    """Of each person one journey without goal: the touches that led to none."""
    lost = np.flatnonzero(touches.lost)
    if not len(lost):
        return
    person = touches.person[lost]
    first = np.flatnonzero(begins(person))
    everyone = np.full(len(first), found.groups)
    group = everyone if document.by_goal else touches.group[lost[first]]
    first = np.append(first, len(lost))
    _add_moves(found, group, first, touches.channel[lost], found.channels + 1)


def _add_moves(found: Totals, group: Ints, first: Ints, channel: Ints, end: int) -> None:
    """From the start through the channels of each journey to its end."""
    held = first[:-1] < first[1:]
    source = np.append(0, channel)[:-1].copy()
    source[first[:-1][held]] = 0
    final = first[1:][held] - 1
    size = found.states
    inner = (np.repeat(group * size, np.diff(first)) + source) * size + channel
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
    length, size, reached = journeys.length, found.groups, journeys.reached
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
    found.lags.append(journeys.before[journeys.opening])
    found.assisted[...] += _holding(found, journeys.group, journeys.owner, journeys.channel)
    place = journeys.spread(journeys.group) * found.channels + journeys.channel
    value = journeys.spread(journeys.value) if document.goal.property else None
    for model in MODELS:
        if model.weights is None:
            continue
        owed = model.weights(document, journeys, direct)
        at, share = place[owed.rows], owed.share
        credit = _counted(found, at, share)
        found.credits[model.name][...] += credit
        if value is not None:
            worth = value[owed.rows]
            credit = _counted(found, at, worth if share is None else share * worth)
        found.values[model.name][...] += credit
    _add_moves(found, journeys.group, journeys.first, journeys.channel, found.channels)


def _holding(found: Totals, group: Ints, owner: Ints, channel: Ints) -> Ints:
    """How many owners hold each channel, by the group of the owner. `owner`: numbers into `group`."""
    pairs, possible = owner * found.channels + channel, len(group) * found.channels
    if possible <= FEW_PAIRS:
        held = np.zeros(possible, bool)
        held[pairs] = True
        pairs = np.flatnonzero(held)
    else:
        pairs = distinct(pairs)
    owner = pairs // found.channels
    return _counted(found, (group[owner] - owner) * found.channels + pairs)


def distinct(numbers: Ints) -> Ints:
    """The different ones, in order. They come nearly so, which this way of sorting makes use of."""
    ordered = np.sort(numbers, kind="stable")
    found: Ints = ordered[begins(ordered)]
    return found


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
