"""Changes of identity and profile as they reach the engine: the one place that copies both."""

from __future__ import annotations

import pyarrow as pa

from userops.events import profiles
from userops.events.engine import Engine
from userops.events.identity import Forest


def mirror(engine: Engine, forest: Forest, changed: set[int], version: int) -> None:
    """Copy to the engine who the moved uids are now, and the profiles of all persons concerned.

    `changed` are uids whose own profile has changed. Call after `forest.save()`, within the
    transaction that records `version` as done.
    """
    if forest.moved:
        _mirror_persons(engine, forest, version)
    touched = forest.moved | changed
    roots = {forest.root(uid) for uid in touched}
    gone = {uid for uid in forest.moved if forest.root(uid) != uid}
    profiles.mirror(engine, forest, roots, gone, version)


def _mirror_persons(engine: Engine, forest: Forest, version: int) -> None:
    uids = sorted(forest.moved)
    count = len(uids)
    engine.insert(
        "people",
        pa.table(
            {
                "product": pa.array([forest.product] * count, pa.uint32()),
                "uid": pa.array(uids, pa.uint32()),
                "person": pa.array([forest.root(uid) for uid in uids], pa.uint32()),
                "version": pa.array([version] * count, pa.uint64()),
                "batch": pa.array([version] * count, pa.uint64()),
            }
        ),
    )
    reload_persons(engine)


def reload_persons(engine: Engine) -> None:
    """Make questions see the persons as they are in `people` now."""
    engine.command("system reload dictionary person_of")
