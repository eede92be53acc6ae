"""Changes of identity and profile as they reach the engine: the one place that copies both."""

from __future__ import annotations

import pyarrow as pa

from userops.events import profiles
from userops.events.engine import Engine
from userops.events.identity import Forest
from userops.events.persons import MOVES, reload_persons
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
        reload_persons(engine, forest.product)
