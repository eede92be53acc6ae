"""The value of a property that each person carries most often.

Values are few, so several properties of an event fit into one number. The engine counts these numbers by person; which
of them is the most frequent is found outside of it, in blocks of persons, so that memory is bounded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from userops.analyses.timelines import Ints
from userops.analyses.traits.sides import SQL, Sides
from userops.events.fields import BY_NAME
from userops.query.filters import text_sql
from userops.query.sql import Values, coded_sql, statement
from userops.stats.runs import begins

ROWS_AT_ONCE = 16_000_000
"""About so many events are counted by one statement."""
Block = tuple[int, int]
"""The persons whose number leaves the first when divided by the second."""
_BITS = 63


@dataclass(frozen=True, slots=True)
class Property:
    """`texts`: its values in order, without ''. Events called one of `elsewhere` are left out."""

    name: str
    texts: Sequence[str]
    elsewhere: Sequence[str] = ()

    @property
    def bits(self) -> int:
        return len(self.texts).bit_length()

    def code_sql(self, values: Values) -> str:
        """1, 2, … in the order of the texts; 0 for no value, and for one that came in after they were read."""
        text = f"toString({text_sql(self.name, 'event', values)})"
        code = coded_sql(text, self.texts, range(1, len(self.texts) + 1), 0, values)
        if not self.elsewhere:
            return code
        return f"if(event in {values.texts(list(self.elsewhere))}, 0, {code})"


@dataclass(frozen=True, slots=True)
class Carried:
    """How many persons of the group and of the others carry each text most often."""

    group: Sequence[int]
    rest: Sequence[int]


def favourites(
    sides: Sides, properties: Sequence[Property], blocks: Sequence[Block]
) -> Iterator[tuple[Property, Carried]]:
    """Of equally frequent values the last in the order of text counts."""
    members = _members(sides)
    for pack in packs(properties):
        counts = [np.zeros((2, len(each.texts) + 1), np.int64) for each in pack]
        for block in blocks:
            person, code, times = _counted(sides, pack, block)
            inside = np.isin(person, members, assume_unique=False)
            for each, count in zip(pack, counts, strict=True):
                mine = code & ((1 << each.bits) - 1)
                code = code >> each.bits
                whose, favourite = _most_frequent(person, mine, times, inside)
                np.add.at(count, (1 - whose, favourite), 1)
        for each, count in zip(pack, counts, strict=True):
            yield each, Carried(*count[:, 1:].tolist())


def packs(properties: Sequence[Property]) -> list[list[Property]]:
    """Properties that are counted together. Those of a device change little, so that few combinations of them occur;
    those that only some events carry occur one at a time; a page is another with every event."""
    apart: list[list[Property]] = []
    open_: dict[bool, list[Property]] = {}
    for each in properties:
        field = BY_NAME.get(each.name)
        if field is not None and not field.low_cardinality:
            apart.append([each])
            continue
        pack = open_.setdefault(field is not None, [])
        if sum(one.bits for one in pack) + each.bits > _BITS:
            apart.append(pack)
            pack = open_[field is not None] = []
        pack.append(each)
    return [*open_.values(), *apart]


def blocks_of(sides: Sides) -> list[Block]:
    """Blocks of persons, each with at most about `ROWS_AT_ONCE` events."""
    values = sides.scope.values()
    rows = sides.rows("events", values, sides.pieces(values))[0]["events"]
    count = int(rows // ROWS_AT_ONCE) + 1
    return [(which, count) for which in range(count)]


def block_sql(sides: Sides, block: Block, values: Values) -> str:
    which, count = (values.whole(each) for each in block)
    return "1" if block == (0, 1) else f"{sides.scope.person} % {count} = {which}"


def _members(sides: Sides) -> Ints:
    values = sides.scope.values()
    pieces = {"whole": values.identifier(sides.group.name)}
    found: Ints = (
        sides.scope.ask(statement(SQL / "anyone.sql", pieces), values).column(0).to_numpy()
    )
    return found


def _counted(sides: Sides, pack: Sequence[Property], block: Block) -> tuple[Ints, Ints, Ints]:
    """Person, number and how often, one place for each pair that occurs."""
    values = sides.scope.values()
    shift, codes = 0, []
    for each in pack:
        codes.append(f"bitShiftLeft(toUInt64({each.code_sql(values)}), {shift})")
        shift += each.bits
    pieces = {
        **sides.pieces(values),
        "code": " + ".join(codes),
        "block": block_sql(sides, block, values),
    }
    table = sides.scope.ask(statement(SQL / "carried.sql", pieces), values)
    person, code, times = (
        table.column(name).to_numpy().astype(np.int64) for name in ("who", "code", "times")
    )
    return person, code, times


def _most_frequent(person: Ints, code: Ints, times: Ints, inside: Ints) -> tuple[Ints, Ints]:
    """Of each person who carries any value: which side, and the code of the most frequent one."""
    held = np.flatnonzero(code)
    person, code, times, inside = (each[held] for each in (person, code, times, inside))
    bits = int(code.max(initial=0)).bit_length()
    pairs = person << bits | code
    order = np.argsort(pairs)
    first = np.flatnonzero(begins(pairs[order]))
    sums = np.add.reduceat(times[order], first) if len(first) else times
    chosen = order[first]
    person, code, inside = person[chosen], code[chosen], inside[chosen]
    first = np.flatnonzero(begins(person))
    best = np.maximum.reduceat(sums << bits | code, first) if len(first) else code
    return inside[first].astype(np.int64), best & ((1 << bits) - 1)
