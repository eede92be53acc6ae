"""A set of persons that questions can refer to: kept in the engine while they are asked, however large.

A set of millions is no text to send with each statement. It stands in a table in memory that has a name
of its own and goes when the asking ends; what a crash leaves behind is empty and swept at the next start.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import uuid4

import pyarrow as pa

from userops.events.engine import Engine

PREFIX = "person_set_"


@dataclass(frozen=True, slots=True)
class PersonSet:
    """`name`: of a table with one column, `person`."""

    name: str
    size: int


@contextmanager
def held(engine: Engine, persons: Sequence[int]) -> Iterator[PersonSet]:
    """Keeps persons in the engine."""
    name = f"{PREFIX}{uuid4().hex}"  # ours alone: nothing from outside is in it
    engine.command(f"create table {name} (person UInt32) engine = Memory")
    try:
        if len(persons):
            engine.insert(name, pa.table({"person": pa.array(persons, pa.uint32())}))
        yield PersonSet(name, len(persons))
    finally:
        engine.command(f"drop table if exists {name} sync")


def sweep(engine: Engine) -> None:
    """Drops what a crash left behind. Only for an engine that nobody else uses."""
    sql = "select name from system.tables where database = currentDatabase() and startsWith(name, {prefix:String})"
    for (name,) in engine.rows(sql, {"prefix": PREFIX}):
        engine.command("drop table if exists {name:Identifier} sync", {"name": name})
