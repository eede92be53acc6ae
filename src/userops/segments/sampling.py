"""Some users of a product, of whom alone a question reads the events.

Numbers of users are dense and events lie in their order, so a run of numbers is a few pieces of each event's
rows. All numbers are divided into strata of equal length, and of each stratum two runs are taken at random.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from random import Random

from pyroaring import BitMap

from userops.query.scope import Scope
from userops.query.sql import Values, any_of, statement

SQL = Path(__file__).parent / "sql"
STRATA = 16
SEED = 1
LEAST = 1_000_000
"""Fewer users are counted as they are: their events are read in about a second."""
ONE_IN = 16
"""Users, of whom one is taken."""

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


def sample_of(users: int) -> Sample | None:
    """A sample of the numbers below `users`, the same each time; None where they are few."""
    if users < LEAST:
        return None
    length = users // (ONE_IN * STRATA * 2)
    of = -(-users // (STRATA * length))
    dice = Random(SEED)  # noqa: S311 - a sample keeps no secret
    pairs = []
    for stratum in range(STRATA):
        begin = stratum * of * length
        first, second = (begin + at * length for at in sorted(dice.sample(range(of), 2)))
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
