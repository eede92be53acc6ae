"""Profiles from a file, many at a time. Setting twice is as setting once: a run that stopped on the way is
simply carried out again."""

from __future__ import annotations

from collections.abc import Sequence

import orjson

from userops.events import people, profiles
from userops.events.identity import Forest, resolve
from userops.events.profiles import Properties
from userops.events.store import Store

BATCH = 20_000
"""Profiles set at once: so few that live events pass between."""


def set_profiles(store: Store, product: int, rows: Sequence[tuple[str, str]]) -> None:
    """`rows`: sender id and properties as JSON text, in the order in which they apply."""
    given = [(name, orjson.loads(text)) for name, text in rows]
    with store.batches.begin() as batch:
        uids = resolve(product, [name for name, _ in given])
        forest = Forest(product)
        forest.load(uids.values())
        roots = {name: forest.root(uid) for name, uid in uids.items()}
        own: dict[int, Properties] = profiles.load(product, set(roots.values()))
        for name, properties in given:
            root = roots[name]
            own[root] = {**own.get(root, {}), **properties}
        profiles.save(product, own)
        people.mirror(store.engine, forest, set(own), batch, own)
        store.ingest.catalogue.note_properties(product, "user", (each for _, each in given))
