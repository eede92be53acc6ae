"""What is known about each person, and its copy in the engine.

A change goes to the profile of the uid that is the person's root at that moment. A person's profile
joins those of all its uids; where two say different things, the root's own word counts, then that of
the uid merged first. Undoing a merge gives each side its own profile back.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

import orjson
import pyarrow as pa

from userops.events.columns import json_of
from userops.events.engine import Engine
from userops.events.identity import Forest, chunks
from userops.events.models import Profile
from userops.events.records import ProfileChange
from userops.events.writing import insert_rows, moment

Properties = dict[str, Any]
MAX_LIST = 1_000
"""Items of a list that `append` fills; more are dropped, or a profile would grow for ever."""
_WHOLE = range(-(2**63), 2**63)


def apply(properties: Properties, change: ProfileChange) -> Properties:
    """The properties after one change. Values that do not fit an operation leave them as they are."""
    return _OPERATIONS[change.operation](properties, change.properties)


def _increment(old: Properties, by: Properties) -> Properties:
    sums = {
        key: old.get(key, 0) + value
        for key, value in by.items()
        if _is_number(value) and _is_number(old.get(key, 0))
    }
    # beyond what the databases can hold a sum stays as it was
    return {**old, **{key: each for key, each in sums.items() if _fits(each)}}


def _append(old: Properties, more: Properties) -> Properties:
    longer = {}
    for key, value in more.items():
        have = old.get(key, [])
        have = have if isinstance(have, list) else [have]
        added = value if isinstance(value, list) else [value]
        longer[key] = [*have, *(each for each in added if each not in have)][:MAX_LIST]
    return {**old, **longer}


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _fits(number: float) -> bool:
    return math.isfinite(number) if isinstance(number, float) else number in _WHOLE


_OPERATIONS: dict[str, Callable[[Properties, Properties], Properties]] = {
    "set": lambda old, new: {**old, **new},
    "set_once": lambda old, new: {**new, **old},
    "unset": lambda old, new: {key: value for key, value in old.items() if key not in new},
    "increment": _increment,
    "append": _append,
    "delete": lambda old, new: {},
}


def load(product: int, uids: Iterable[int]) -> dict[int, Properties]:
    """The own properties of these uids; uids without any are left out."""
    found: dict[int, Properties] = {}
    for chunk in chunks(uids):
        rows = Profile.objects.filter(product=product, uid__among=chunk)
        found.update(rows.values_list("uid", "properties"))
    return found


def save(product: int, profiles: dict[int, Properties]) -> None:
    now = moment(datetime.now(UTC))
    rows = (
        (product, uid, orjson.dumps(properties).decode(), now)
        for uid, properties in profiles.items()
    )
    columns = ("product", "uid", "properties", "updated")
    insert_rows(Profile, columns, rows, unique=("product", "uid"))


def joined(members: list[int], own: dict[int, Properties]) -> Properties:
    """The profile of a person from those of its uids, root first."""
    properties: Properties = {}
    for uid in members:
        properties = {**own.get(uid, {}), **properties}
    return properties


def of_person(product: int, members: list[int]) -> Properties:
    """The profile of the person that has these uids, root first."""
    return joined(members, load(product, members))


def mirror(
    engine: Engine,
    forest: Forest,
    roots: set[int],
    gone: set[int],
    version: int,
    saved: dict[int, Properties] | None = None,
) -> None:
    """Copy the profiles of persons to the engine; `gone` are uids that are no persons any more. `saved`:
    own properties of some uids that need not be loaded."""
    members = {root: forest.members(root) for root in roots}
    own = dict(saved or {})
    unknown = [uid for uids in members.values() for uid in uids if uid not in own]
    own |= load(forest.product, unknown)
    rows = {root: joined(uids, own) for root, uids in members.items()}
    persons = [*rows, *gone]
    if not persons:
        return
    count = len(persons)
    engine.insert(
        "profiles",
        pa.table(
            {
                "product": pa.array([forest.product] * count, pa.uint32()),
                "person": pa.array(persons, pa.uint32()),
                "version": pa.array([version] * count, pa.uint64()),
                "batch": pa.array([version] * count, pa.uint64()),
                "gone": pa.array([0] * len(rows) + [1] * len(gone), pa.uint8()),
                "props": [json_of(each).decode() for each in rows.values()] + ["{}"] * len(gone),
            }
        ),
    )
