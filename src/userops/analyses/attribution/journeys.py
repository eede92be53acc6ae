"""Journeys: each goal with the touches before it, over blocks of persons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

import numpy as np
import pyarrow as pa

from userops.analyses.attribution.document import AttributionDocument
from userops.analyses.side_by_side import side_by_side
from userops.analyses.timelines import Block, Ints, Reading, What, blocks
from userops.analyses.vocabulary import (
    MAX_NAMES,
    Source,
    Vocabulary,
    named_sql,
    vocabulary,
    wanted_sql,
)
from userops.query.filters import conditions_sql, number_sql
from userops.query.known import known_sql
from userops.query.scope import Scope
from userops.query.sql import Values, all_of, statement
from userops.query.steps import OTHERS
from userops.stats.runs import begins

SQL = Path(__file__).parent / "sql"
ROWS_AT_ONCE = 4_000_000
"""So many touches of goals are laid out at a time."""


@dataclass(frozen=True, slots=True)
class Groups:
    """The values of the breakdown; a goal holds a number into `values`. Of persons: their number, where it
    is a property of the user. The last value stands for those beyond the most frequent 1,000."""

    values: list[str]
    person: Ints
    number: Ints

    def of(self, person: Ints) -> Ints:
        if not len(self.person):
            return np.zeros(len(person), np.int64)
        at = np.minimum(np.searchsorted(self.person, person), len(self.person) - 1)
        known: Ints = np.where(self.person[at] == person, self.number[at], 0)
        return known


@dataclass(frozen=True, slots=True)
class Asked:
    """What one question looks at: channels, groups, and where events are read from."""

    channels: Vocabulary
    groups: Groups
    reading: Reading


@dataclass(frozen=True, slots=True)
class Touches:
    """Touches in the order of person and time; `lost`: those in the range that lead to no goal of it."""

    person: Ints
    channel: Ints
    group: Ints
    in_range: Ints
    lost: Ints


@dataclass(frozen=True)
class Journeys:
    """Goals, and their touches one after another: those of goal g are `first[g]:first[g + 1]`.
    `before`: ms from a touch to its goal."""

    person: Ints
    group: Ints
    value: Ints
    first: Ints
    channel: Ints
    before: Ints

    def __len__(self) -> int:
        return len(self.person)

    @cached_property
    def length(self) -> Ints:
        """How many touches each goal has."""
        return np.diff(self.first)

    @cached_property
    def owner(self) -> Ints:
        """The goal of each touch."""
        return self.spread(np.arange(len(self)))

    @cached_property
    def reached(self) -> Ints:
        """The goals that have a touch."""
        return np.flatnonzero(self.length)

    @property
    def opening(self) -> Ints:
        """The first touch of each goal that has one."""
        rows: Ints = self.first[self.reached]
        return rows

    @property
    def closing(self) -> Ints:
        """The last touch of each goal that has one."""
        rows: Ints = self.first[self.reached + 1] - 1
        return rows

    def spread(self, figures: Ints) -> Ints:
        """What is known of each goal, for each of its touches."""
        return np.repeat(figures, self.length)


def prepare(document: AttributionDocument, scope: Scope) -> Asked:
    begin, end = document.range.bounds(scope.zone)
    earliest = begin - document.lookback_ms
    channels = vocabulary(scope, document.sources, document.filters, earliest, end)
    groups, codes = _groups(document, scope, begin, end)
    goal = Source("goal", document.goal)

    def what(values: Values) -> What:
        fits = conditions_sql(document.filters, values, scope.person)
        code = channels.code_sql(values, scope.person)
        is_goal = [fits, document.goal.sql(values, scope.person)]
        columns = {}
        if document.goal.property:
            columns["value"] = f"ifNull({number_sql(document.goal.property, 'event', values)}, 0)"
        if codes is not None:
            columns["group"] = codes.code_sql(values, scope.person)
        wanted = wanted_sql((*document.sources, goal), document.filters, values, scope.person)
        return What(code, (all_of([e for e in is_goal if e != "1"]),), wanted, columns)

    reading = Reading(
        scope=scope,
        begin=earliest,
        until=end,
        bits=channels.bits + 1,
        what=what,
        named=lambda values: named_sql((*document.sources, goal), values),
        spare=document.lookback_ms,
    )
    return Asked(channels, groups, reading)


def _groups(
    document: AttributionDocument, scope: Scope, begin: int, end: int
) -> tuple[Groups, Vocabulary | None]:
    """Number 0 is no value of a user, and no goal of an event's property."""
    none = np.zeros(0, np.int64)
    if not document.breakdown:
        return Groups([""], none, none), None
    chosen = document.breakdown[0]
    if document.by_goal:
        source = Source("group", document.goal, chosen.property)
        codes = vocabulary(scope, (source,), document.filters, begin, end)
        return Groups(["", *(name.text for name in codes.names), OTHERS], none, none), codes
    values = scope.values()
    pieces = {"known": known_sql({"value": chosen.property}, values)}
    table = scope.ask(statement(SQL / "profiles.sql", pieces), values)
    person = table.column("person").to_numpy().astype(np.int64)
    texts = table.column("value").cast(pa.string()).to_pylist()
    known = [text for text, _count in Counter(filter(None, texts)).most_common(MAX_NAMES)]
    number = {text: at for at, text in enumerate(["", *known])}
    numbers = np.array([number.get(text, len(known) + 1) for text in texts], np.int64)
    return Groups(["", *known, OTHERS], person, numbers), None


def followed(
    document: AttributionDocument, asked: Asked
) -> Iterator[tuple[Touches, list[Journeys]]]:
    """Per block of persons their touches, and their goals with what led to them, in parts."""
    work = partial(of_block, document, asked)
    yield from side_by_side(work, blocks(asked.reading), asked.reading.scope)


def of_block(
    document: AttributionDocument, asked: Asked, block: Block
) -> tuple[Touches, list[Journeys]]:
    goal = _goal_rows(document, block)
    windows = _windows(document, block, goal)
    journeys = list(_journeys(document, asked, block, goal, windows))
    return _touches(document, asked, block, goal, windows), journeys


def _goal_rows(document: AttributionDocument, block: Block) -> Ints:
    """The events of a block that are goals in the range."""
    return np.flatnonzero((block.flags > 0) & (block.at >= document.lookback_ms))


Windows = tuple[Ints, Ints, Ints]


def _windows(document: AttributionDocument, block: Block, goal: Ints) -> Windows:
    """The events that are touches, and for each goal the stretch of them within its look-back, the goal
    itself included where it is a touch too."""
    touch = np.flatnonzero(block.code > 0)
    moment = block.moment[touch]
    low = np.searchsorted(moment, block.moment[goal] - document.lookback_ms, side="left")
    high = np.searchsorted(moment, block.moment[goal], side="right")
    return touch, low, high


def _touches(
    document: AttributionDocument, asked: Asked, block: Block, goal: Ints, windows: Windows
) -> Touches:
    touch, low, high = windows
    size = len(touch) + 1
    led = np.cumsum(np.bincount(low, minlength=size) - np.bincount(high, minlength=size))[:-1]
    # no event leads to itself
    reached = np.zeros(len(block), bool)
    reached[goal] = True
    led[reached[touch]] -= 1
    in_range = block.at[touch] >= document.lookback_ms
    person = block.person[touch]
    return Touches(
        person, block.code[touch], asked.groups.of(person), in_range, in_range & (led == 0)
    )


def _journeys(
    document: AttributionDocument, asked: Asked, block: Block, goal: Ints, windows: Windows
) -> Iterator[Journeys]:
    touch, low, high = windows
    if document.goals == "first":
        first = begins(block.person[goal])
        goal, low, high = goal[first], low[first], high[first]
    sizes = high - low
    part = np.cumsum(sizes) // ROWS_AT_ONCE
    for number in np.unique(part):
        chosen = np.flatnonzero(part == number)
        yield _laid_out(asked, block, goal[chosen], touch, low[chosen], sizes[chosen])


def _laid_out(
    asked: Asked, block: Block, goal: Ints, touch: Ints, low: Ints, sizes: Ints
) -> Journeys:
    first = np.append(0, np.cumsum(sizes))
    rows = touch[np.repeat(low - first[:-1], sizes) + np.arange(first[-1])]
    itself = np.flatnonzero(block.code[goal])
    if len(itself):
        # a goal that is a touch as well stands in its own stretch
        rows = rows[rows != np.repeat(goal, sizes)]
        sizes = sizes.copy()
        sizes[itself] -= 1
        first = np.append(0, np.cumsum(sizes))
    person = block.person[goal]
    group = block.columns["group"][goal] if "group" in block.columns else asked.groups.of(person)
    value = block.columns["value"][goal] if "value" in block.columns else np.ones(len(goal))
    before = np.repeat(block.at[goal], sizes) - block.at[rows]
    return Journeys(person, group.astype(np.int64), value, first, block.code[rows], before)
