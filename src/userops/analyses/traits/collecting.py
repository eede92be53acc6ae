"""Every trait of the two sides that the store knows: behaviour, activity, properties."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from userops.analyses.keeping import Kept
from userops.analyses.kinds import kinds_sql
from userops.analyses.traits.favourites import Block, Property, block_sql, blocks_of, favourites
from userops.analyses.traits.ranking import Kind, Median, Numbers, Share, Trait
from userops.analyses.traits.sides import SQL, Sides, is_in
from userops.events.fields import FIELDS
from userops.query.filters import Of, number_sql, text_sql
from userops.query.sql import Values, statement
from userops.stats.comparisons import Sample

MOST_NAMES = 200
MOST_VALUES = 1_000
"""A property with more values is an identifier."""
KEPT_VALUES = 50
AT_ONCE = 16
"""Properties read in one statement."""
NUMERIC = 0.95
"""A property of which so many values are numbers, and more than a few different ones, is a number."""
FEW = 20

Row = Mapping[str, Any]
_PER_PERSON = frozenset({"session"})


def collected(sides: Sides, named: frozenset[str]) -> Iterator[Trait]:
    """`named`: events and properties that the question itself names.

    What only an event of the question carries, such as the currency of a payment, tells nothing of its
    people: such properties are read off the other events.
    """
    blocks = blocks_of(sides)
    yield from _behaviours(sides, named, blocks)
    yield from _activity(sides)
    yield from _of_properties(sides, "event", named, blocks)
    yield from _of_properties(sides, "user", named, blocks)


def _behaviours(sides: Sides, named: frozenset[str], blocks: Sequence[Block]) -> Iterator[Trait]:
    """Whether a person did an event in the range, and how often, those who did not as 0."""
    by_event: dict[str, dict[bool, Row]] = {}
    for block in blocks:
        values = sides.scope.values()
        pieces = {**sides.pieces(values), "block": block_sql(sides, block, values)}
        for row in sides.rows("behaviours", values, pieces):
            found = by_event.setdefault(row["event"], {})
            found[bool(row["inside"])] = _added(found.get(bool(row["inside"])), row)
    for event, found in by_event.items():
        mine, theirs = found.get(True), found.get(False)
        yield Trait("event", event, None, _counts(sides, mine, theirs), event in named)
        figures = Numbers(_times(mine, sides.group.size), _times(theirs, sides.rest))
        yield Trait("times", event, None, figures, event in named)


def _added(before: Row | None, row: Row) -> Row:
    """Blocks hold different persons: what is counted of them adds up."""
    if before is None:
        return row
    return {name: before[name] + row[name] for name in ("persons", "total", "squares")}


def _counts(sides: Sides, mine: Row | None, theirs: Row | None) -> Share:
    return Share(
        mine["persons"] if mine else 0,
        sides.group.size,
        theirs["persons"] if theirs else 0,
        sides.rest,
    )


def _times(row: Row | None, persons: int) -> Sample:
    """Of all persons of a side: sums over those who did it are sums over all."""
    total, squares = (row["total"], row["squares"]) if row else (0, 0.0)
    mean = total / persons if persons else 0.0
    spread = (squares - persons * mean * mean) / (persons - 1) if persons > 1 else 0.0
    return Sample(persons, mean, max(0.0, spread))


def figures_sql(columns: Mapping[str, str]) -> str:
    """Sample figures, and the median with the order statistics that hold it with 95%."""
    parts = []
    for name, column in columns.items():
        ordered = f"arraySort(groupArray({column}))"
        parts += [
            f"count({column}) as {name}_count",
            f"avg({column}) as {name}_mean",
            f"varSampStable({column}) as {name}_variance",
            f"{ordered} as {name}_ordered",
            f"quantileExactInclusive(0.5)({column}) as {name}_median",
            f"greatest(1, toInt64((count({column}) + 1) / 2 - 0.98 * sqrt(count({column})))) as {name}_rank",
            f"{name}_ordered[{name}_rank] as {name}_low",
            f"{name}_ordered[count({column}) + 1 - {name}_rank] as {name}_high",
        ]
    return ", ".join(parts)


def numbers_of(rows: list[dict[str, Any]], name: str) -> Numbers | None:
    by_side = {bool(row["inside"]): row for row in rows}
    if len(by_side) < 2:
        return None
    samples, medians = [], []
    for inside in (True, False):
        row = by_side[inside]
        variance = row[f"{name}_variance"]
        known = variance is not None and variance == variance
        samples.append(
            Sample(row[f"{name}_count"], row[f"{name}_mean"], variance if known else 0.0)
        )
        medians.append(Median(row[f"{name}_median"], row[f"{name}_low"], row[f"{name}_high"]))
    return Numbers(samples[0], samples[1], medians[0], medians[1])


ACTIVITY = ("active_days", "events", "age_days")


def _activity(sides: Sides) -> Iterator[Trait]:
    values = sides.scope.values()
    day = f"toDate({values.text(str(sides.document.range.last_day))})"
    pieces = {
        **sides.pieces(values),
        "last_day": day,
        "figures": figures_sql({name: name for name in ACTIVITY}),
    }
    rows = sides.rows("activity", values, pieces)
    for name in ACTIVITY:
        figures = numbers_of(rows, name)
        if figures is not None:
            yield Trait("activity", name, None, figures)


def _of_properties(
    sides: Sides, of: Of, named: frozenset[str], blocks: Sequence[Block]
) -> Iterator[Trait]:
    kind: Kind = "event_property" if of == "event" else "user_property"
    prefix = "event" if of == "event" else "profile"
    kinds = _kept_kinds(sides, of, prefix)
    event = of == "event"
    carried = _favourites(sides, kinds, named, blocks) if event else _of_profiles(sides, kinds)
    for name, shares in carried:
        for value, share in shares.items():
            yield Trait(kind, name, value, share, name in named)
    for name in kinds.numbers:
        values = sides.scope.values()
        pieces = _pieces(sides, of, values)
        if of == "event":
            pieces["anyone"] = f"{pieces['anyone']} and {elsewhere_sql(name, values, named)}"
        pieces |= {
            "number": number_sql(name, of, values),
            "figures": figures_sql({"value": "value"}),
        }
        figures = numbers_of(sides.rows(f"{prefix}_numbers", values, pieces), "value")
        if figures is not None:
            yield Trait(kind, name, None, figures, name in named)


_CONTEXT = frozenset(f.name for f in FIELDS if f.type == "text") - {"currency"}
"""Properties that every event of a device carries, whatever it is about."""


def _favourites(
    sides: Sides, kinds: Kinds, named: frozenset[str], blocks: Sequence[Block]
) -> Iterator[tuple[str, dict[str, Share]]]:
    """Of each event property, the values that persons carry most often."""
    properties = [
        Property(name, texts, elsewhere(name, named)) for name, texts in kinds.texts.items()
    ]
    for each, carried in favourites(sides, properties, blocks):
        pairs = zip(carried.group, carried.rest, strict=True)
        found = dict(zip(each.texts, pairs, strict=True))
        yield each.name, leading(sides, found)


def _of_profiles(sides: Sides, kinds: Kinds) -> Iterator[tuple[str, dict[str, Share]]]:
    names = list(kinds.texts)
    for begin in range(0, len(names), AT_ONCE):
        some = names[begin : begin + AT_ONCE]
        values = sides.scope.values()
        cells = [
            f"(toUInt16({place}), toString({text_sql(name, 'user', values)}))"
            for place, name in enumerate(some)
        ]
        pieces = {**_pieces(sides, "user", values), "cells": f"[{', '.join(cells)}]"}
        for place, shares in by_place(sides, sides.rows("profile_values", values, pieces)).items():
            yield some[place], shares


def _pieces(sides: Sides, of: Of, values: Values) -> dict[str, str]:
    pieces = sides.pieces(values)
    if of == "user":
        pieces["anyone"] = is_in(sides.both, "person", values)
    return pieces


def elsewhere(name: str, named: frozenset[str]) -> list[str]:
    """The events that an event property is not read off."""
    return [] if name in _CONTEXT else sorted(named)


def elsewhere_sql(name: str, values: Values, named: frozenset[str]) -> str:
    """The condition on events that an event property is read off."""
    events = elsewhere(name, named)
    return f"event not in {values.texts(events)}" if events else "1"


def by_place(sides: Sides, rows: list[dict[str, Any]]) -> dict[int, dict[str, Share]]:
    """From rows of `place`, `value`, `inside` and `persons`, the shares of each place."""
    found: dict[int, dict[str, tuple[int, int]]] = {}
    for row in rows:
        of_place = found.setdefault(row["place"], {})
        mine, theirs = of_place.get(row["value"], (0, 0))
        persons = row["persons"]
        of_place[row["value"]] = (
            (mine + persons, theirs) if row["inside"] else (mine, theirs + persons)
        )
    return {place: leading(sides, pairs) for place, pairs in found.items()}


def leading(sides: Sides, found: Mapping[str, tuple[int, int]]) -> dict[str, Share]:
    """Of values with the persons of both sides who have each, the most frequent ones."""
    held = [value for value, persons in found.items() if sum(persons)]
    kept = sorted(held, key=lambda value: (-sum(found[value]), value))[:KEPT_VALUES]
    return {
        value: Share(found[value][0], sides.group.size, found[value][1], sides.rest)
        for value in kept
    }


@dataclass(frozen=True, slots=True)
class Kinds:
    """Properties that are kinds, with their values in order (left out for profiles), and those that are numbers."""

    texts: Mapping[str, Sequence[str]]
    numbers: Sequence[str]


def _kept_kinds(sides: Sides, of: Of, prefix: str) -> Kinds:
    """They are the same whoever is compared, and finding them reads all properties of the range."""
    scope, begin, after = sides.scope, *sides.document.range.bounds(sides.scope.zone)
    if not scope.version:
        return _kinds(sides, of, prefix)
    name = f"{of} {begin} {after} {scope.before}"
    return _KINDS.get(name, scope, lambda: _kinds(sides, of, prefix))


_KINDS = Kept[Kinds](32)


def _kinds(sides: Sides, of: Of, prefix: str) -> Kinds:
    values = sides.scope.values()
    pieces = sides.pieces(values)
    paths = "paths" if of == "event" else "profile_paths"
    names = sorted(sides.rows(paths, values, pieces)[0]["paths"])[:MOST_NAMES]
    if of == "event":
        names += [field.name for field in FIELDS if field.name not in _PER_PERSON]
    personal = sides.scope.personal()  # values of these are not for a ranking that anybody may read
    names = [name for name in names if (of, name) not in personal]
    if not names:
        return Kinds({}, [])
    values = sides.scope.values()
    counts = kinds_sql(names, of, values)
    inner = statement(SQL / f"{prefix}_rows.sql", sides.pieces(values))
    row = sides.rows("kinds", values, {"counts": ", ".join(counts), "rows": inner})[0]
    numbers = [at for at in range(len(names)) if _is_number(row, at)]
    categories = [
        names[at]
        for at in range(len(names))
        if at not in numbers and 1 < row[f"values_{at}"] <= MOST_VALUES
    ]
    texts = _texts(sides, categories) if of == "event" else dict.fromkeys(categories, ())
    return Kinds(texts, [names[at] for at in numbers])


def _texts(sides: Sides, names: Sequence[str]) -> dict[str, Sequence[str]]:
    """The values of event properties that are few."""
    if not names:
        return {}
    values = sides.scope.values()
    columns = [
        f"groupUniqArray(toString({text_sql(name, 'event', values)})) as t{at}"
        for at, name in enumerate(names)
    ]
    rows = statement(SQL / "event_rows.sql", sides.pieces(values))
    found = sides.rows("texts", values, {"columns": ", ".join(columns), "rows": rows})[0]
    return {name: sorted(set(found[f"t{at}"]) - {""}) for at, name in enumerate(names)}


def _is_number(row: Row, at: int) -> bool:
    given = row[f"given_{at}"]
    return bool(given) and row[f"numbers_{at}"] >= NUMERIC * given and row[f"values_{at}"] > FEW
