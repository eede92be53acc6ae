"""Rows about users, many at a time: their profiles, and which ids are one person.

Setting and merging twice is as doing it once: a run that stopped on the way is simply carried out again.
"""

from __future__ import annotations

from collections.abc import Sequence

import orjson
import polars as pl

from userops.events import people, profiles
from userops.events.identity import Forest, resolve
from userops.events.importers.converting import REFUSED_SCHEMA
from userops.events.importers.mapping import Mapping
from userops.events.profiles import Properties
from userops.events.store import Store

BATCH = 20_000
"""Rows applied at once: so few that live events pass between."""
CONFLICT = "identity_conflict"
Row = tuple[int, str, str]
"""Number in the file, sender id, properties as JSON text."""


def apply(store: Store, product: int, mapping: Mapping, rows: Sequence[Row]) -> pl.DataFrame:
    """Apply rows in their order; answers those that are refused (`converting.REFUSED_SCHEMA`)."""
    if mapping.identities:
        return _merge(store, product, mapping, rows)
    _set(store, product, rows)
    return pl.DataFrame(schema=REFUSED_SCHEMA)


def _set(store: Store, product: int, rows: Sequence[Row]) -> None:
    given = [(name, orjson.loads(text)) for _, name, text in rows]
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


def _merge(store: Store, product: int, mapping: Mapping, rows: Sequence[Row]) -> pl.DataFrame:
    pairs = [(row, known, orjson.loads(text)["anonymous_id"]) for row, known, text in rows]
    refused = []
    with store.batches.begin() as batch:
        uids = resolve(product, [name for _, *both in pairs for name in both])
        forest = Forest(product)
        forest.load(uids.values())
        for row, known, anonymous in pairs:
            if not forest.identify(uids[known], uids[anonymous]):
                raw = orjson.dumps({mapping.user: known, mapping.anonymous: anonymous}).decode()
                refused.append((row, CONFLICT, f"{known} / {anonymous}", raw))
        forest.save()
        people.mirror(store.engine, forest, set(), batch)
    return pl.DataFrame(refused, schema=REFUSED_SCHEMA, orient="row")
