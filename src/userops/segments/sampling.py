"""Some users of a product, of whom alone a question reads the events.

Numbers of users are dense and events lie in their order, so a run of numbers is a few pieces of each event's
rows. All numbers are divided into strata of equal length, and of each stratum two runs are taken at random, the one
as far from its begin as the other from its end, so that what rises or falls with the number of users is met in the
middle: of many events few runs, since each piece of each event costs.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from random import Random

from pyroaring import BitMap

from userops.query.scope import Scope
from userops.query.sql import Values, any_of, statement

SQL = Path(__file__).parent / "sql"
SEED = 1
LEAST = 1_000_000
"""Fewer users are counted as they are: their events are read in about a second."""


@dataclass(frozen=True)
class Shape:
    """Strata, and users of whom one is taken."""

    strata: int = 16
    one_in: int = 16


USUAL, OF_MANY_EVENTS = Shape(), Shape(4, 64)
MANY = 8


def shape_of(events: int) -> Shape:
    """The sample for conditions that name so many events; 0: all."""
    return USUAL if 0 < events <= MANY else OF_MANY_EVENTS


Run = tuple[int, int]
"""The first number, and the one after the last."""


@dataclass(frozen=True)
class Sample:
    """Two runs of each stratum; `of` is how many runs a stratum has, `length` how many numbers a run. Runs
    begin at multiples of their length."""

    runs: tuple[tuple[Run, Run], ...]
    of: int
    length: int

    def every(self) -> list[Run]:
        return [run for pair in self.runs for run in pair]

    def persons(self) -> BitMap:
        found = BitMap()
        for first, after in self.every():
            found.add_range(first, after)
        return found


def sample_of(users: int, shape: Shape = USUAL) -> Sample | None:
    """A sample of the numbers below `users`, the same each time; None where they are few."""
    if users < LEAST:
        return None
    length = users // (shape.one_in * shape.strata * 2)
    of = -(-users // (shape.strata * length))
    dice = Random(SEED)  # noqa: S311 - a sample keeps no secret
    pairs = []
    for stratum in range(shape.strata):
        begin = stratum * of * length
        at = dice.randrange(of // 2)
        first, second = (begin + place * length for place in (at, of - 1 - at))
        pairs.append(((first, first + length), (second, second + length)))
    return Sample(tuple(pairs), of, length)


@dataclass(frozen=True)
class SampledScope(Scope):
    """A scope whose conditions on events may answer of the persons in `sample` alone."""

    sample: Sample = Sample((), 0, 1)


def in_sample(scope: Scope, sample: Sample) -> SampledScope:
    given = {each.name: getattr(scope, each.name) for each in fields(Scope)}
    return SampledScope(**given, sample=sample)


def sampled(scope: Scope) -> str:
    """What tells answers of a sample from those of everybody, in the key under which they are kept."""
    return f" of some {scope.sample.runs}" if isinstance(scope, SampledScope) else ""


def within_sql(scope: Scope, values: Values) -> str:
    """The rows of events of the persons in the sample; `1` where there is none."""
    if not isinstance(scope, SampledScope):
        return "1"
    runs, length = scope.sample.every(), values.whole(scope.sample.length)
    numbers = values.add([first // scope.sample.length for first, _after in runs], "Array(UInt32)")
    bounds = [(values.whole(first), values.whole(after)) for first, after in runs]
    # the index of the rows needs ranges; the rows are told apart by one look at a set
    spans = any_of([f"uid >= {first} and uid < {after}" for first, after in bounds])

    def inside(number: str) -> str:
        return f"has({numbers}, toUInt32(intDiv({number}, {length})))"

    if not scope.merged:
        return f"indexHint({spans}) and {inside('uid')}"
    pieces = {"numbers": inside("uid"), "merged": inside("person"), "persons": inside(scope.person)}
    return statement(SQL / "within.sql", pieces)
