"""Who is behind a row of `events`, as questions see it.

Who is who is read from a dictionary in memory, one for each product, since users are dense numbers only within a
product: an array of them is read ten times faster than a table of hashes. Loading it anew takes as long as there are
merges, so a few moves since it was loaded travel beside each question instead (`Moves`), and it is loaded once they
are many.
"""

from __future__ import annotations

import threading
from pathlib import Path

from userops.events import schema
from userops.events.engine import Engine

_DICTIONARY = Path(__file__).with_name("person_of.sql")


def reload_persons(engine: Engine, product: int) -> None:
    """Make questions see the persons of a product as they are in `people` now."""
    _create(engine, product)
    engine.command(f"system reload dictionary {_name(product)}")
    MOVES.loaded(engine, product)


def prepare(engine: Engine) -> None:
    """Have a dictionary of every product with merges; each is loaded when it is first asked."""
    there = "select name from system.tables where database = currentDatabase() and engine = 'Dictionary'"
    made = {str(name) for (name,) in engine.rows(there)}
    for (product,) in engine.rows("select distinct product from people"):
        if _name(product) not in made:
            _create(engine, product)
        MOVES.loaded(engine, product)


def _create(engine: Engine, product: int) -> None:
    pieces = {"name": _name(product), "product": str(int(product))}
    for statement in schema.statements(_DICTIONARY, engine, pieces):
        engine.command(statement)


def _name(product: int) -> str:
    return f"person_of_{int(product)}"


class Moves:
    """Who has moved since the dictionary was loaded, by engine and product. Thread-safe."""

    def __init__(self, most: int = 2_000):
        self.most = most
        self._moves: dict[tuple[str, int], dict[int, int]] = {}
        self._lock = threading.Lock()

    def note(self, engine: Engine, product: int, moves: dict[int, int]) -> bool:
        """Remember these; False when they are too many, when the product has no dictionary yet, or when
        other processes ask this engine too and could not know of them."""
        with self._lock:
            here = self._moves.get((engine.dsn, product))
            if here is None or not engine.embedded or len(here) + len(moves) > self.most:
                return False
            # a question may hold the old one
            self._moves[engine.dsn, product] = here | moves
            return True

    def of(self, engine: Engine, product: int) -> dict[int, int]:
        return self._moves.get((engine.dsn, product), {})

    def loaded(self, engine: Engine, product: int) -> None:
        """The dictionary is there, and holds all of them."""
        with self._lock:
            self._moves[engine.dsn, product] = {}


MOVES = Moves()


def person_sql(engine: Engine, product: int, *, merged: bool) -> tuple[str, dict[str, list[int]]]:
    """The SQL expression for the person behind a row of `events`, and the parameters that it needs."""
    if not merged:
        return "uid", {}
    loaded = f"bitXor(uid, dictGet('{_name(product)}', 'change', toUInt64(uid)))"
    moves = MOVES.of(engine, product)
    if not moves:
        return loaded, {}
    sql = f"transform(uid, {{moved:Array(UInt32)}}, {{moved_to:Array(UInt32)}}, {loaded})"
    return sql, {"moved": list(moves), "moved_to": list(moves.values())}
