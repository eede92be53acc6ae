"""Changes of identity and profile as they reach the engine: the one place that copies both.

Who is who is read from a dictionary in memory. Loading it anew takes as long as there are merges, so a few
moves since it was loaded travel beside each question instead (`Moves`), and it is loaded once they are many.
"""

from __future__ import annotations

import threading

import pyarrow as pa

from userops.events import profiles
from userops.events.engine import Engine
from userops.events.identity import Forest
from userops.events.rollups import touching as rollups


def mirror(
    engine: Engine,
    forest: Forest,
    changed: set[int],
    version: int,
    saved: dict[int, profiles.Properties] | None = None,
) -> None:
    """Copy to the engine who the moved uids are now, and the profiles of all persons concerned.

    `changed` are uids whose own profile has changed; for `saved` see `profiles.mirror`. Call after
    `forest.save()`, within the transaction that records `version` as done.
    """
    if changed:
        rollups.changed(forest.product)
    if forest.moved:
        _mirror_persons(engine, forest, version)
    touched = forest.moved | changed
    roots = {forest.root(uid) for uid in touched}
    gone = {uid for uid in forest.moved if forest.root(uid) != uid}
    profiles.mirror(engine, forest, roots, gone, version, saved)


def _mirror_persons(engine: Engine, forest: Forest, version: int) -> None:
    uids = sorted(forest.moved)
    count = len(uids)
    persons = [forest.root(uid) for uid in uids]
    engine.insert(
        "people",
        pa.table(
            {
                "product": pa.array([forest.product] * count, pa.uint32()),
                "uid": pa.array(uids, pa.uint32()),
                "person": pa.array(persons, pa.uint32()),
                "version": pa.array([version] * count, pa.uint64()),
                "batch": pa.array([version] * count, pa.uint64()),
            }
        ),
    )
    rollups.touch_users(engine, forest.product, uids)
    if not MOVES.note(engine, forest.product, dict(zip(uids, persons, strict=True))):
        reload_persons(engine)


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
