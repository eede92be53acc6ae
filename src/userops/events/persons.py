"""Who is behind a row of `events`, as questions see it.

Who is who is read from a dictionary in memory. Loading it anew takes as long as there are merges, so a few
moves since it was loaded travel beside each question instead (`Moves`), and it is loaded once they are many.
"""

from __future__ import annotations

import threading

from userops.events.engine import Engine


def reload_persons(engine: Engine) -> None:
    """Make questions see the persons as they are in `people` now."""
    engine.command("system reload dictionary person_of")
    MOVES.forget(engine)


class Moves:
    """Who has moved since the dictionary was loaded, by engine and product. Thread-safe."""

    def __init__(self, most: int = 2_000):
        self.most = most
        self._moves: dict[tuple[str, int], dict[int, int]] = {}
        self._lock = threading.Lock()

    def note(self, engine: Engine, product: int, moves: dict[int, int]) -> bool:
        """Remember these; False when they are too many, or when other processes ask this engine too
        and could not know of them."""
        with self._lock:
            here = self._moves.get((engine.dsn, product), {})
            if not engine.embedded or len(here) + len(moves) > self.most:
                return False
            # a question may hold the old one
            self._moves[engine.dsn, product] = here | moves
            return True

    def of(self, engine: Engine, product: int) -> dict[int, int]:
        return self._moves.get((engine.dsn, product), {})

    def forget(self, engine: Engine) -> None:
        with self._lock:
            self._moves = {key: each for key, each in self._moves.items() if key[0] != engine.dsn}


MOVES = Moves()


def person_sql(engine: Engine, product: int, *, merged: bool) -> tuple[str, dict[str, list[int]]]:
    """The SQL expression for the person behind a row of `events`, and the parameters that it needs."""
    if not merged:
        return "uid", {}
    key = "bitShiftLeft(toUInt64(product), 32) + uid"
    loaded = f"dictGetOrDefault('person_of', 'person', {key}, uid)"
    moves = MOVES.of(engine, product)
    if not moves:
        return loaded, {}
    sql = f"transform(uid, {{moved:Array(UInt32)}}, {{moved_to:Array(UInt32)}}, {loaded})"
    return sql, {"moved": list(moves), "moved_to": list(moves.values())}
